import { once } from 'node:events';
import { test as base, type Browser, type Page } from 'playwright/test';
import type { LabSession } from '../../src/lab-kit/session.ts';
import { mergeRecordings, withSightings } from '../../src/rtc/recording/merge.ts';
import type { Recording } from '../../src/rtc/recording/schema.ts';
import type { Bench } from '../../src/rtc/bench.ts';
import { Server } from '../support/server.ts';
import { launch, type BrowserName } from './browsers.ts';
import { Hops } from './hops.ts';
import type { Servers, Way } from './kinds.ts';
import type { Measured } from './probe.ts';
import { inside, runInside, startInside } from './shell.ts';
import { sightingsOf } from './sightings.ts';
import { wayOf, type End, type Outcome } from './way.ts';
import { addressOf, arrange, build, PROBES, SERVER, type Device, type Network } from './topology.ts';

/** One call to be made: between which devices, through which network, with what. */
export interface Call {
  readonly network: Network;
  readonly devices: readonly [a: Device, b: Device];
  readonly servers: Servers;
  readonly policy?: 'all' | 'relay';
  readonly browserB?: BrowserName;
  /** Whether the browsers hide their own addresses behind names, as they do before the camera is allowed. */
  readonly hidesAddresses?: boolean;
}

export interface Result {
  readonly outcome: Outcome;
  readonly recording: Recording;
}

type Pane = HTMLElement & { load(): Promise<LabSession> };

/** The longest that a browser tries before it calls a connection failed; Chromium takes 16 s. */
const SETTLE_MS = 60_000;
/** A pair is at rest when it has not changed for so long. */
const STEADY_MS = 1_500;
/** So long a browser may take to find that there is a better pair than the one it uses. */
const PATIENCE_MS = 15_000;

/** The whole laboratory: networks, our server on their internet, and browsers that stay open from call to call. */
export class NatLab {
  readonly #server = new Server(
    {
      HOST: SERVER,
      PORT: '443',
      HTTPS: 'on',
      TURN_PORT: '3478',
      TURN_PEERS: 'internet,relays',
      LOG_LEVEL: 'error',
    },
    (command, args) => inside('internet', command, ...args),
  );
  readonly #browsers = new Map<string, Promise<Browser>>();
  #hops: Hops | undefined;
  #rooms = 0;

  async open(): Promise<this> {
    build();
    const probes = startInside('probe', 'node', [`${import.meta.dirname}/probe-server.ts`, ...PROBES]);
    if (probes.stdout) await once(probes.stdout, 'data');
    this.#hops = await new Hops().ready();
    await this.#server.start();
    return this;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#browsers.values()].map(async (browser) => (await browser).close()));
    await this.#server[Symbol.asyncDispose]();
  }

  get url(): string {
    return this.#server.url;
  }

  /** A browser on a device, the network around it being as it is said. */
  browserOn(device: Device, network: Network): Promise<Browser> {
    arrange(network);
    return this.#browser(device, 'chromium');
  }

  /** How a NAT treats the device behind it. */
  measure(device: Device, network: Network): Measured {
    arrange(network);
    const script = `${import.meta.dirname}/probe.ts`;
    return JSON.parse(runInside(device, 'node', [script, ...PROBES])) as Measured;
  }

  /** What runs on the two sides of a call. */
  async browsersOf({ devices, browserB = 'chromium' }: Call): Promise<{ a: string; b: string }> {
    const [a, b] = await Promise.all([
      this.#browser(devices[0], 'chromium'),
      this.#browser(devices[1], browserB),
    ]);
    return { a: named(a), b: named(b) };
  }

  /**
   * Makes a call: bob waits in the lab’s room, alice comes and offers.
   *
   * @param expected the way that it ought to take; time is given for that
   */
  async call(call: Call, expected: Way | 'home'): Promise<Result> {
    const { network, devices, servers, policy = 'all', browserB = 'chromium', hidesAddresses = false } = call;
    const browsers = await Promise.all([
      this.#browser(devices[0], 'chromium'),
      this.#browser(devices[1], browserB),
    ]);
    arrange(network);
    this.#hops?.clear();
    const contexts = await both(browsers, (one) => one.newContext({ ignoreHTTPSErrors: true }));
    try {
      for (const [index, context] of contexts.entries())
        if (!hidesAddresses && browsers[index]?.browserType().name() === 'chromium')
          await context.grantPermissions(['camera', 'microphone']); // an address is shown to whom the camera is
      const [alice, bob] = await both(contexts, (context) => context.newPage());
      const query = new URLSearchParams({
        room: `natlab-${++this.#rooms}`,
        arrangement: 'two-devices',
        servers,
        policy,
      });
      const address = `${this.#server.url}/labs/nat-lab/?${query}`;
      await bob.goto(address);
      await bob.getByText('Waiting for the other side').waitFor();
      await alice.goto(address);
      const begins = await both([alice, bob], readClock);
      const isUp = (await both([alice, bob], comesUp)).every(Boolean);
      const ends = isUp ? await pairsAtRest([alice, bob], expected) : undefined;
      const clock = clockBetween(begins[0], await readClock(alice));
      const [half, otherHalf] = await both([alice, bob], recordOf);
      const merged = mergeRecordings(half, otherHalf, beginOf(begins[1]) - beginOf(begins[0]));
      const labels = { [addressOf[devices[0]]]: 'alice', [addressOf[devices[1]]]: 'bob' };
      const recording = withSightings(
        { ...merged, entries: merged.entries.filter(({ kind }) => kind !== 'wire-message') }, // the hops saw those too
        sightingsOf(this.#hops?.passed ?? [], clock, labels),
      );
      const afterMs = connectedAfter(recording);
      const outcome = {
        connected: isUp,
        ...(ends && { a: ends[0], b: ends[1] }),
        ...(isUp && afterMs !== undefined && { afterMs }),
      };
      return { outcome, recording };
    } finally {
      await Promise.all(contexts.map((context) => context.close()));
    }
  }

  #browser(device: Device, name: BrowserName): Promise<Browser> {
    const key = `${device} ${name}`;
    const there = this.#browsers.get(key) ?? launch(name, device);
    this.#browsers.set(key, there);
    return there;
  }
}

