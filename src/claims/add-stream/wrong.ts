import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const pc = createPeer();
  // @ts-expect-error: it is no longer in the standard
  const given: unknown = pc.addStream(media());
  return `addStream() gave ${String(given)}; the connection has ${pc.getSenders().length} senders`;
}
