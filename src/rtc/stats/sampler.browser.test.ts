import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSyntheticMedia } from '../media/synthetic.ts';
import type { StatsSample } from './sample.ts';
import { StatsSampler } from './sampler.ts';

let end: AbortController;
beforeEach(() => {
  end = new AbortController();
});
afterEach(() => end.abort());

test('a real call has its picture, tone and path in each sample, at little cost', async () => {
  const alice = new RTCPeerConnection();
  const bob = new RTCPeerConnection();
  end.signal.addEventListener('abort', () => (alice.close(), bob.close()));
  alice.addEventListener('icecandidate', ({ candidate }) => void bob.addIceCandidate(candidate));
  bob.addEventListener('icecandidate', ({ candidate }) => void alice.addIceCandidate(candidate));
  const { stream, resumeAudio } = openSyntheticMedia({ peer: 'alice', signal: end.signal });
  await resumeAudio();
  for (const track of stream.getTracks()) alice.addTrack(track, stream);
  const tookMs: number[] = [];
  const ask = bob.getStats.bind(bob);
  vi.spyOn(bob, 'getStats').mockImplementation(async () => {
    const startMs = performance.now();
    const report = await ask();
    tookMs.push(performance.now() - startMs);
    return report;
  });
  const samples: StatsSample[] = [];
  void new StatsSampler(bob, {
    intervalMs: 500,
    signal: end.signal,
    onSample: (sample) => samples.push(sample),
  });

  await alice.setLocalDescription();
  await bob.setRemoteDescription(alice.localDescription!);
  await bob.setLocalDescription();
  await alice.setRemoteDescription(bob.localDescription!);
  await vi.waitFor(() => expect(samples.length).toBeGreaterThanOrEqual(6), 8000);

  const { candidatePair, transport, inbound } = samples.at(-1)!;
  expect(candidatePair).toMatchObject({ local: { protocol: 'udp' }, receiveBitrateBps: expect.any(Number) });
  expect(transport).toMatchObject({
    dtlsState: 'connected',
    dtlsVersion: expect.stringMatching(/^DTLS 1\.[23]$/),
  });
  const video = inbound.find(({ kind }) => kind === 'video');
  expect(video).toMatchObject({ frameWidth: 320, frameHeight: 180, lossFraction: 0 });
  expect(video?.framesPerSecond).toBeGreaterThan(20);
  expect(inbound.find(({ kind }) => kind === 'audio')?.packetsPerSecond).toBeGreaterThan(40); // one each 20 ms
  for (const sample of samples) expect(JSON.parse(JSON.stringify(sample))).toEqual(sample);
  // Generous: the answer waits for the threads of the call, so this is not the page's own time.
  expect(tookMs.toSorted((a, b) => a - b)[Math.floor(tookMs.length / 2)]).toBeLessThan(50);

  const { length } = samples;
  bob.close();
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(samples.length).toBe(length);
}, 15_000);
