import { afterEach, expect, test } from 'vitest';
import { PeerId } from '../../protocol/signaling.ts';
import { openSyntheticMedia } from '../media/synthetic.ts';
import type { Signal } from '../signaling/signaling.ts';
import { noTracks, type Tracks } from './engine.ts';
import { MeshLink } from './link.ts';

const end = { controller: new AbortController() };
afterEach(() => {
  end.controller.abort();
  end.controller = new AbortController();
});

/** Both ends of a link; signals cross in order and one task later. `offers`: who makes the first offer. */
function pair(offers: readonly ('alice' | 'bob')[] = ['alice']) {
  const { signal } = end.controller;
  const sent: { from: string; signal: Signal }[] = [];
  const tracks: Record<'alice' | 'bob', Tracks> = { alice: noTracks, bob: noTracks };
  const open = (self: 'alice' | 'bob', other: 'alice' | 'bob'): MeshLink =>
    new MeshLink({
      peer: PeerId.parse(other.padEnd(22, '-')),
      self,
      other,
      offers: offers.includes(self),
      signal,
      configuration: () => ({}),
      tracks: () => tracks[self],
      sends: () => tracks[other].camera !== null,
      post: (posted) => {
        const id = `${self}-${sent.push({ from: self, signal: posted })}`;
        setTimeout(() => (self === 'alice' ? bob : alice).receive(id, posted), 1);
        return { id, taken: Promise.resolve() };
      },
    });
  const alice = open('alice', 'bob');
  const bob = open('bob', 'alice');
  const offersSent = () =>
    sent.filter(({ signal: crossed }) => 'description' in crossed && crossed.description.type === 'offer')
      .length;
  const send = async (who: 'alice' | 'bob', wanted: Tracks) => {
    tracks[who] = wanted;
    await (who === 'alice' ? alice : bob).send(wanted);
  };
  return { alice, bob, send, offersSent };
}

const connected = async (...links: MeshLink[]) => {
  for (const link of links)
    await expect.poll(() => link.pc.connectionState, { timeout: 20_000 }).toBe('connected');
};

/** How many frames have been decoded of a source. */
async function framesOf(link: MeshLink, source: 'camera' | 'screen'): Promise<number> {
  const index = source === 'camera' ? 1 : 2;
  const report = await link.pc.getTransceivers()[index]?.receiver.getStats();
  const inbound = [...(report?.values() ?? [])].find(({ type }) => type === 'inbound-rtp');
  return (inbound as { framesDecoded?: number } | undefined)?.framesDecoded ?? 0;
}

const untilFrames = async (link: MeshLink, source: 'camera' | 'screen' = 'camera') => {
  const before = await framesOf(link, source);
  await expect.poll(() => framesOf(link, source), { timeout: 20_000 }).toBeGreaterThan(before + 2);
};

function picture(peer: string): MediaStreamTrack {
  const [track] = openSyntheticMedia({
    peer,
    signal: end.controller.signal,
    audio: false,
  }).stream.getVideoTracks();
  if (!track) throw new Error('no picture');
  return track;
}

test('pictures come, change and go without another offer, and two screens at once collide with nothing', async () => {
  const { alice, bob, send, offersSent } = pair();
  await connected(alice, bob);
  expect(offersSent()).toBe(1);
  await send('alice', { ...noTracks, camera: picture('alice') });
  await send('bob', { ...noTracks, camera: picture('bob') });
  await untilFrames(bob);
  await untilFrames(alice);
  await Promise.all([
    send('alice', { ...noTracks, screen: picture('alice') }),
    send('bob', { ...noTracks, screen: picture('bob') }),
  ]);
  await untilFrames(alice, 'screen');
  await untilFrames(bob, 'screen');
  expect(offersSent()).toBe(1);
  expect(alice.tracks.screen?.kind).toBe('video');
});

test('words cross, and a restart of ICE by both at once keeps the picture', async () => {
  const { alice, bob, send } = pair();
  await expect.poll(() => alice.line.isOpen && bob.line.isOpen, { timeout: 20_000 }).toBe(true);
  const heard: unknown[] = [];
  bob.line.on('message', (message) => heard.push(message));
  expect(alice.line.send({ text: 'hello' })).toBe(true);
  await expect.poll(() => heard).toEqual([{ text: 'hello' }]);
  await send('alice', { ...noTracks, camera: picture('alice') });
  await untilFrames(bob);
  const ufrag = () => /a=ice-ufrag:(\S+)/.exec(alice.pc.localDescription?.sdp ?? '')?.[1];
  const before = ufrag();
  alice.restart();
  bob.restart();
  await expect.poll(ufrag).not.toBe(before);
  await untilFrames(bob);
  await connected(alice, bob);
  // The path held all the while: no state of the connection says that the restart is over, its answer does.
  await expect
    .poll(() => [alice.state.is, bob.state.is], { timeout: 5_000 })
    .toEqual(['connected', 'connected']);
});

test('while signals do not reach the other end nothing is tried, and what was asked for is done as soon as they do', async () => {
  const { alice, bob, offersSent } = pair();
  await connected(alice, bob);
  alice.setReachable(false);
  alice.restart();
  expect([alice.state.is, offersSent()]).toEqual(['connected', 1]);
  alice.setReachable(true);
  expect(alice.state.is).toBe('restarting');
  await expect.poll(() => alice.state.is, { timeout: 5_000 }).toBe('connected');
  expect(offersSent()).toBe(2);
});

test.for([['alice'], ['bob'], ['alice', 'bob']] as const)(
  'a new connection takes the place of the old one: %s begins',
  async (beginners) => {
    const { alice, bob, send } = pair();
    await connected(alice, bob);
    await send('alice', { ...noTracks, camera: picture('alice') });
    await send('bob', { ...noTracks, camera: picture('bob') });
    const before = [alice.pc, bob.pc];
    for (const link of [alice, bob]) if (beginners.some((name) => name === link.self)) link.rebuild();
    await expect
      .poll(() => before.includes(alice.pc) || before.includes(bob.pc), { timeout: 20_000 })
      .toBe(false);
    await connected(alice, bob);
    await untilFrames(alice);
    await untilFrames(bob);
    for (const old of before) expect(old.signalingState).toBe('closed');
    await expect.poll(() => alice.line.isOpen && bob.line.isOpen).toBe(true);
  },
);
