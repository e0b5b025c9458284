import { readFileSync } from 'node:fs';
import type { Page } from 'playwright/test';
import AxeBuilder from '@axe-core/playwright';
import type { ReplaySession } from '../../src/lab-kit/replay/session.ts';
import type { Recording } from '../../src/rtc/recording/schema.ts';
import type { Entry } from '../../src/rtc/timeline.ts';
import { hostileFiles } from '../fixtures/hostile.ts';
import { expect, test } from '../support/lab.ts';

const captured = (name: string) => `tests/fixtures/recordings/${name}.json`;

/** The entries that the replay page shows in a place. */
function replayed(page: Page, place: 'a' | 'b' = 'a'): Promise<readonly Entry[]> {
  return page.evaluate(async (where) => {
    type Element = HTMLElement & { load(): Promise<ReplaySession> };
    const session = await document.querySelector<Element>('replay-page')?.load();
    return [...(session?.[where].value?.recording.entries ?? [])];
  }, place);
}

async function openFile(page: Page, file: string): Promise<void> {
  await page.goto('/replay/');
  await page.getByLabel('Choose a file').setInputFiles(file);
  await expect(page.getByRole('slider')).toBeVisible();
}

/** All that had been recorded when it was taken. Channels tell of their end when the run is over already. */
function isRecordOf(taken: readonly Entry[], now: readonly Entry[]): void {
  expect(taken).toEqual(now.slice(0, taken.length));
  expect(taken).toContainEqual(expect.objectContaining({ kind: 'run-ended' }));
}

test('a run is saved, opened, and equals what was recorded, entry by entry', async ({ lab, page }) => {
  const timeline = await lab.run('first-call');
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  await timeline.until({ kind: 'first-frame', peer: 'bob' });
  await page.locator('lab-pane [data-run]').click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save run' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^first-call-\d{4}-\d\d-\d\d-\d{4}\.peerscope\.json$/);
  const file = await download.path();
  const recorded = (JSON.parse(readFileSync(file, 'utf8')) as Recording).entries;
  isRecordOf(recorded, await timeline.entries());
  await openFile(page, file);
  expect(await replayed(page)).toEqual(recorded);
  await expect(page.getByRole('region', { name: 'Source code' })).toContainText('export async function run');
});

test('a run opens in the replay without a file, in another tab, equal entry by entry, and survives its reload @firefox', async ({
  lab,
  page,
  context,
}) => {
  const timeline = await lab.run('trickle-ice');
  await timeline.until({ kind: 'connection-state', peer: 'carol', state: 'connected' });
  await page.locator('lab-pane [data-run]').click();
  const opening = context.waitForEvent('page');
  await page.getByRole('button', { name: 'Open in replay' }).click();
  const tab = await opening;
  await expect(tab.getByRole('slider')).toBeVisible();
  const recorded = await replayed(tab);
  isRecordOf(recorded, await timeline.entries());
  await tab.reload();
  await expect(tab.getByRole('slider')).toBeVisible();
  expect(await replayed(tab)).toEqual(recorded);
});

test('an address whose run is gone says so', async ({ page }) => {
  await page.goto('/replay/#run=nowhere');
  await expect(page.getByRole('alert')).toContainText('no longer kept');
  await expect(page.getByLabel('Choose a file')).toBeAttached();
});

