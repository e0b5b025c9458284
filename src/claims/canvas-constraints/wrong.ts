import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media }: ClaimTools): Promise<string> {
  const [track] = media().getVideoTracks(); // drawn on a canvas of 320 × 180
  try {
    await track!.applyConstraints({ width: 160, height: 90 });
    const { width, height } = track!.getSettings();
    return `The track is ${width} × ${height}.`;
  } catch (error) {
    const { name, constraint } = error as OverconstrainedError;
    return `${name}, constraint “${constraint}”`;
  }
}
