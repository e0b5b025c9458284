import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [sends, receives] = [createPeer(), createPeer()];
  const stream = media();
  for (const track of stream.getTracks()) sends.addTrack(track, stream);
  const streams: (readonly MediaStream[])[] = [];
  receives.addEventListener('track', (event) => streams.push(event.streams));
  await sends.setLocalDescription();
  await receives.setRemoteDescription(sends.localDescription!);
  const isSame = streams[0]?.[0] === streams[1]?.[0];
  return `event.streams.length: ${streams.map(({ length }) => length).join(' and ')}, the same stream: ${isSame}`;
}
