import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [pc, stream] = [createPeer(), media()];
  // @ts-expect-error: not in the standard
  // oxlint-disable-next-line typescript/no-unsafe-call -- that is the point
  pc.addStream(stream);
  // @ts-expect-error: nor is this
  // oxlint-disable-next-line typescript/no-unsafe-call -- that is the point
  pc.removeStream(stream);
  const left = pc.getSenders().filter(({ track }) => track);
  return Promise.resolve(`The senders have ${left.length} tracks left.`);
}