/** `Chromium 156`. */
function named(browser: Browser): string {
  const name = browser.browserType().name() === 'firefox' ? 'Firefox' : 'Chromium';
  return `${name} ${browser.version().split('.')[0]}`;
}

/** Waits until a call has its pictures and its data channel; false when it has failed. */
function comesUp(page: Page): Promise<boolean> {
  return page.evaluate(async (limitMs) => {
    const session = await document.querySelector<Pane>('lab-pane')?.load();
    const limit = AbortSignal.timeout(limitMs);
    const bench = await new Promise<Bench>((resolve, reject) => {
      session?.bench.subscribe((one) => one && resolve(one));
      limit.addEventListener('abort', () => reject(new Error('no run began')));
    });
    const { timeline } = bench;
    const [seat] = bench.seats;
    if (!seat) throw new Error('nobody sits in this page');
    const peer = seat.self;
    const failed = Promise.race([
      timeline.until({ kind: 'connection-state', peer, state: 'failed' }, limit),
      timeline.until({ kind: 'run-ended' }, limit), // the other one gave up first
    ]);
    const works = Promise.all([
      timeline.until({ kind: 'connection-state', peer, state: 'connected' }, limit),
      timeline.until({ kind: 'first-frame', peer }, limit),
      timeline.until({ kind: 'data-channel', peer, state: 'open' }, limit),
    ]);
    failed.catch(() => undefined);
    works.catch(() => undefined);
    return Promise.race([failed.then(() => false), works.then(() => true)]);
  }, SETTLE_MS);
}

