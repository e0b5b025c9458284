/**
 * What a lab's page says on a computer with every network interface off. Run inside such a network:
 * `node tests/support/offline.ts chromium first-call` prints what it was told, as JSON.
 *
 * Server and browser are both in there, since they share nothing with the world outside but files.
 */
import { chromium, firefox } from 'playwright';
import config from '../../playwright.config.ts';
import { Server } from './server.ts';

const [name = '', lab = ''] = process.argv.slice(2);
const project = config.projects?.find((each) => each.name === name);
const { channel, launchOptions } = project?.use ?? {};
const type = name === 'firefox' ? firefox : chromium;

await using server = await new Server().start();
await using browser = await type.launch({ ...launchOptions, ...(channel && { channel }) });
const page = await browser.newPage();
await page.goto(`${server.url}/labs/${lab}/`);
await page.locator('lab-pane [data-run]').click();
await page.waitForFunction(() =>
  document
    .querySelector<HTMLElement & { load(): Promise<{ bench: { value: unknown } }> }>('lab-pane')
    ?.load()
    .then(({ bench }) => Boolean(bench.value)),
);
const alert = page.locator('lab-pane .lab-error[data-code=no-network]');
await alert.waitFor();
const told = await page.evaluate(async () => {
  const pane = document.querySelector<
    HTMLElement & {
      load(): Promise<{ entries: { value: { list: { kind: string; atMs: number; code?: string }[] } } }>;
    }
  >('lab-pane');
  const { list } = (await pane!.load()).entries.value;
  const described = list.find(({ kind }) => kind === 'description');
  const told = list.find(({ kind, code }) => kind === 'error' && code === 'no-network');
  return { afterMs: (told?.atMs ?? Number.NaN) - (described?.atMs ?? Number.NaN) };
});
console.log(JSON.stringify({ ...told, text: await alert.innerText() }));
