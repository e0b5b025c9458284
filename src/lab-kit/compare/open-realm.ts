import { Exchange } from '../../rtc/capture/exchange.ts';
import { RtcError } from '../../rtc/errors.ts';
import { openHiddenFrame } from '../hidden-frame.ts';
import type { Timeline } from '../../rtc/timeline.ts';
import type { RealmPage } from './realm-page.ts';
import type { Realm, RealmOptions } from './realm.ts';

/** Where the frame's page is. */
const FRAME = '/compare-frame/';

/** One for all participants of a run: what leaves one page and reaches another one is the same signal. */
const exchanges = new WeakMap<Timeline, Exchange>();

function exchangeOf(timeline: Timeline): Exchange {
  const known = exchanges.get(timeline) ?? new Exchange();
  exchanges.set(timeline, known);
  return known;
}

/**
 * Opens a page of its own for a participant: a hidden frame of this origin that ends with the run.
 *
 * @throws {RtcError} `stopped` when the run ends before it is there, `unexpected` when it cannot be loaded
 */
export async function openRealm({ name, bench, ids = {} }: RealmOptions): Promise<Realm> {
  const { signal, timeline } = bench;
  const frame = await openFrame(name, signal);
  const page = (frame as Window & { readonly peerscopeRealm?: RealmPage }).peerscopeRealm;
  if (!page)
    throw new RtcError(
      'unexpected',
      `The page in which ${name} lives could not be loaded. Is the server still there?`,
    );
  const exchange = exchangeOf(timeline);
  page.open({ name, bench, exchange });
  for (const [id, participant] of Object.entries(ids)) exchange.know(id, participant);
  return {
    name,
    window: frame,
    signal,
    load: (library) => page.load(library),
    loadColumn: (task, column) => page.loadColumn(task, column),
  };
}

async function openFrame(name: string, signal: AbortSignal): Promise<Window & typeof globalThis> {
  const element = await openHiddenFrame({
    src: FRAME,
    title: `The page in which ${name} lives`,
    signal,
    // A task later: until then its connections are closed, and that is recorded.
    remove: (frame) => void setTimeout(() => frame.remove()),
  }).catch((): never => {
    throw new RtcError('stopped');
  });
  const { contentWindow } = element;
  if (!contentWindow) throw new RtcError('stopped');
  return contentWindow as Window & typeof globalThis;
}
