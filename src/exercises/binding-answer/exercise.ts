import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { addressBytes } from '../../protocol/stun/address.ts';
import { parseCandidate } from '../../rtc/ice/candidate.ts';
import { playStunServer } from '../../rtc/stun/by-hand.ts';
import { vectors } from './vectors.ts';

/** What the answer is to say: an address of documentation (RFC 5737), so that it is nobody's. */
const PRETENDED = '203.0.113.7';

interface Facts {
  readonly port: number;
  decoded: number;
  /** The first message that was not read as it should be. */
  wrong: string;
  asked: number;
  /** Of the last answer; a text when there was none. */
  answered: number | string;
}

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'A STUN server by hand',
  task: [
    '`readAnswer()` is given Binding success responses, as in the drawing above. Take the address out of `XOR-MAPPED-ADDRESS`, IPv4 and IPv6. The port is combined by exclusive or with the first two bytes of the cookie, an IPv4 address with the cookie, an IPv6 address with the cookie and the transaction id behind it.',
    'Then be the server. A connection of this browser asks a real UDP port, and its request, 20 bytes or some more, is handed to `writeAnswer()`. Answer it with 32 bytes that say that it came from the given address. If the browser believes you, that address becomes an `srflx` candidate.',
  ],
  hints: [
    'The cookie is `21 12 a4 42`. `^` is exclusive or; done twice, it takes itself back.',
    'An answer begins with `01 01`, then the length of what follows the header, 12, then the cookie, and then the very transaction id of the request: bytes 8 to 19.',
    'The attribute is `00 20`, its length `00 08`, a zero, the family `01`, two bytes of port and four of address. Those six are combined with the cookie.',
  ],
  peers: ['alice', 'bob'],
  limitMs: 8_000,
  facts: () => ({
    port: 1_024 + Math.floor(Math.random() * 60_000),
    decoded: 0,
    wrong: '',
    asked: 0,
    answered: 'it was not asked',
  }),
  async play({ bench, tools, facts, call }) {
    for (const { message, address, port } of vectors(Math.random)) {
      const read: unknown = await call('readAnswer', Uint8Array.from(message));
      if (isSame(read, address, port)) facts.decoded++;
      else
        facts.wrong ||= `\`${hex(message)}\` was read as ${words(read)}; it is \`${address}\`, port ${port}`;
    }
    const url = await playStunServer(bench, async ({ bytes }) => {
      facts.asked++;
      const answer: unknown = await call('writeAnswer', Uint8Array.from(bytes), {
        address: PRETENDED,
        port: facts.port,
      });
      // Made in the frame in which the code runs, so it is no instance of this page's class.
      if (!ArrayBuffer.isView(answer)) {
        facts.answered = `it gave ${words(answer)} and no Uint8Array`;
        return undefined;
      }
      const reply = Uint8Array.from(new Uint8Array(answer.buffer, answer.byteOffset, answer.byteLength));
      facts.answered = reply.length;
      return reply.length > 0 && reply.length <= 548 ? reply : undefined;
    });
    const alice = tools.createPeer('alice', { iceServers: [{ urls: url }] });
    alice.createDataChannel('exercise');
    await alice.setLocalDescription();
  },
  checks: [
    {
      id: 'decoded',
      title: 'Twenty answers are read',
      hint: 'Compare the bytes with the drawing. Which of them are combined with the cookie?',
      pass: ({ facts: { decoded, wrong } }) => ({
        ok: decoded === 20,
        saw: `${decoded} of 20 were read rightly.${wrong && ` The first that was not: ${wrong}.`}`,
        wanted: 'Address and port of all twenty, five of them IPv6.',
      }),
    },
    {
      id: 'asked',
      title: 'Your browser has asked',
      hint: 'Nothing to do here: the request comes when alice gathers.',
      pass: ({ facts: { asked } }) => ({
        ok: asked > 0,
        saw: `${asked} Binding ${asked === 1 ? 'request' : 'requests'} came to your port.`,
        wanted: 'At least one.',
      }),
    },
    {
      id: 'accepted',
      title: 'The browser believes your answer',
      hint: 'A browser throws away, without a word, what has another transaction id than its question, or a length that is not its own.',
      pass: ({ entries, facts: { port, answered } }) => {
        const found = entries.flatMap((entry) => {
          if (entry.kind !== 'candidate' || entry.peer !== 'alice' || entry.side !== 'local') return [];
          const parsed = parseCandidate(entry.candidate);
          return parsed.kind === 'candidate' && parsed.candidate.type === 'srflx' ? [parsed.candidate] : [];
        });
        const [first] = found;
        const reply = typeof answered === 'number' ? `${answered} bytes were sent as the answer` : answered;
        return {
          ok: found.some((candidate) => candidate.address === PRETENDED && candidate.port === port),
          saw: first
            ? `alice’s browser lists an srflx candidate with \`${first.address}:${first.port}\`.`
            : `alice’s browser lists no srflx candidate; ${reply}.`,
          wanted: `An srflx candidate with \`${PRETENDED}:${port}\`, the address that your answer was to tell.`,
        };
      },
    },
  ],
});

function isSame(read: unknown, address: string, port: number): boolean {
  if (typeof read !== 'object' || read === null) return false;
  const { address: text, port: number } = read as Record<string, unknown>;
  const bytes = typeof text === 'string' ? addressBytes(text) : undefined;
  return number === port && bytes?.join() === addressBytes(address)?.join();
}

function words(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `\`${String(value)}\``;
  const { address, port } = value as Record<string, unknown>;
  return `\`${String(address)}\`, port ${String(port)}`;
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
