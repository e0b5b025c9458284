import type { Whip } from './whip.ts';

/** Publishes a stream; returns a function that ends it. */
export async function publish({ endpoint, createPeer, stream }: Whip): Promise<() => Promise<void>> {
  const pc = createPeer();
  for (const track of stream.getTracks())
    pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
  await pc.setLocalDescription();
  // What is posted to the endpoint, and what is done with the answer?
  console.log(endpoint, pc.localDescription?.type);
  return async () => pc.close();
}
