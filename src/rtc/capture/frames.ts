/**
 * What the frames of a page's own sockets say: those of PeerServer, those of Socket.IO, and of any other that carries
 * JSON. Reading never throws: what cannot be read has a plain word for its name.
 */
import type { Signal } from '../timeline.ts';

export type Way = 'sent' | 'received';

export interface ReadFrame {
  /** The type of a PeerJS message, the event of Socket.IO, else a plain word. */
  readonly name: string;
  /** What came with it, as text; keys and tokens are left out. */
  readonly text: string;
  /** A description or a candidate, wherever in it. */
  readonly signal?: Signal;
  /** Ids as the server knows them: for whom it is, from whom it comes. */
  readonly to?: string;
  readonly from?: string;
  /** The id that the server has given to whom this socket belongs. */
  readonly self?: string;
  /** Names that somebody gave themselves, by id. */
  readonly names?: readonly (readonly [id: string, name: string])[];
}

/** Reads the frames of one socket, in the order in which they cross: an answer is named after its question. */
export type FrameReader = (way: Way, data: unknown) => ReadFrame;

/** Longer texts are cut: a record is to be kept. */
const LONGEST_TEXT = 20_000;
/** Questions that wait for an answer, at most; others are answered namelessly. */
const MOST_QUESTIONS = 200;

/** A reader for the socket that was opened at this address. */
export function frameReader(url: URL): FrameReader {
  if (url.searchParams.has('EIO')) return socketIoReader();
  const isPeerJs = url.pathname.endsWith('/peerjs') && url.searchParams.has('key');
  const read = isPeerJs ? readPeerJs : readPlain;
  return (_, data) => (typeof data === 'string' ? read(data) : binary);
}

const binary: ReadFrame = { name: 'binary', text: '' };

/** `{"type":"OFFER","src":"a","dst":"b","payload":{…}}` (PeerServer 1.0; PeerJS 1.5 lib/socket.ts). */
function readPeerJs(data: string): ReadFrame {
  const message = parse(data);
  if (!isObject(message) || typeof message['type'] !== 'string') return readPlain(data);
  const { type, src, dst, payload } = message;
  const signal = findSignal(payload);
  return {
    name: word(type),
    text: tidy(data),
    ...(signal && { signal }),
    ...(typeof dst === 'string' && { to: dst }),
    ...(typeof src === 'string' && { from: src }),
  };
}

function readPlain(data: string): ReadFrame {
  const message = parse(data);
  if (!isObject(message)) return { name: 'text', text: tidy(data) };
  const signal = findSignal(message);
  const name = [message['type'], message['event'], message['name']].find((one) => typeof one === 'string');
  return {
    name: word(name ?? 'JSON'),
    text: tidy(data),
    ...(signal && { signal }),
    ...idsOf([message]),
  };
}

/** Engine.IO packets, by their first character (engine.io protocol 4). */
const enginePackets: Readonly<Record<string, string>> = {
  '0': 'engine.io open',
  '1': 'engine.io close',
  '2': 'ping',
  '3': 'pong',
  '5': 'engine.io upgrade',
  '6': 'engine.io noop',
};

/** Socket.IO packets in an Engine.IO message, by the character after its 4 (socket.io protocol 5). */
const socketPackets: Readonly<Record<string, string>> = {
  '0': 'connect',
  '1': 'disconnect',
  '4': 'connect error',
};

