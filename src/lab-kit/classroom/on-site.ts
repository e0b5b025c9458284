import type { WireClient } from '../../rtc/signaling/wire-client.ts';
import { CodeError } from '../exercise/sandbox.ts';
import type { Order, Report, Runner, RunnerEvents } from './orders.ts';

/** What runs a server on the site, as a page reaches it: its own line to the signaling server. */
export type Site = Pick<WireClient, 'ask' | 'on' | 'onReturn'>;

/** The signaling server ends a connection whose message is longer than 100 000 bytes; some are its envelope. */
const MAX_REQUEST_BYTES = 90_000;
const MAX_ORDERS = 256;

/** A page has one there at a time: what runs over a line, by the line. */
const running = new WeakMap<Site, () => void>();

const bytesOf = (what: unknown): number => new TextEncoder().encode(JSON.stringify(what)).length;

/**
 * Runs a learner's server in a process of its own on the server of this site. What is said to it before the last request
 * was answered goes together in the next one, in its order.
 */
export function runOnSite(site: Site, { report, fail }: RunnerEvents): Runner {
  let isOn = false;
  let isOver = false;
  let isSending = false;
  let waiting: string[] = [];

  const stop = (why: string) => {
    if (isOver) return;
    isOver = true;
    fail(new CodeError(why));
  };
  const refused = (error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    stop(text.charAt(0).toUpperCase() + text.slice(1));
  };
  running.get(site)?.();
  running.set(site, () => stop('Another server was started in its place.'));
  site.on('classroom:said', ({ reports }) => {
    for (const text of reports) {
      const said = isOn && !isOver ? asReport(text) : undefined;
      if (said) report(said);
    }
  });
  site.on('classroom:ended', ({ why }) => {
    if (isOn) stop(why);
  });
  site.onReturn(() =>
    stop('The connection to this site was lost for a while, and the server ended with it.'),
  );

  const start = async (code: string) => {
    if (bytesOf(code) > MAX_REQUEST_BYTES) return stop('The code is too long for the server of this site.');
    await site.ask('classroom:start', { code });
    isOn = true;
    void send();
  };

  const send = async () => {
    if (!isOn || isSending) return;
    isSending = true;
    try {
      while (waiting.length > 0) {
        let count = 1;
        let bytes = bytesOf(waiting[0]);
        if (bytes > MAX_REQUEST_BYTES)
          return stop('A message of a client is longer than the server of this site takes.');
        for (; count < Math.min(waiting.length, MAX_ORDERS); count++) {
          bytes += bytesOf(waiting[count]) + 1;
          if (bytes > MAX_REQUEST_BYTES) break;
        }
        const orders = waiting.slice(0, count);
        waiting = waiting.slice(count);
        await site.ask('classroom:send', { orders });
        if (isOver) return;
      }
    } catch (error) {
      refused(error);
    } finally {
      isSending = false;
    }
  };

  return {
    order: (message: Order) => {
      if (isOver) return;
      if ('load' in message) {
        start(message.load).catch(refused);
        return;
      }
      waiting.push(JSON.stringify(message));
      void send();
    },
    end: () => {
      isOver = true;
      // With the line it ends, too.
      if (isOn) site.ask('classroom:end', {}).catch(() => {});
    },
  };
}

/** What came from a process in which the learner's code has run: only what has the right shape is one. */
function asReport(text: string): Report | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!(value instanceof Object)) return undefined;
  const { loaded, pong, frame, output } = value as Record<string, unknown>;
  if (loaded === true) return { loaded };
  if (typeof pong === 'number') return { pong };
  if (frame instanceof Object && 'do' in frame && typeof frame.do === 'string') return value as Report;
  if (output instanceof Object && 'text' in output && typeof output.text === 'string') {
    const level =
      'level' in output && (output.level === 'warn' || output.level === 'error') ? output.level : 'log';
    return { output: { level, text: output.text } };
  }
  return undefined;
}
