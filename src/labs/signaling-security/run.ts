import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';
import type { SignalHandler } from '../../rtc/signaling/signaling.ts';
import { swapFingerprint } from './words.ts';

export type Controls = { server: 'honest' | 'swaps' | 'mallory' };

/** alice calls bob. What becomes of their messages is the server's choice. */
export async function run(bench: Bench<Controls>): Promise<void> {
  if (bench.controls.server === 'mallory') sitBetween(bench);
  const callers = bench.seats.filter(({ self }) => self === 'alice' || self === 'bob');
  await Promise.all(callers.map((seat) => call(bench, seat)));
}

/** The code of both callers. Nothing in it depends on what the server does. */
async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const server = serverFor(bench, self, other);
  const stream = await bench.openMedia(self);
  const pc = openPeer(self, bench);
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));
  pc.addEventListener('icecandidate', ({ candidate }) => void server.send({ candidate }));

  server.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription();
    await server.send({ description: pc.localDescription! });
  });

  if (offers) {
    await pc.setLocalDescription();
    await server.send({ description: pc.localDescription! });
  }
  await connected(pc, bench).catch(() => {}); // [1]
}

type Outgoing = { description: RTCSessionDescriptionInit } | { candidate: RTCIceCandidate | null };

/** The server as one caller sees it: a message for the other one goes in, and theirs come out. */
function serverFor(bench: Bench<Controls>, self: string, other: string) {
  const channel = bench.signaling(self);
  const { server } = bench.controls;
  const reaches = server === 'mallory' ? `fake-${other}` : other; // [2]
  return {
    receive: (handler: SignalHandler) => channel.receive(handler),
    send: (message: Outgoing) =>
      channel.send(reaches, server === 'swaps' ? swapFingerprint(message) : message), // [3]
  };
}

/** Mallory works at the server. She is bob to alice, and alice to bob: two real connections, a call each. */
function sitBetween(bench: Bench<Controls>): void {
  const calls = { alice: openPeer('fake-bob', bench), bob: openPeer('fake-alice', bench) };
  const answer = half('bob', 'alice');
  const offer = half('alice', 'bob');

  function half(plays: 'alice' | 'bob', victim: 'alice' | 'bob') {
    const own = calls[victim];
    const channel = bench.signaling(`fake-${plays}`);
    own.addEventListener('track', ({ track, streams: [stream] }) => {
      bench.show(`fake-${plays}`, stream);
      calls[plays].addTrack(track, stream!); // [4]
    });
    own.addEventListener('icecandidate', ({ candidate }) => void channel.send(victim, { candidate }));
    const describe = async () => {
      await own.setLocalDescription(); // [5]
      await channel.send(victim, { description: own.localDescription });
    };
    channel.receive(async (_, signal) => {
      if ('candidate' in signal) return own.addIceCandidate(signal.candidate);
      await own.setRemoteDescription(signal.description);
      if (signal.description.type === 'offer') await offer();
      else await answer();
    });
    return describe;
  }
}
/*
[1] With a fingerprint that does not fit, DTLS fails: that is the outcome here, and no accident.
[2] Both callers write the other's name on their messages. Whom a message reaches, the server decides.
[3] Or it lets the message through and changes one thing in it: the certificate's hash.
[4] Decoded here, encoded again there: she sees and hears everything, and could change it.
[5] A description of her own, with the hash of her own certificate: the handshake of each call is flawless.
*/
