import * as z from 'zod';
import { Signal } from '../../protocol/signaling.ts';
import { RtcError } from '../errors.ts';
import {
  Mailbox,
  randomId,
  type Pairing,
  type Presence,
  type Rendezvous,
  type RendezvousState,
} from './rendezvous.ts';

const Page = z.string().max(64);
const Message = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hello'), page: Page, sinceMs: z.number() }),
  z.strictObject({ kind: z.literal('here'), page: Page, sinceMs: z.number(), to: Page }),
  z.strictObject({ kind: z.literal('taken'), page: Page, to: Page }),
  z.strictObject({ kind: z.literal('bye'), page: Page }),
  z.strictObject({
    kind: z.literal('signal'),
    page: Page,
    to: Page,
    id: z.string().max(100),
    signal: Signal,
  }),
]);
type Message = z.infer<typeof Message>;

/**
 * Meets the other peer in another tab of the same browser, over a `BroadcastChannel`: no server takes part.
 *
 * A tab that ends without a word is noticed by its Web Lock, which the browser gives free with the tab
 * (only in secure contexts; elsewhere a crashed tab keeps its seat until the other one is reloaded).
 *
 * @param room the name both tabs share
 */
export function openBroadcast(room: string, signal: AbortSignal): Rendezvous {
  const page = randomId();
  const sinceMs = performance.timeOrigin + performance.now();
  const channel = new BroadcastChannel(`peerscope:${room}`);
  const say = (message: Message) => channel.postMessage(message);
  const states = new Mailbox<[RendezvousState]>();
  const pairings = new Mailbox<[Pairing]>();
  let other: { page: string; end: AbortController; inbox: Mailbox<[id: string, signal: Signal]> } | undefined;
  let posted = 0;

  const lockName = (of: string) => `peerscope:${room}:${of}`;
  const pair = (found: { page: string; sinceMs: number }) => {
    const end = new AbortController();
    const inbox = new Mailbox<[string, Signal]>();
    other = { page: found.page, end, inbox };
    const to = found.page;
    whenLockFree(lockName(to), end.signal, () => part(to));
    pairings.put({
      // Both ends compare the same two values, so they agree. A reloaded tab is the newcomer.
      offers: sinceMs === found.sinceMs ? page > found.page : sinceMs > found.sinceMs,
      signal: AbortSignal.any([end.signal, signal]),
      post: (parcel) => {
        const id = `${page}-${++posted}`;
        say({ kind: 'signal', page, to, id, signal: parcel });
        return { id, taken: Promise.resolve() };
      },
      deliver: (receiver) => inbox.open(receiver),
      onPresence: (receiver: (state: Presence) => void) =>
        end.signal.addEventListener('abort', () => receiver('left'), { once: true }),
    });
    states.put({ is: 'paired' });
  };

  const part = (gone: string) => {
    if (other?.page !== gone) return;
    const { end } = other;
    other = undefined;
    end.abort();
    if (!signal.aborted) states.put({ is: 'waiting' });
  };

  const hear = ({ data }: MessageEvent) => {
    const parsed = Message.safeParse(data);
    if (!parsed.success) return; // another version of this page in an old tab
    const message = parsed.data;
    if ('to' in message && message.to !== page) return;
    switch (message.kind) {
      case 'hello':
        if (other && other.page !== message.page) return say({ kind: 'taken', page, to: message.page });
        if (!other) pair(message);
        return say({ kind: 'here', page, sinceMs, to: message.page });
      case 'here':
        if (!other) pair(message);
        return;
      case 'taken':
        if (!other) states.put({ is: 'refused', error: full });
        return;
      case 'bye':
        return part(message.page);
      case 'signal':
        if (other?.page === message.page) other.inbox.put(message.id, message.signal);
        return;
      default:
        message satisfies never;
    }
  };

  const leave = () => {
    say({ kind: 'bye', page });
    channel.close();
    other?.end.abort();
  };
  signal.addEventListener('abort', leave, { once: true });
  addEventListener('pagehide', () => say({ kind: 'bye', page }), { signal });

  states.put({ is: 'waiting' });
  // First the lock, then the greeting: who hears of us may wait for the lock at once.
  void holdLock(lockName(page), signal).then(() => {
    if (signal.aborted) return;
    channel.addEventListener('message', hear);
    say({ kind: 'hello', page, sinceMs });
  });
  return { onState: (receiver) => states.open(receiver), onPairing: (receiver) => pairings.open(receiver) };
}

const full = new RtcError(
  'signaling-refused',
  'Two tabs are in this call already. Close one of them, or start a call with another link.',
);

/** Resolves when the lock is ours, which it stays until `signal` aborts or this tab ends. */
function holdLock(name: string, signal: AbortSignal): Promise<void> {
  if (!('locks' in navigator)) return Promise.resolve();
  const end = new Promise<void>((release) =>
    signal.addEventListener('abort', () => release(), { once: true }),
  );
  return new Promise((resolve) => {
    void navigator.locks.request(name, () => (resolve(), end));
  });
}

function whenLockFree(name: string, signal: AbortSignal, then: () => void): void {
  if (!('locks' in navigator)) return;
  navigator.locks.request(name, { signal }, then).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
