import type { Page } from 'playwright/test';
import type { CompareSession } from '../../src/lab-kit/compare/session.ts';
import { expect, test } from '../support/lab.ts';

/** Pages of their own for two people on a busy machine. */
const limit = { timeout: 30_000 };

declare global {
  interface Window {
    comparison: CompareSession;
  }
}

/** Runs a task in the third column alone, and waits until it is done there. */
async function run(page: Page, task: string, third: 'helper' | 'simple-peer'): Promise<void> {
  await page.goto(`/compare/?task=${task}&third=${third}`);
  await page.evaluate(async (wanted) => {
    const element = document.querySelector('compare-page') as Element & { load(): Promise<CompareSession> };
    const session = (window.comparison = await element.load());
    session.columns.value = session.columns.value.filter(({ id }) => id === wanted);
    await session.start();
  }, third);
  await expect
    .poll(() => page.evaluate(() => window.comparison.columns.value[0]?.how.value), limit)
    .toBe('done');
}

/** Frames that each connection of the column has decoded, by its label. */
const framesDecoded = (page: Page) =>
  page.evaluate(async () => {
    const connections = window.comparison.columns.value[0]?.bench.value?.connections ?? new Map();
    const frames: Record<string, number> = {};
    for (const [label, pc] of connections as Map<string, RTCPeerConnection>) {
      frames[label] = 0;
      for (const report of (await pc.getStats()).values() as Iterable<RTCInboundRtpStreamStats>)
        if (report.type === 'inbound-rtp') frames[label] += report.framesDecoded ?? 0;
    }
    return frames;
  });

const notes = (page: Page) =>
  page.evaluate(() =>
    (window.comparison.columns.value[0]?.list ?? []).flatMap((entry) =>
      entry.kind === 'note' ? [`${entry.peer}: ${entry.text}`] : [],
    ),
  );

test('our helper: frames at both ends of one connection, and a goodbye that is heard @firefox', async ({
  page,
}) => {
  await run(page, 'closing', 'helper');
  await expect.poll(() => notes(page), limit).toContain('bob: alice has hung up.');
  await run(page, 'call', 'helper');
  await expect
    .poll(async () => Object.values(await framesDecoded(page)).filter((frames) => frames > 0).length, limit)
    .toBe(2);
  const { connections, descriptions } = await page.evaluate(
    () => window.comparison.columns.value[0]!.measures.value!,
  );
  expect({ connections, descriptions }).toEqual({ connections: 2, descriptions: 2 }); // both add, one offers
});

test('simple-peer: a file is whole, and who only receives decodes frames @firefox', async ({ page }) => {
  await run(page, 'file', 'simple-peer');
  const bytes = await page.evaluate(() => window.comparison.columns.value[0]!.measures.value!.channelBytes);
  expect(bytes).toBeGreaterThan(3_000_000);
  await run(page, 'receive-only', 'simple-peer');
  await expect.poll(async () => (await framesDecoded(page))['bob'], limit).toBeGreaterThan(0);
  expect((await framesDecoded(page))['alice']).toBe(0);
});
