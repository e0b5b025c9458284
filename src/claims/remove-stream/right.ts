import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [pc, stream] = [createPeer(), media()];
  const senders = stream.getTracks().map((track) => pc.addTrack(track, stream));
  for (const sender of senders) pc.removeTrack(sender);
  const left = pc.getSenders().filter(({ track }) => track);
  return Promise.resolve(`The senders have ${left.length} tracks left.`);
}
