/** `npm run bench [name …]`: benchmarks that print ratios against peers, both measured in one run. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from './browser.mjs';
import { findCoturn } from './coturn.mjs';

const all = ['connect', 'signaling', 'recording', 'meeting', 'lighthouse', 'timeline', 'turn', 'mcu', 'sfu'];
const names = process.argv.slice(2);
const unknown = names.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark “${unknown.join(', ')}”. There is: ${all.join(', ')}, or nothing for all.`,
  );
  process.exit(2);
}
const { path } = await findChromium();
if (names.length === 0 || names.includes('turn')) findCoturn({ install: true });
for (const name of names.length > 0 ? names : all) {
  console.log(`\n── ${name}`);
  const file =
    ['ts', 'mjs'].map((ending) => `bench/${name}.${ending}`).find((candidate) => existsSync(candidate)) ?? '';
  const { status } = spawnSync('node', [file], {
    stdio: 'inherit',
    env: { ...process.env, CHROMIUM_PATH: path },
  });
  if (status !== 0) process.exitCode = 1;
}
