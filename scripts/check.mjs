/** `npm run check`: types, lint (with import direction), formatting, dead code. All of them run; one failure fails. */
import { spawnSync } from 'node:child_process';

/** @type {[name: string, command: string, args: string[]][]} */
const checks = [
  ['types', 'astro', ['check', '--minimumFailingSeverity', 'error']],
  ['lint and import direction', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['formatting', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['dead code', 'knip', []],
];

/** @returns {{ passed: number, failed: number }} */
export function runChecks() {
  const failed = checks.filter(([name, command, args]) => {
    console.log(`\n── ${name}`);
    const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
    if (status !== 0) console.log(`✗ ${name}`);
    return status !== 0;
  });
  return { passed: checks.length - failed.length, failed: failed.length };
}

if (process.argv[1] === import.meta.filename) {
  const { passed, failed } = runChecks();
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
