// 64 that differ in sound. The order is part of the agreement: both ends must have the same table.
export const safetyTable: readonly string[] = [
  'dog cat lion horse unicorn pig elephant rabbit panda rooster penguin turtle fish octopus butterfly flower',
  'tree cactus mushroom globe moon cloud fire banana apple strawberry corn pizza cake heart smile robot',
  'hat glasses spanner santa thumb umbrella hourglass clock gift lamp book pencil clip scissors lock key',
  'hammer telephone flag train bicycle aeroplane rocket trophy ball guitar trumpet bell anchor headphones folder pin',
].flatMap((row) => row.split(' '));

const WORDS = 4;
const BITS = 6;

/**
 * The hashes of the certificates that a description allows, each once, in the same spelling whoever wrote it: the
 * algorithm in small letters, the digits in capitals (RFC 8122 §5).
 */
export function fingerprintsOf(sdp: string): readonly string[] {
  const found = [...sdp.matchAll(/^a=fingerprint:(\S+) (\S+)/gm)].map(
    ([, algorithm = '', hash = '']) => `${algorithm.toLowerCase()} ${hash.toUpperCase()}`,
  );
  return [...new Set(found)].toSorted();
}

/**
 * Four words from the fingerprints of both ends: the same at both, whichever of them is the local one.
 *
 * 24 bits are few: they are for showing the idea, see the lesson on what a length like this is worth.
 *
 * @returns undefined while one of the descriptions has no fingerprint
 * @throws {TypeError} outside a secure context, where there is no `crypto.subtle`
 */
export async function safetyWords(local: string, remote: string): Promise<readonly string[] | undefined> {
  const ends = [fingerprintsOf(local).join(), fingerprintsOf(remote).join()].toSorted();
  if (ends.some((end) => end === '')) return undefined;
  const digest = new Uint8Array(
    await crypto.subtle.digest('SHA-256', new TextEncoder().encode(ends.join('\n'))),
  );
  const bits = digest.slice(0, 3).reduce((all, byte) => all * 256 + byte, 0);
  return Array.from({ length: WORDS }, (_, place) => {
    const index = Math.floor(bits / 2 ** (BITS * (WORDS - 1 - place))) % 2 ** BITS;
    return safetyTable[index] ?? '';
  });
}

/** A description with the first digit of its fingerprint changed; any other message as it is. */
export function swapFingerprint<M extends object>(message: M): M {
  if (!('description' in message)) return message;
  const { type, sdp = '' } = message.description as RTCSessionDescriptionInit;
  const swapped = sdp.replaceAll(
    /^(a=fingerprint:\S+ )(\S)/gm,
    (_, before: string, digit: string) => before + (digit === '0' ? '1' : '0'),
  );
  return { ...message, description: { type, sdp: swapped } };
}
