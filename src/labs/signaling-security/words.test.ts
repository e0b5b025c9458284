import { expect, test } from 'vitest';
import { fingerprintsOf, safetyTable, safetyWords, swapFingerprint } from './words.ts';

const sdp = (hash: string) => `v=0\r\na=fingerprint:sha-256 ${hash}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n`;
const [alice, bob, mallory] = ['AA:01', 'BB:02', 'CC:03'].map(sdp) as [string, string, string];

test('both ends read the same words, whichever description is the local one', async () => {
  expect(await safetyWords(alice, bob)).toEqual(await safetyWords(bob, alice));
  expect(await safetyWords(alice, bob)).toHaveLength(4);
});

test('with another certificate in between the two ends read different words', async () => {
  expect(await safetyWords(alice, mallory)).not.toEqual(await safetyWords(mallory, bob));
});

test('spelling and repetition of a fingerprint change nothing', async () => {
  const small = alice.replace('sha-256 AA', 'SHA-256 aa');
  expect(fingerprintsOf(small)).toEqual(fingerprintsOf(alice));
  expect(fingerprintsOf(`${alice}a=fingerprint:sha-256 AA:01\r\n`)).toEqual(['sha-256 AA:01']);
});

test('without a fingerprint there are no words', async () => {
  expect(await safetyWords(alice, 'v=0\r\n')).toBeUndefined();
});

test('64 words, none of them twice', () => {
  expect(safetyTable).toHaveLength(64);
  expect(new Set(safetyTable).size).toBe(64);
});

test('a swap changes the fingerprint, and leaves candidates alone', () => {
  const { description } = swapFingerprint({ description: { type: 'offer', sdp: alice } as const });
  expect(fingerprintsOf(description.sdp)).toEqual(['sha-256 0A:01']);
  expect(swapFingerprint({ candidate: null })).toEqual({ candidate: null });
});
