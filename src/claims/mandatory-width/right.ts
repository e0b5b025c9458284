import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ signal }: ClaimTools): Promise<string> {
  // No camera is so wide.
  const wish = { video: { width: { min: 99999 } } };
  try {
    const stream = await navigator.mediaDevices.getUserMedia(wish);
    const [track] = stream.getVideoTracks();
    signal.addEventListener('abort', () => track?.stop());
    return `A camera opened, ${track?.getSettings().width} pixels wide.`;
  } catch (error) {
    const { name, message, constraint } = error as OverconstrainedError;
    return `${name}: ${constraint ?? message}`;
  }
}
