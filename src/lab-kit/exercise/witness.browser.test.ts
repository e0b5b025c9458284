import { expect, test } from 'vitest';
import { openBench, seats } from '../../rtc/bench.fixture.ts';
import { openSyntheticMedia } from '../../rtc/media/synthetic.ts';
import { connected, openPeer } from '../../rtc/peer.ts';
import { Witness } from './witness.ts';

test('a witness reads frames from pixels and the tone from the spectrum, and is not told what to see', async () => {
  const bench = openBench({
    openMedia: (peer, signal) => Promise.resolve(openSyntheticMedia({ peer, signal }).stream),
  });
  const witness = new Witness(bench, {}, []);
  expect(witness.state('bob')).toBe('none');
  const stream = await bench.openMedia('alice');
  const pcs = seats.map(({ self, other, offers }) => {
    const signaling = bench.signaling(self);
    const pc = openPeer(self, bench);
    pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
    const describe = async () => {
      await pc.setLocalDescription();
      await signaling.send(other, { description: pc.localDescription });
    };
    signaling.receive(async (_, signal) => {
      if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
      await pc.setRemoteDescription(signal.description);
      if (signal.description.type === 'offer') await describe();
    });
    if (offers) {
      for (const track of stream.getTracks()) pc.addTrack(track, stream);
      void describe();
    }
    return pc;
  });
  // What code puts on a connection is not read.
  for (const pc of pcs) {
    Object.defineProperty(pc, 'getStats', { value: () => Promise.resolve(new Map()), configurable: true });
    await connected(pc, bench);
    Object.defineProperty(pc, 'connectionState', { value: 'failed' });
  }
  await expect.poll(() => witness.connected('bob'), { timeout: 5_000 }).toBe(true);
  await expect
    .poll(() => (witness.look(), witness.frames('bob').filter(({ peer }) => peer === 'alice').length), {
      timeout: 10_000,
    })
    .toBeGreaterThan(5);
  const numbers = witness.frames('bob').map(({ frame }) => frame);
  expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
  await expect.poll(() => Math.abs((witness.toneHz('bob') ?? 0) - 440), { timeout: 10_000 }).toBeLessThan(10);
  expect(witness.toneHz('alice')).toBeUndefined();
  expect(await witness.framesDecoded('bob')).toBeGreaterThan(5);
  expect(await witness.pair('bob')).toMatchObject({ local: expect.any(String), remote: expect.any(String) });
});
