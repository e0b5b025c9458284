/**
 * `npm run bench meeting`: a meeting on our page against a bare page that makes the same mesh by hand: Socket.IO, plain
 * connections, the same picture and tone, nothing recorded and nothing repaired.
 *
 * 1. From the press on Join to the first remote frame, for the second of two.
 * 2. CPU of n = 2 … 6 participants, each a page of one browser: processor time of the browser's processes, from /proc
 *    (Linux), for each frame that somebody decoded, so that a machine that is too busy for all frames favours nobody.
 * 3. Memory: the JavaScript heap of the page that stays and of the one that comes and goes, after 50 joins and leaves.
 *
 * The two take turns. With `N=2,3` only those sizes are run, with `PARTS=join,cpu,memory` only those parts.
 */
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright';
import { cpuSecOf, launchChromium } from './cpu.ts';
import { median } from './median.ts';
import { Server } from '../tests/support/server.ts';

const SIZES = (process.env['N'] ?? '2,3,4,5,6').split(',').map(Number);
const PARTS = new Set((process.env['PARTS'] ?? 'join,cpu,memory').split(','));
const JOINS = Number(process.env['JOINS'] ?? 10);
const ROUNDS = Number(process.env['ROUNDS'] ?? 2);
const ROUND_MS = Number(process.env['ROUND_MS'] ?? 8_000);
const VISITS = Number(process.env['VISITS'] ?? 50);
/** Visits before the heap is measured first: until then the engine is still collecting what it learns of the code. */
const WARM_UP = 15;
const goals = { join: 1.5, cpu: 1.15, heap: 1.1 };
const contestants = ['bare', 'meeting'] as const;
type Contestant = (typeof contestants)[number];

const scripts: Record<string, string> = {
  'bare-mesh.js': await bundle('bench/pages/bare-mesh.ts'),
  'ticker.worker.ts': await bundle('src/rtc/media/ticker.worker.ts'),
};
/** Runs in the page of a meeting: what the bare page does for itself. */
const inMeeting = `globalThis.meeting = {
  session: () => document.querySelector('meet-page').load(),
  async join() {
    const session = await this.session();
    const startMs = performance.now();
    [...document.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === 'Join').click();
    for (;;) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (session.phase.value.is !== 'in') continue;
      if (session.people.value.length === 0) return 0;
      const videos = [...document.querySelectorAll('.meet-tile video')]
        .filter((video) => !video.closest('.meet-tile').dataset.key.startsWith('self:'));
      if (videos.some((video) => video.getVideoPlaybackQuality().totalVideoFrames > 0)) return performance.now() - startMs;
    }
  },
  async frames() {
    let [up, decoded] = [0, 0];
    for (const { link } of (await this.session()).people.value) {
      if (!link) continue;
      if (link.pc.connectionState === 'connected') up += 1;
      for (const stat of (await link.pc.getStats()).values())
        if (stat.type === 'inbound-rtp') decoded += stat.framesDecoded ?? 0;
    }
    return { up, decoded };
  },
}`;

await using server = await new Server().start();

if (PARTS.has('join')) await benchJoin();
if (PARTS.has('cpu')) await benchCpu();
if (PARTS.has('memory')) await benchMemory();

/** One participant, on either page. */
interface Participant {
  readonly page: Page;
  /** @returns milliseconds until the first remote frame, 0 where nobody else is there */
  join(): Promise<number>;
  leave(): Promise<void>;
  frames(): Promise<{ up: number; decoded: number }>;
}

async function benchJoin(): Promise<void> {
  const times = new Map(contestants.map((name) => [name, [] as number[]]));
  await using opened = await openBrowser();
  for (let round = 0; round <= JOINS; round++)
    for (const name of inTurn(round)) {
      const room = roomName();
      await using first = await opened.participant(name, room, 'Alice');
      await first.join();
      await using second = await opened.participant(name, room, 'Bob');
      const tookMs = await second.join();
      if (round > 0) times.get(name)?.push(tookMs); // the first one warms up
    }
  const [bare, meeting] = contestants.map((name) => median(times.get(name) ?? []));
  for (const name of contestants)
    console.log(
      `  ${name.padEnd(8)} ${median(times.get(name) ?? []).toFixed(0)} ms (${inRange(times.get(name) ?? [])})`,
    );
  tell('join to first remote frame', meeting! / bare!, goals.join);
}

async function benchCpu(): Promise<void> {
  for (const size of SIZES) {
    const ratios: number[] = [];
    const costs: Record<Contestant, number[]> = { bare: [], meeting: [] };
    for (let round = 0; round < ROUNDS; round++) {
      const spent: Partial<Record<Contestant, number>> = {};
      for (const name of inTurn(round)) {
        const one = await measure(name, size);
        spent[name] = one.msPerFrame;
        costs[name].push(one.coresEach);
        console.log(
          `  n = ${size}, ${name.padEnd(8)} ${one.coresEach.toFixed(2)} cores each, ${one.fps.toFixed(1)} frames/s a picture, ${one.msPerFrame.toFixed(2)} ms a frame`,
        );
      }
      ratios.push(spent.meeting! / spent.bare!);
    }
    tell(`CPU for each frame, n = ${size}`, median(ratios), goals.cpu);
  }
}