/** `42["event",…]`, `4217["event",…]` with an answer expected under 17, `4317[…]`: that answer. */
function socketIoReader(): FrameReader {
  /** The events that wait for an answer, by the way of the question and its number. */
  const questions = new Map<string, string>();
  return (way, data) => {
    if (typeof data !== 'string') return binary;
    const [engine = '', packet = ''] = data;
    if (engine !== '4') return { name: enginePackets[engine] ?? 'unknown packet', text: tidy(data.slice(1)) };
    const [, attachments, number, json = ''] =
      /^(?:(\d+)-)?(?:\/[^,]*,)?(\d*)([\s\S]*)$/.exec(data.slice(2)) ?? [];
    const values = parse(json);
    const text = tidy(json);
    const plain = socketPackets[packet];
    if (plain !== undefined) return { name: plain, text };
    const args: readonly unknown[] = Array.isArray(values) ? (values as unknown[]) : [];
    const isBinary = attachments !== undefined;
    if (packet === '2' || packet === '5') {
      const name = typeof args[0] === 'string' ? word(args[0]) : 'event';
      if (number) ask(`${way} ${number}`, name);
      return { name: isBinary ? `${name} (binary)` : name, text, ...contentOf(args.slice(1)) };
    }
    if (packet !== '3' && packet !== '6') return { name: 'unknown packet', text };
    const key = `${way === 'sent' ? 'received' : 'sent'} ${number ?? ''}`;
    const asked = questions.get(key);
    questions.delete(key);
    return { name: asked === undefined ? 'answer' : `answer to ${asked}`, text, ...contentOf(args) };
  };

  function ask(key: string, name: string): void {
    questions.set(key, name);
    const [oldest] = questions.keys();
    if (questions.size > MOST_QUESTIONS && oldest !== undefined) questions.delete(oldest);
  }
}

function contentOf(args: readonly unknown[]): Omit<ReadFrame, 'name' | 'text'> {
  const signal = findSignal(args);
  return { ...(signal && { signal }), ...idsOf(args) };
}

/** `to`, `from` and `self` of a message; `{ peer, name }` anywhere in it says who calls themselves how. */
function idsOf(args: readonly unknown[]): Pick<ReadFrame, 'to' | 'from' | 'self' | 'names'> {
  const found: { to?: string; from?: string; self?: string } = {};
  const names: [string, string][] = [];
  walk(args, (value) => {
    for (const key of ['to', 'from'] as const) {
      const id = value[key];
      if (typeof id === 'string') found[key] ??= id;
    }
    const { self, peer, name } = value;
    if (typeof self === 'string') found.self ??= self;
    else if (isObject(self) && typeof self['peer'] === 'string') found.self ??= self['peer'];
    if (typeof peer === 'string' && typeof name === 'string') names.push([peer, name]);
    return false;
  });
  return { ...found, ...(names.length > 0 && { names }) };
}

/** The first description or candidate inside of a message, as `signal` of the record has it. */
export function findSignal(value: unknown): Signal | undefined {
  let found: Signal | undefined;
  walk(value, (inner) => {
    found = signalOf(inner);
    return found !== undefined;
  });
  return found;
}

const types: ReadonlySet<unknown> = new Set(['offer', 'answer', 'pranswer', 'rollback']);

function signalOf({ type, sdp, candidate, ...rest }: Readonly<Record<string, unknown>>): Signal | undefined {
  if (types.has(type) && typeof sdp === 'string') return { description: { type: type as RTCSdpType, sdp } };
  if (candidate === null && type === undefined) return { candidate: null };
  if (typeof candidate !== 'string' || !('sdpMid' in rest || 'sdpMLineIndex' in rest)) return undefined;
  const { sdpMid, sdpMLineIndex, usernameFragment } = rest;
  return {
    candidate: {
      candidate,
      ...(typeof sdpMid === 'string' && { sdpMid }),
      ...(Number.isInteger(sdpMLineIndex) && { sdpMLineIndex: Math.max(0, sdpMLineIndex as number) }),
      ...(typeof usernameFragment === 'string' && { usernameFragment }),
    },
  };
}

/** How deep and how far a message is looked through. */
const DEEPEST = 6;
const MOST_VALUES = 500;

/** Shows each object within a value to `look`, outer ones first, until it says that it has seen enough. */
function walk(value: unknown, look: (object: Readonly<Record<string, unknown>>) => boolean): void {
  let level: unknown[] = [value];
  let left = MOST_VALUES;
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    const next: unknown[] = [];
    for (const one of level) {
      if (left-- <= 0) return;
      if (isObject(one) && look(one)) return;
      if (typeof one === 'object' && one !== null) next.push(...Object.values(one));
    }
    level = next;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const word = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

/** Without what would let somebody else in. */
function tidy(text: string): string {
  const without = text.replace(/"(credential|session|token|password)":"[^"]*"/g, '"$1":"…"');
  return without.length > LONGEST_TEXT ? `${without.slice(0, LONGEST_TEXT)}…` : without;
}
