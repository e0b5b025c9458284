import { readFileSync } from 'node:fs';
import type { Page } from 'playwright/test';
import { callSteps, checkOrder } from '../../src/rtc/order.ts';
import { expect, test } from '../support/lab.ts';

const lines = (lab: string) => readFileSync(`src/labs/${lab}/run.ts`, 'utf8').split('\n');

test('each call and each signal names the line of run.ts that it comes from @firefox', async ({ lab }) => {
  const timeline = await lab.run('first-call');
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  const source = lines('first-call');
  const entries = await timeline.entries();
  const words = entries.flatMap((entry) =>
    entry.kind === 'call'
      ? [[entry.method, entry.line] as const]
      : entry.kind === 'signal-sent'
        ? [['signaling.send', entry.line] as const]
        : [],
  );
  expect(words.length).toBeGreaterThan(10);
  for (const [word, line = 0] of words) expect(source[line - 1]).toContain(`${word}(`);
});

/** What the strip says of the step that waits: its number, and the line that it marks. */
const strip = (page: Page) => ({
  step: (number: number) => page.locator('.lab-stepper-text', { hasText: `Step ${number} ` }),
  text: page.locator('.lab-stepper-text'),
  next: page.getByRole('button', { name: 'Next step' }),
  marked: page.locator('.ps-code[data-waiting] .ps-marked'),
  question: (number: number) => page.locator(`[data-question="${number - 1}"]`),
});

/** The steps of a first call, in the order in which the code comes to them. */
const firstCall = [
  'The code of the lab starts',
  'alice opens camera',
  'bob opens camera',
  'alice makes an offer and sets it as local description: setLocalDescription()',
  'alice sends the offer to bob',
  'bob sets the offer as remote description: setRemoteDescription()',
  'bob makes the answer and sets it as local description: setLocalDescription()',
  'bob sends the answer to alice',
  'alice sets the answer as remote description: setRemoteDescription()',
];

test('by keyboard alone: each step waits in front of its line, and the call goes on to connected', async ({
  lab,
  page,
}) => {
  await lab.open('first-call');
  const { step, text, next, marked } = strip(page);
  await page.getByRole('radio', { name: 'By itself' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'Step by step' })).toBeChecked();
  await page.locator('[data-run]').focus();
  await page.keyboard.press('Enter');
  const source = lines('first-call');
  for (const [index, words] of firstCall.entries()) {
    await expect(step(index + 1)).toContainText(words);
    await expect(next).toBeFocused();
    const { timeline } = lab;
    const before = await timeline.entries();
    await page.waitForTimeout(1_000); // the very thing to be shown: time passes and nothing happens
    const calls = (await timeline.entries()).slice(before.length).filter(({ kind }) => kind === 'call');
    expect(calls).toEqual([]);
    const call = /(\w+)\(\)$/.exec(words)?.[1];
    if (call) {
      const line = await marked.evaluate((element) => [...element.parentElement!.children].indexOf(element));
      expect(source[line]).toContain(`${call}(`);
    }
    await page.keyboard.press('Space');
  }
  await lab.timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  await lab.timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
  await expect(text).toHaveCount(0);
  await expect
    .poll(async () => checkOrder(await lab.timeline.entries(), callSteps('alice', 'bob')))
    .toEqual([]);
  const entries = await lab.timeline.entries();
  expect(entries.filter(({ kind }) => kind === 'step')).toHaveLength(firstCall.length);
});

test('a stepped call connects in this browser, whatever clocks it has @firefox', async ({ lab, page }) => {
  await lab.open('first-call', { pace: 'step' });
  await lab.start();
  const { step } = strip(page);
  for (const [index, words] of firstCall.slice(0, 7).entries()) {
    await expect(step(index + 1)).toContainText(words);
    await page.waitForTimeout(500);
    await page.keyboard.press('PageDown');
  }
  // The answer is in force. Firefox gives up 5 s later, so there the page lets the last two steps go by itself.
  await expect(page.locator('.lab-stepper-clock')).toContainText('does not wait with the code');
  const hurries = await page.locator('.lab-stepper-clock', { hasText: 'goes on by itself' }).count();
  for (const number of hurries === 0 ? [8, 9] : []) {
    await expect(step(number)).toBeVisible();
    await page.keyboard.press('PageDown');
  }
  await lab.timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
});

