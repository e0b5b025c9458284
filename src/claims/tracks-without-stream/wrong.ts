import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [sends, receives] = [createPeer(), createPeer()];
  for (const track of media().getTracks()) sends.addTrack(track);
  const streams: (readonly MediaStream[])[] = [];
  receives.addEventListener('track', (event) => streams.push(event.streams));
  await sends.setLocalDescription();
  await receives.setRemoteDescription(sends.localDescription!);
  return `event.streams.length: ${streams.map(({ length }) => length).join(' and ')}`;
}
