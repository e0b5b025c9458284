import { readdirSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { LabSession } from '../../src/lab-kit/session.ts';
import { expect, test } from '../support/lab.ts';

const labs = readdirSync('src/labs').filter((id) => !id.startsWith('_'));

for (const id of labs) {
  test(`${id} runs with every panel that it names, now and as it was before`, async ({ lab, page }) => {
    const timeline = await lab.run(id);
    const connects = await page.evaluate(connectsPeers);
    const { seq } = connects
      ? await timeline.until({ kind: 'description', side: 'local', type: 'offer' })
      : await timeline.until({ kind: 'run-started' });

    const tabs = await page.getByRole('tab').all();
    if (connects) expect(tabs.length).toBeGreaterThan(3);
    for (const tab of tabs) {
      await tab.click();
      await expect(tab).toHaveAttribute('aria-selected', 'true');
      const panel = page.getByRole('tabpanel');
      // The panels that labs share are tested over many records; the lab's own one is looked at now and then.
      for (const focus of tab === tabs[0] ? [0, seq, null] : [seq]) {
        await lab.focus(focus);
        await expect(panel).not.toBeEmpty();
      }
    }
    // The panels that labs share, and the colours of code, are looked at in site.e2e.ts: here the lab's own, or its first.
    await tabs[0]?.click();
    await lab.focus(null);
    const { violations } = await new AxeBuilder({ page })
      .include('lab-pane')
      .exclude('pre')
      .setLegacyMode(true)
      .analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id: rule, nodes }) => `${rule}: ${nodes[0]?.html}`)).toEqual([]);
    // The fixtures fail the test on any uncaught error and on any line in the console.
  });
}

/** Whether the lab of the page connects peers; one about capture only has neither an offer nor their panels. */
async function connectsPeers(): Promise<boolean> {
  const pane = document.querySelector<HTMLElement & { load(): Promise<LabSession> }>('lab-pane');
  const session = await pane?.load();
  const pairs = session?.definition.pairs ?? [];
  return typeof pairs === 'function' || pairs.length > 0;
}
