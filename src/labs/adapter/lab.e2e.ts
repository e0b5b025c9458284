import adapterOrNot from '../../exercises/adapter-or-not/exercise.ts';
import { expect, test } from '../../../tests/support/lab.ts';
import { probes } from './probes.ts';

interface Kept {
  globalsBefore?: Readonly<Record<string, PropertyDescriptor>>;
}

test('with adapter descriptors and answers differ, without none does, the page stays as it is; the exercise says what was measured @firefox', async ({
  lab,
  page,
  browserName,
}) => {
  await lab.open('adapter');
  // The page's own code is there, with whatever that loads; what the run does comes after.
  await page.evaluate(() =>
    document.querySelector<HTMLElement & { load(): Promise<unknown> }>('lab-pane')!.load(),
  );
  await page.evaluate(() => {
    (window as Kept).globalsBefore = {
      ...Object.getOwnPropertyDescriptors(RTCPeerConnection.prototype),
      ...Object.getOwnPropertyDescriptors(navigator),
      RTCPeerConnection: Object.getOwnPropertyDescriptor(window, 'RTCPeerConnection')!,
    };
  });
  await lab.start();
  const panel = page.locator('.adapter');
  const summary = panel.getByRole('status');
  await expect(summary).toContainText(/^It takes this browser for (chrome|firefox) \d+/);
  await expect(summary).toContainText('Where nothing was loaded, nothing has changed.');
  await expect(summary).toContainText('PeerJS brings it along: a page that loaded only PeerJS has the same');
  await expect(panel.locator('[data-probe]')).toHaveCount(probes.length, { timeout: 40_000 });
  await expect(summary).toContainText(/[1-9]\d* answers? of \d+ differs?\./);

  const changed = await panel.locator('.adapter-changes code').allTextContents();
  // What this engine is patched for by the library's own source, chrome_shim.js and firefox_shim.js.
  expect(changed).toContain(
    browserName === 'chromium' ? 'RTCPeerConnection.prototype.addStream' : 'navigator.getUserMedia',
  );
  const touched = await page.evaluate(() => {
    const before = (window as Kept).globalsBefore ?? {};
    const now: Record<string, PropertyDescriptor> = {
      ...Object.getOwnPropertyDescriptors(RTCPeerConnection.prototype),
      ...Object.getOwnPropertyDescriptors(navigator),
      RTCPeerConnection: Object.getOwnPropertyDescriptor(window, 'RTCPeerConnection')!,
    };
    const isAnother = (key: string) =>
      before[key]?.value !== now[key]?.value || before[key]?.get !== now[key]?.get;
    return { of: Object.keys(before).length, keys: Object.keys({ ...before, ...now }).filter(isAnother) };
  });
  expect(touched.of).toBeGreaterThan(20);
  expect(touched.keys).toEqual([]);

  const measured = new Map(
    await panel
      .locator('[data-probe]')
      .evaluateAll((rows) =>
        rows.map(
          (row) => [row.getAttribute('data-probe'), row.getAttribute('data-differs') === 'true'] as const,
        ),
      ),
  );
  if (adapterOrNot.kind !== 'predict') throw new Error('it has questions');
  for (const { id, choices } of adapterOrNot.questions) {
    const right = choices.find((choice) => choice.right)?.text ?? '';
    const engine = browserName === 'chromium' ? 'Chromium' : 'Firefox';
    expect({ id, differs: measured.get(id) }).toEqual({
      id,
      differs: right.includes(engine) || right === 'in both',
    });
  }
});
