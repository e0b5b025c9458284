import type { Bench } from '../bench.ts';
import { fromBase64, toBase64 } from './base64.ts';

/** A Binding request, and from where it came. */
export interface Question {
  readonly bytes: Uint8Array;
  readonly address: string;
  readonly port: number;
}

/**
 * Plays a STUN server in this page: real requests of this computer's browsers come to a port of our server, and what
 * `answer` gives is sent back as it is.
 *
 * @param answer the bytes of the answer, 548 at most; undefined lets the question go unanswered
 * @returns the `stun:` URL of the port. It closes with the bench
 * @throws {RtcError} `turn-unavailable` where the server opens no ports, `signaling-lost` without a server
 */
export async function playStunServer(
  bench: Bench,
  answer: (question: Question) => Promise<Uint8Array | undefined>,
): Promise<string> {
  const wire = await bench.wire();
  const reply = async ({
    id,
    bytes,
    ...from
  }: {
    id: number;
    bytes: string;
    address: string;
    port: number;
  }) => {
    const answered = await answer({ bytes: fromBase64(bytes), ...from });
    if (answered) await wire.ask('stun:answer', { id, bytes: toBase64(answered) });
  };
  wire.on(
    'stun:asked',
    (question) => void reply(question).catch((error: unknown) => bench.report('lab', error)),
  );
  return (await wire.ask('stun:listen', {})).url;
}