/** The pair that a page uses at the moment, and its id. */
function selectedOf(page: Page): Promise<{ id: string; end: End } | undefined> {
  return page.evaluate(async () => {
    const session = await document.querySelector<Pane>('lab-pane')?.load();
    const entries = session?.bench.value?.timeline.entries ?? [];
    const latest = entries.findLast((entry) => entry.kind === 'candidate-pairs');
    const pair =
      latest?.kind === 'candidate-pairs' ? latest.pairs.find(({ selected }) => selected) : undefined;
    if (!pair) return undefined;
    const { type: local, relayProtocol } = pair.local;
    return {
      id: pair.id,
      end: { local, remote: pair.remote.type, ...(relayProtocol !== undefined && { relayProtocol }) },
    };
  });
}

/**
 * The pairs in use once they have come to rest. A browser begins with the first one that works and may find a better
 * one later; it is given time for that as long as it does not use the wanted one.
 */
async function pairsAtRest(pages: readonly [Page, Page], wanted: Way | 'home'): Promise<[a: End, b: End]> {
  const beganMs = performance.now();
  let [ids, sinceMs] = ['', beganMs];
  for (;;) {
    const [a, b] = await both(pages, selectedOf);
    const nowMs = performance.now();
    if (!a || !b || `${a.id} ${b.id}` !== ids) [ids, sinceMs] = [`${a?.id} ${b?.id}`, nowMs];
    else if (nowMs - sinceMs >= STEADY_MS) {
      const isWanted = wayOf({ connected: true, a: a.end, b: b.end }) === wanted;
      if (isWanted || nowMs - beganMs >= PATIENCE_MS) return [a.end, b.end];
    }
    if (nowMs - beganMs > SETTLE_MS) throw new Error('the pairs do not come to rest');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The same for both sides at once. */
function both<T, R>([a, b]: readonly [a: T, b: T], act: (one: T) => Promise<R>): Promise<[a: R, b: R]> {
  return Promise.all([act(a), act(b)]);
}

/** The clock of a page's timeline and the wall clock at the same moment, in milliseconds. */
interface Reading {
  readonly runMs: number;
  readonly wallMs: number;
}

async function readClock(page: Page): Promise<Reading> {
  return page.evaluate(async () => {
    const session = await document.querySelector<Pane>('lab-pane')?.load();
    const bench = await new Promise<Bench>((resolve) =>
      session?.bench.subscribe((one) => one && resolve(one)),
    );
    // The wall clock shows whole milliseconds: the moment at which it moves on is the exact one.
    const before = Date.now();
    while (Date.now() === before);
    return { runMs: bench.timeline.nowMs, wallMs: Date.now() };
  });
}

const beginOf = ({ runMs, wallMs }: Reading): number => wallMs - runMs;

/** From the wall clock, in which packets are counted, to a page's: the first may be set right while the second runs on. */
function clockBetween(begin: Reading, end: Reading): (wallMs: number) => number {
  const rate = (end.runMs - begin.runMs) / (end.wallMs - begin.wallMs);
  return (wallMs) => begin.runMs + (wallMs - begin.wallMs) * rate;
}

/** A page's own half of the run, which ends here. */
async function recordOf(page: Page): Promise<Recording> {
  return page.evaluate(async () => {
    const session = await document.querySelector<Pane>('lab-pane')?.load();
    if (!session) throw new Error('there is no lab on this page');
    session.stop();
    return session.record();
  });
}

function connectedAfter({ entries }: Recording): number | undefined {
  const offered = entries.find((entry) => entry.kind === 'description' && entry.type === 'offer');
  const up = (peer: string) =>
    entries.find(
      (entry) => entry.peer === peer && entry.kind === 'connection-state' && entry.state === 'connected',
    )?.atMs;
  const [alice, bob] = [up('alice'), up('bob')];
  if (!offered || alice === undefined || bob === undefined) return undefined;
  return Math.round(Math.max(alice, bob) - offered.atMs);
}

/** One laboratory for all tests of a run. */
export const test = base.extend<object, { natlab: NatLab }>({
  natlab: [
    async ({}, use) => {
      const natlab = await new NatLab().open();
      await use(natlab);
      await natlab.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});
export { expect } from 'playwright/test';
