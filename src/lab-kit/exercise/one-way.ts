import type { Play } from './define.ts';

/**
 * alice calls bob: offer, answer and candidates, for exercises that are about something else.
 *
 * @param prepare puts on alice's connection what is to be negotiated
 * @returns both connections, when bob's answer is set
 */
export async function callOneWay(
  { tools }: Pick<Play<unknown>, 'tools'>,
  prepare: (alice: RTCPeerConnection, bob: RTCPeerConnection) => void | Promise<void>,
): Promise<{ readonly alice: RTCPeerConnection; readonly bob: RTCPeerConnection }> {
  const alice = tools.createPeer('alice');
  const bob = tools.createPeer('bob');
  const answered = Promise.withResolvers<void>();
  for (const [pc, self, other] of [
    [alice, 'alice', 'bob'],
    [bob, 'bob', 'alice'],
  ] as const) {
    const channel = tools.signaling(self);
    pc.addEventListener('icecandidate', ({ candidate }) => void channel.send(other, { candidate }));
    channel.receive(async (_, signal) => {
      if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
      await pc.setRemoteDescription(signal.description);
      if (signal.description.type === 'answer') return answered.resolve();
      await pc.setLocalDescription();
      await channel.send(other, { description: pc.localDescription });
    });
  }
  await prepare(alice, bob);
  await alice.setLocalDescription();
  await tools.signaling('alice').send('bob', { description: alice.localDescription });
  await answered.promise;
  return { alice, bob };
}