test('a question before each step, the answer is kept, and the step is not given away before', async ({
  lab,
  page,
}) => {
  await lab.open('first-call', { pace: 'step' });
  await page.getByLabel('Predict').check();
  await lab.start();
  const { step, text, marked, question } = strip(page);
  await expect(step(1)).toBeVisible(); // nothing to guess about the start
  await page.keyboard.press('PageDown');
  for (let number = 2; number <= 4; number++) {
    await expect(question(number).getByRole('button')).toHaveCount(3);
    await expect(text).toHaveCount(0);
    await expect(marked).toHaveCount(0);
    await page.keyboard.press('PageDown'); // a question wants an answer
    await expect(question(number)).toBeVisible();
    await page.keyboard.press(String(number - 1));
    await expect(step(number)).toContainText(firstCall[number - 1] ?? '');
    await expect(page.locator('.lab-stepper-verdict')).toBeVisible();
    await page.keyboard.press('PageDown');
  }
  await expect(page.locator('.lab-stepper-score')).toContainText('of 3 right');
  const entries = await lab.timeline.entries();
  const predictions = entries.flatMap((entry) => (entry.kind === 'prediction' ? [entry] : []));
  expect(predictions).toHaveLength(3);
  for (const [index, { options, chosen, happened }] of predictions.entries()) {
    expect(options).toHaveLength(3);
    expect(chosen).toBe(options[index]);
    expect(happened).toContain(firstCall[index + 1]?.split(':')[0]);
  }
});

test('slowly: the call connects by itself, a step after a step', async ({ lab, page }) => {
  await lab.open('trickle-ice', { pace: 'slow' });
  const timeline = await lab.start();
  await expect(page.locator('.lab-stepper-text')).toBeVisible();
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' }, 40_000);
  const steps = (await timeline.entries()).filter(({ kind }) => kind === 'step');
  const gaps = steps.slice(1).map(({ atMs }, index) => atMs - (steps[index]?.atMs ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(1_000);
});

test('a stop while a step waits ends the run, and the next one begins with its first step', async ({
  lab,
  page,
}) => {
  await lab.open('first-call', { pace: 'step' });
  await lab.start();
  const { step, text } = strip(page);
  await expect(step(1)).toBeVisible();
  await page.keyboard.press('PageDown');
  await expect(step(2)).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await lab.timeline.until({ kind: 'run-ended', why: 'stopped' });
  await expect(text).toHaveCount(0);
  await page.getByRole('button', { name: 'Run again' }).click();
  await expect(step(1)).toBeVisible();
});

test('letting a held run go by itself connects it', async ({ lab, page }) => {
  await lab.open('trickle-ice', { pace: 'step' });
  await lab.start();
  const { step } = strip(page);
  await expect(step(1)).toBeVisible();
  await page.keyboard.press('PageDown');
  await expect(step(2)).toBeVisible();
  await page.getByRole('radio', { name: 'By itself' }).check();
  await lab.timeline.until({ kind: 'connection-state', peer: 'dave', state: 'connected' });
});

test('a link that names a pace nobody knows says so', async ({ lab, page }) => {
  await lab.open('first-call', { pace: 'backwards' });
  await expect(page.getByText('pace=backwards')).toBeVisible();
  await expect(page.getByRole('radio', { name: 'By itself' })).toBeChecked();
});

test('beside a lesson the strip shows the line, and stepping moves nothing below it', async ({ page }) => {
  await page.goto('/lessons/orientation/first-call/');
  await page.getByRole('radio', { name: 'Step by step' }).check();
  await page.locator('lab-pane [data-run]').click();
  const { step } = strip(page);
  const stage = page.locator('.lab-body');
  const tops: number[] = [];
  for (let number = 1; number <= 4; number++) {
    await expect(step(number)).toBeVisible();
    tops.push(await stage.evaluate((element) => element.getBoundingClientRect().top + scrollY));
    if (number < 4) await page.keyboard.press('PageDown');
  }
  await expect(page.locator('.lab-stepper-line')).toContainText('pc.setLocalDescription()');
  expect(new Set(tops)).toEqual(new Set([tops[0]]));
});
