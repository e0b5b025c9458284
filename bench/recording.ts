/**
 * `npm run bench recording`: what recording costs. A call of two peers, 640×480 at 30 frames a second both ways, with
 * everything recorded as in a lab against the same call with nothing recorded.
 *
 * Both run at the same time, in a browser of their own each, so that whatever else the machine does hits both; then
 * they change places. Measured is the CPU time of each browser's processes, from /proc (Linux), for each frame that was
 * decoded: a machine that is too busy for 30 frames a second spends less on the call that got fewer of them.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { cpuSecOf, launchChromium } from './cpu.ts';
import { median } from './median.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 10);
const ROUND_MS = Number(process.env['ROUND_MS'] ?? 8_000);
const GOAL = 1.02;
const ways = ['bare', 'recorded'] as const;
type Way = (typeof ways)[number];

const bundled = await build({
  entryPoints: ['bench/pages/call.ts'],
  bundle: true,
  write: false,
  format: 'esm',
  target: 'es2022',
});
const script = bundled.outputFiles[0]?.text ?? '';
const site = createServer((request, response) => {
  const isScript = request.url?.endsWith('.js');
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
  response.end(isScript ? script : '<!doctype html><script type="module" src="/call.js"></script>');
});
await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;

const ratios: number[] = [];
let entries = 0;
await using one = await openBrowser();
await using other = await openBrowser();
for (const way of ways) await measure(one, way, 1_000); // warms up
for (const way of ways) await measure(other, way, 1_000);
for (let round = 0; round < ROUNDS; round++) {
  const [bare, recorded] = round % 2 === 0 ? [one, other] : [other, one];
  const [without, withIt] = await Promise.all([measure(bare, 'bare'), measure(recorded, 'recorded')]);
  ratios.push(withIt.msPerFrame / without.msPerFrame);
  entries = withIt.entries;
  console.log(
    `  round ${String(round + 1).padStart(2)}: bare ${inWords(without)}, recorded ${inWords(withIt)}, ratio ${ratios.at(-1)?.toFixed(3)}`,
  );
}
site.close();

// The two browsers are never quite alike: the geometric mean over both places takes that out.
const pairs = ratios.flatMap((ratio, index) => {
  const next = ratios[index + 1];
  return index % 2 === 0 && next !== undefined ? [Math.sqrt(ratio * next)] : [];
});
const ratio = median(pairs);
console.log(
  `recorded / bare: ${ratio.toFixed(3)}, from ${Math.min(...pairs).toFixed(3)} to ${Math.max(...pairs).toFixed(3)} over ${pairs.length} pairs of rounds of ${ROUND_MS / 1000} s; ${entries} entries a call   (goal: at most ${GOAL}: ${ratio <= GOAL ? 'met' : 'missed'})`,
);

/** CPU, frames, and the one for the other. */
function inWords({
  cpuSec,
  frames,
  msPerFrame,
}: {
  cpuSec: number;
  frames: number;
  msPerFrame: number;
}): string {
  return `${cpuSec.toFixed(2)} s for ${frames} frames (${msPerFrame.toFixed(2)} ms each)`;
}

interface Opened extends AsyncDisposable {
  readonly page: import('playwright').Page;
  readonly pid: number;
}

async function openBrowser(): Promise<Opened> {
  const { browser, pid } = await launchChromium([
    '--use-fake-device-for-media-stream=fps=30',
    '--use-fake-ui-for-media-stream',
  ]);
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(url);
  await page.waitForFunction(() => 'recorded' in globalThis);
  return { page, pid, [Symbol.asyncDispose]: () => browser.close() };
}

/** The CPU time of one call, start and end left out. */
async function measure({ page, pid }: Opened, way: Way, forMs = ROUND_MS) {
  await page.evaluate(`globalThis.${way}().then((end) => void (globalThis.end = end))`);
  await new Promise((resolve) => setTimeout(resolve, 1_000)); // the bandwidth estimate has settled
  const decoded = () => page.evaluate<number>('globalThis.framesDecoded()');
  const [startSec, startFrames] = [cpuSecOf(pid), await decoded()];
  await new Promise((resolve) => setTimeout(resolve, forMs));
  const [cpuSec, frames] = [cpuSecOf(pid) - startSec, (await decoded()) - startFrames];
  const entries = await page.evaluate<number>('globalThis.end(), globalThis.entries ?? 0');
  return { cpuSec, frames, msPerFrame: (1000 * cpuSec) / Math.max(1, frames), entries };
}
