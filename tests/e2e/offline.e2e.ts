import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { withoutNetwork } from '../../scripts/browser.mjs';
import { expect, test } from '../support/lab.ts';

const run = promisify(execFile);
const [probe, probeArgs] = withoutNetwork('true', []);
const isPossible = process.platform === 'linux' && spawnSync(probe, probeArgs).status === 0;

// One waits for all of its candidates, one for the connection, one for nothing at all.
for (const lab of ['signaling-by-hand', 'first-call', 'perfect-negotiation'])
  test(`with no network interface up, ${lab} says so within 3 s @firefox`, async ({ browserName }) => {
    test.skip(!isPossible, 'no private network namespace can be made here');
    const [command, args] = withoutNetwork(process.execPath, ['tests/support/offline.ts', browserName, lab]);
    const { stdout } = await run(command, args);
    const { afterMs, text } = JSON.parse(stdout) as { afterMs: number; text: string };
    expect(text).toContain('No network interface is up');
    expect(text).toContain('Connect this computer to any network');
    expect(afterMs).toBeLessThan(3_000);
  });
