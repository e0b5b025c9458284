import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media }: ClaimTools): Promise<string> {
  const [track] = media().getVideoTracks();
  if (!track) return 'no track';
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  const { value: frame } = await reader.read();
  frame?.close();
  await reader.cancel();
  return 'A frame was handed out.';
}