test('the keyboard alone scrubs, and every panel shows that moment', async ({ page }) => {
  await openFile(page, captured('chromium-156-first-call'));
  const slider = page.getByRole('slider', { name: 'Moment of the run' });
  const last = Number(await slider.getAttribute('max'));
  await expect(slider).toHaveJSProperty('value', String(last));
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', /^entry 1 of .* run started/);
  await page.getByRole('tab', { name: 'Statistics' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('While a connection is up')).toBeVisible(); // nothing had been measured yet
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuetext', /^entry 2 of /);
  await page.keyboard.press('PageDown'); // to the next signal, state or error
  await expect(slider).toHaveAttribute('aria-valuetext', /signalingState: have-local-offer/);
  await page.keyboard.press('PageUp');
  await expect(slider).toHaveAttribute('aria-valuetext', /^entry 1 of /);
  await page.keyboard.press('End');
  await expect(slider).toHaveAttribute('aria-valuetext', /run ended/);
});

test('playing takes the run’s own time, and goes on from where somebody puts it', async ({ page }) => {
  await openFile(page, captured('firefox-153-signaling-by-hand'));
  const slider = page.getByRole('slider', { name: 'Moment of the run' });
  await page.getByRole('radio', { name: '0.1×' }).check();
  await page.getByRole('button', { name: 'Play' }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(slider).not.toHaveAttribute('aria-valuetext', /run ended/);
  await page.getByRole('radio', { name: '4×' }).check();
  await expect(slider).toHaveAttribute('aria-valuetext', /run ended/, { timeout: 20_000 });
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
});

test('two runs stand side by side, follow each other by step, and their differences are told', async ({
  page,
}) => {
  await openFile(page, captured('chromium-156-first-call'));
  await page.getByLabel('Compare with another file').setInputFiles(captured('firefox-153-first-call'));
  await expect(page.getByRole('heading', { name: 'What differs' })).toBeVisible();
  await expect(page.getByRole('row', { name: /browser/ })).toContainText('Firefox 153');
  const [first, second] = [
    page.getByRole('slider', { name: 'First run' }),
    page.getByRole('slider', { name: 'Second run' }),
  ];
  await first.focus();
  await page.keyboard.press('Home');
  await expect(second).toHaveAttribute('aria-valuetext', /^entry 1 of /);
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('PageDown');
    if (/alice: signalingState: stable/.test((await first.getAttribute('aria-valuetext')) ?? '')) break;
  }
  await expect(first).toHaveAttribute('aria-valuetext', /alice: signalingState: stable/);
  const place = async () => ({
    first: Number(await first.inputValue()),
    second: Number(await second.inputValue()),
  });
  const [a, b] = [await replayed(page, 'a'), await replayed(page, 'b')];
  const at = await place();
  // Both ends have their answer at this step, and in neither run a frame was decoded before it.
  for (const [list, index] of [
    [a, at.first],
    [b, at.second],
  ] as const) {
    const before = list.slice(0, index + 1);
    expect(
      before.some((entry) => entry.kind === 'description' && entry.peer === 'bob' && entry.type === 'answer'),
    ).toBe(true);
    expect(before.some(({ kind }) => kind === 'first-frame')).toBe(false);
  }
  await page.getByRole('tab', { name: 'SDP' }).first().click();
  await expect(page.getByRole('tab', { name: 'SDP', selected: true })).toHaveCount(2);
  await page.getByRole('button', { name: 'Close this run' }).first().click();
  await expect(page.getByRole('slider')).toHaveCount(1);
  expect(await replayed(page)).toEqual(b);
});

test('broken and hostile files get a sentence, and the page stays alive and quiet', async ({ page }) => {
  await openFile(page, captured('chromium-156-first-call'));
  const before = await replayed(page);
  for (const { name, bytes } of hostileFiles()) {
    await page
      .getByLabel('Open another file')
      .setInputFiles({ name, mimeType: 'application/json', buffer: bytes });
    await expect(page.getByRole('alert'), name).toContainText('This file was not opened.');
    await expect(page.getByRole('alert'), name).toContainText(/\. /);
    await page.getByRole('button', { name: 'Close this message' }).click();
  }
  expect(await replayed(page)).toEqual(before);
  expect(await page.evaluate(() => Object.keys(Object.prototype))).toEqual([]);
});

test('a file that was chosen before the page’s code came is opened once it is there', async ({ page }) => {
  const gate = Promise.withResolvers<void>();
  await page.route('**/_astro/mount*.js', async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.goto('/replay/');
  await page.getByLabel('Choose a file').setInputFiles(captured('chromium-156-trickle-ice'));
  gate.resolve();
  await expect(page.getByRole('slider')).toBeVisible();
});

test('a packed file opens, a pasted one as well', async ({ page }) => {
  const text = readFileSync(captured('chromium-156-signaling-by-hand'));
  await page.goto('/replay/');
  const { gzipSync } = await import('node:zlib');
  await page
    .getByLabel('Choose a file')
    .setInputFiles({ name: 'run.json.gz', mimeType: 'application/gzip', buffer: gzipSync(text) });
  await expect(page.getByRole('slider')).toBeVisible();
  await page.goto('/replay/');
  await page.getByText('Paste its text instead').click();
  await page.getByLabel('Text of the file').fill(text.toString());
  await page.getByRole('button', { name: 'Open the text' }).click();
  await expect(page.getByRole('slider')).toBeVisible();
});

test('a packed dump of chrome://webrtc-internals opens with what is notable about it', async ({ page }) => {
  await openFile(page, 'tests/fixtures/dumps/chromium-156-no-candidates.internals.json.gz');
  await expect(page.getByRole('tab', { name: 'What is notable', selected: true })).toBeVisible();
  await expect(page.getByText(/^Chromium 156 · /)).toBeVisible();
  expect((await replayed(page)).length).toBeGreaterThan(5);
  for (const tab of await page.getByRole('tab').all()) await tab.click();
});

test('a recording of the NAT laboratory opens in every panel, with both ends and what passed each hop', async ({
  page,
}) => {
  await openFile(page, 'public/natlab/turn-udp-blocked-port-restricted.json.gz');
  const entries = await replayed(page);
  const hops = new Set(entries.flatMap((entry) => (entry.kind === 'wire-message' ? [entry.at] : [])));
  expect([...hops].toSorted()).toEqual(['router-a', 'router-b', 'server']);
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await expect(tab).toHaveAttribute('aria-selected', 'true');
  }
  const slider = page.getByRole('slider', { name: 'Moment of the run' });
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', /^entry 1 of /);
});

for (const scheme of ['light', 'dark'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });
    test('axe finds nothing serious before a file, with one run and with two', async ({ page }) => {
      await page.goto('/replay/');
      await expectNoSeriousViolation(page);
      await page.getByRole('button', { name: 'Open the sample' }).click();
      await expect(page.getByRole('slider')).toBeVisible();
      await expectNoSeriousViolation(page);
      await page.getByLabel('Compare with another file').setInputFiles(captured('firefox-153-first-call'));
      await expect(page.getByRole('slider')).toHaveCount(2);
      await expectNoSeriousViolation(page);
    });
  });
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });
  test('nothing is wider than the screen, with one run and with two', async ({ page }) => {
    await openFile(page, captured('chromium-156-trickle-ice'));
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBeLessThanOrEqual(390);
    await page.getByLabel('Compare with another file').setInputFiles(captured('firefox-153-trickle-ice'));
    await expect(page.getByRole('slider')).toHaveCount(2);
    expect(await width()).toBeLessThanOrEqual(390);
  });
});

async function expectNoSeriousViolation(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}