async function measure(name: Contestant, size: number) {
  await using opened = await openBrowser();
  const room = roomName();
  const all: (Participant & AsyncDisposable)[] = [];
  for (let index = 0; index < size; index++) {
    const one = await opened.participant(name, room, `Peer ${index + 1}`);
    all.push(one);
    await one.join();
  }
  for (const one of all) while ((await one.frames()).up < size - 1) await delay(200);
  await delay(3_000); // the bandwidth estimates have settled
  const decoded = async () =>
    (await Promise.all(all.map((one) => one.frames()))).reduce((sum, { decoded: some }) => sum + some, 0);
  const [startSec, startFrames, startMs] = [cpuSecOf(opened.pid), await decoded(), performance.now()];
  await delay(ROUND_MS);
  const [cpuSec, frames] = [cpuSecOf(opened.pid) - startSec, (await decoded()) - startFrames];
  const seconds = (performance.now() - startMs) / 1000;
  return {
    coresEach: cpuSec / seconds / size,
    fps: frames / seconds / (size * (size - 1)),
    msPerFrame: (1000 * cpuSec) / Math.max(1, frames),
  };
}

async function benchMemory(): Promise<void> {
  await using opened = await openBrowser();
  const room = roomName();
  await using stays = await opened.participant('meeting', room, 'Alice');
  await using visits = await opened.participant('meeting', room, 'Bob');
  await stays.join();
  const visit = async () => {
    await visits.join();
    await visits.leave();
    while ((await stays.frames()).up > 0) await delay(100);
  };
  for (let times = 0; times < WARM_UP; times++) await visit();
  const before = [await heapOf(stays.page), await heapOf(visits.page)];
  for (let times = 0; times < VISITS; times++) await visit();
  const after = [await heapOf(stays.page), await heapOf(visits.page)];
  for (const [index, who] of ['the page that stays', 'the page that comes and goes'].entries()) {
    const [from = 0, to = 0] = [before[index], after[index]];
    console.log(`  ${who}: ${inMb(from)} before, ${inMb(to)} after ${VISITS} joins and leaves`);
    tell(`heap of ${who}, after / before`, to / from, goals.heap);
  }
}

/** Bytes of JavaScript that are alive, after the garbage was collected twice. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await delay(3_000); // closed connections are let go of a moment later
  for (let times = 0; times < 2; times++) await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

interface Opened extends AsyncDisposable {
  readonly pid: number;
  participant(kind: Contestant, room: string, name: string): Promise<Participant & AsyncDisposable>;
}

async function openBrowser(): Promise<Opened> {
  const { browser, pid } = await launchChromium([
    // The bare page comes from Playwright, which has no address; without this Chromium would not let it reach loopback.
    '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets',
  ]);
  return {
    pid,
    participant: (kind, room, name) => (kind === 'bare' ? openBare : openMeeting)(browser, room, name),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

async function openPage(browser: Browser): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  return { context, page };
}

async function openBare(
  browser: Browser,
  room: string,
  name: string,
): Promise<Participant & AsyncDisposable> {
  const { context, page } = await openPage(browser);
  await page.route('**/bench/*', (route) => {
    const file = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    const body = scripts[file];
    const html =
      '<!doctype html><meta charset="utf-8"><title>bare</title><body><script type="module" src="/bench/bare-mesh.js"></script>';
    return route.fulfill(
      body === undefined
        ? { contentType: 'text/html', body: html }
        : { contentType: 'text/javascript', body },
    );
  });
  await page.goto(`${server.url}/bench/`);
  await page.waitForFunction(() => 'bare' in globalThis);
  return {
    page,
    join: () => page.evaluate<number>(`bare.join(${JSON.stringify(room)}, ${JSON.stringify(name)})`),
    leave: () => page.evaluate('bare.leave()'),
    frames: () => page.evaluate<{ up: number; decoded: number }>('bare.frames()'),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

async function openMeeting(
  browser: Browser,
  room: string,
  name: string,
): Promise<Participant & AsyncDisposable> {
  const { context, page } = await openPage(browser);
  const query = new URLSearchParams({ mid: room, name, media: 'synthetic' });
  await page.goto(`${server.url}/meet/?${query}`);
  await page.evaluate(inMeeting);
  const button = page.getByRole('button', { name: 'Join', exact: true });
  const again = page.getByRole('button', { name: 'Join again' });
  return {
    page,
    join: async () => {
      await button.or(again).first().waitFor();
      if (await again.isVisible()) await again.click();
      await button.waitFor();
      return page.evaluate<number>('meeting.join()');
    },
    leave: async () => {
      await page.getByRole('button', { name: 'Leave the meeting' }).click();
      await again.waitFor();
    },
    frames: () => page.evaluate<{ up: number; decoded: number }>('meeting.frames()'),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

function tell(what: string, ratio: number, goal: number): void {
  const isMet = ratio <= goal;
  console.log(`${what}: ratio ${ratio.toFixed(3)}   (goal: at most ${goal}: ${isMet ? 'met' : 'missed'})`);
  if (!isMet) process.exitCode = 1;
}

/** Who goes first takes turns, so that a machine that gets slower is slower for both. */
function inTurn(round: number): readonly Contestant[] {
  return round % 2 === 0 ? contestants : contestants.toReversed();
}

function roomName(): string {
  return `bench-${crypto.randomUUID().slice(0, 8)}`;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function inMb(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(2)} MB`;
}

function inRange(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(0)} … ${Math.max(...values).toFixed(0)} ms`;
}

async function bundle(entry: string): Promise<string> {
  const options = { bundle: true, write: false, format: 'esm', minify: true, logLevel: 'error' } as const;
  const { outputFiles } = await build({ entryPoints: [entry], ...options });
  return outputFiles[0]?.text ?? '';
}
