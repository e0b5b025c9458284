/**
 * `npm run bench connect`: from the start of a call to the first remote frame at both ends, through our Socket.IO server.
 *
 * Our recorded `openPeer` with its room clients against a bare page that does the same with nothing recorded or checked.
 * Both in one run, in turns, each time in a fresh page of the same browser.
 */
import { build } from 'esbuild';
import { chromium, type Browser } from 'playwright';
import { Server } from '../tests/support/server.ts';

const ROUNDS = 20;
const GOAL = 1.15;
const contestants = ['bare', 'recorded'] as const;

await using server = await new Server().start();
const executablePath = process.env['CHROMIUM_PATH'];
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--autoplay-policy=no-user-gesture-required',
    // The page comes from Playwright, which has no address; without this Chromium would not let it reach loopback.
    '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets',
  ],
});
const scripts = {
  'bare.js': await bundle('bench/pages/bare.ts'),
  'recorded.js': await bundle('bench/pages/recorded.ts'),
  'ticker.worker.ts': await bundle('src/rtc/media/ticker.worker.ts'),
};
const times = new Map(contestants.map((name) => [name, [] as number[]]));

for (const name of contestants) await callOnce(browser, name); // warms up codecs and the server
for (let round = 0; round < ROUNDS; round++) {
  // Who goes first takes turns, so that a machine that gets slower is slower for both.
  for (const name of round % 2 === 0 ? contestants : contestants.toReversed()) {
    times.get(name)?.push(await callOnce(browser, name));
  }
}
await browser.close();

const medians = contestants.map((name) => median(times.get(name) ?? []));
console.log(`From start to first remote frame at both ends, ${ROUNDS} calls each, median and range:`);
for (const [index, name] of contestants.entries()) {
  const all = times.get(name) ?? [];
  const range = `${Math.min(...all).toFixed(0)} … ${Math.max(...all).toFixed(0)} ms`;
  console.log(`  ${name.padEnd(9)} ${medians[index]?.toFixed(0).padStart(5)} ms   (${range})`);
}
const [bare = 1, recorded = 1] = medians;
const ratio = recorded / bare;
console.log(
  `recorded / bare: ${ratio.toFixed(3)}   (goal: at most ${GOAL}: ${ratio <= GOAL ? 'met' : 'missed'})`,
);

async function callOnce(browser: Browser, name: (typeof contestants)[number]): Promise<number> {
  await using context = await browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
  const html = `<!doctype html><meta charset="utf-8"><title>${name}</title><body><script type="module" src="/bench/${name}.js"></script>`;
  await page.route('**/bench/*', (route) => {
    const file = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    const script = Object.entries(scripts).find(([known]) => known === file)?.[1];
    return route.fulfill(
      script === undefined
        ? { contentType: 'text/html', body: html }
        : { contentType: 'text/javascript', body: script },
    );
  });
  await page.goto(`${server.url}/bench/`);
  return await page.evaluate<number>('call()'); // awaited here: the context ends with this function
}

async function bundle(entry: string): Promise<string> {
  const options = { bundle: true, write: false, format: 'esm', minify: true, logLevel: 'error' } as const;
  const { outputFiles } = await build({ entryPoints: [entry], ...options });
  return outputFiles[0]?.text ?? '';
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
