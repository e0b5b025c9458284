/**
 * `npm run bench lighthouse`: Lighthouse's four scores for the home page and a lesson, as `npm start` serves them.
 *
 * Lighthouse lives in tools/lighthouse and is installed by the first run: nobody else has to download it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Server } from '../tests/support/server.ts';

const GOAL = 95;
const RUNS = 3;
const pages = ['/', '/lessons/orientation/first-call/'];
const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const;

interface Lighthouse {
  default: (
    url: string,
    flags: { port: number; logLevel: string; onlyCategories: readonly string[] },
  ) => Promise<{ lhr: { categories: Record<string, { score: number | null }> } }>;
}
interface ChromeLauncher {
  launch: (options: { chromePath: string; chromeFlags: string[] }) => Promise<{ port: number; kill(): void }>;
}

const folder = resolve('tools/lighthouse');
if (!existsSync(`${folder}/node_modules/lighthouse`)) {
  spawnSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: 'inherit',
  });
}
const require = createRequire(`${folder}/package.json`);
const load = async <T>(name: string) => (await import(pathToFileURL(require.resolve(name)).href)) as T;
const { default: lighthouse } = await load<Lighthouse>('lighthouse');
const { launch } = await load<ChromeLauncher>('chrome-launcher');

await using server = await new Server().start();
const chromePath = process.env['CHROMIUM_PATH'] ?? '';
const chrome = await launch({
  chromePath,
  chromeFlags: ['--headless', '--no-sandbox', '--disable-background-networking'],
});
console.log(`Lighthouse, simulated phone, median of ${RUNS} (goal: ${GOAL} everywhere):`);
for (const page of pages) {
  const runs: number[][] = [];
  for (let run = 0; run < RUNS; run++) {
    const { lhr } = await lighthouse(server.url + page, {
      port: chrome.port,
      logLevel: 'error',
      onlyCategories: categories,
    });
    runs.push(categories.map((name) => Math.round((lhr.categories[name]?.score ?? 0) * 100)));
  }
  const scores = categories.map((name, index) => {
    const sorted = runs.map((run) => run[index] ?? 0).toSorted((a, b) => a - b);
    const score = sorted[Math.floor(RUNS / 2)] ?? 0;
    return `${name} ${score}${score < GOAL ? ' (missed)' : ''}`;
  });
  console.log(`  ${page.padEnd(36)} ${scores.join(', ')}`);
}
chrome.kill();
