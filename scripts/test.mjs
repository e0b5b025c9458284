/**
 * `npm test`: types, lint, unit tests and browser tests, with the browser they need.
 *
 *   npm test                  everything
 *   npm test -- unit          check nothing else
 *   npm run e2e -- trickle    the browser tests whose path has “trickle” in it
 *   npm test -- natlab        nine calls between homes behind NATs; `npm run natlab` makes all
 *
 * The last line counts: `N passed, N failed`, and `, N skipped` where something could not run on this machine.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import {
  findChromium,
  findChromiumShell,
  findFirefox,
  findNatLab,
  inNatLab,
  inPrivateNetwork,
  missingForPrivateNetwork,
} from './browser.mjs';
import { runChecks } from './check.mjs';
import { findCoturn } from './coturn.mjs';
import { findJanus } from './janus.mjs';

const [what = 'all', ...filters] = process.argv.slice(2);
const parts = {
  all: ['check', 'unit', 'e2e', 'natlab'],
  check: ['check'],
  unit: ['unit'],
  e2e: ['e2e'],
  natlab: ['natlab'],
}[what];
if (!parts) {
  console.error(`npm test -- ${what}? There is: check, unit, e2e, natlab, or nothing for all of them.`);
  process.exit(2);
}

const total = { passed: 0, failed: 0, skipped: 0 };
/** Repeated at the end: in a long log nobody finds them. @type {string[]} */
const failures = [];
/** The reports, and all that the tests and browsers leave in the folder for temporary files: gone at the end. */
const scratch = mkdtempSync(join(tmpdir(), 'peerscope-test-'));

if (parts.includes('check')) add(runChecks());
if (parts.some((part) => part !== 'check')) {
  const chromium = await findChromium();
  console.log(`\nChromium: ${chromium.path} (${chromium.from})`);
  const shell = findChromiumShell(chromium);
  console.log(`Without its window: ${shell.path} (${shell.from})`);
  process.env['CHROMIUM_PATH'] = chromium.path;
  process.env['CHROMIUM_SHELL_PATH'] = shell.path;
  const coturn = findCoturn({ install: true });
  console.log(
    'missing' in coturn ? `Skipped against coturn: ${coturn.missing}.` : `coturn: ${coturn.found.folder}`,
  );
}
if (parts.includes('unit')) await unit();
if (parts.includes('e2e')) e2e();
if (parts.includes('natlab')) natlab();
rmSync(scratch, { recursive: true, force: true });

if (failures.length > 0) console.log(`\nFailed:\n${failures.map((name) => `  ${name}`).join('\n')}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
// A test that cannot run is no green test: our own CI has everything it needs.
process.exitCode = total.failed > 0 || (process.env['CI'] && total.skipped > 0) ? 1 : 0;

/**
 * Those in Node, which wait more than they work, are two at a time; beside them those in a browser, one after the other.
 * Vitest alone would run one of each on a machine with two processors.
 */
async function unit() {
  await Promise.all([vitest('unit', ['--maxWorkers=2']), vitest('browser', [])]);
}

/** @param {string} project @param {string[]} options */
async function vitest(project, options) {
  const output = join(scratch, `vitest-${project}.json`);
  const args = ['run', `--project=${project}`, '--passWithNoTests', ...options, ...filters];
  const [status] = await once(spawn('vitest', args, inherited({ VITEST_JSON: output })), 'close');
  const report = read(output);
  add({
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    skipped: report?.numPendingTests ?? 0,
  });
  for (const { name, message, status: outcome, assertionResults = [] } of report?.testResults ?? []) {
    const failed = assertionResults.filter(
      (/** @type {{ status: string }} */ test) => test.status === 'failed',
    );
    for (const test of failed)
      failures.push(`${name} › ${test.fullName}: ${beginning(test.failureMessages?.[0])}`);
    if (outcome === 'failed' && failed.length === 0) failures.push(`${name}: ${beginning(message)}`);
  }
  if (status !== 0 && !report?.numFailedTests) total.failed += 1; // a file that did not load, an unhandled error
}

function e2e() {
  const inPairs = ['--workers=2', ...filters];
  if (run('node', ['scripts/run.mjs', 'build-if-stale']).status !== 0) return void (total.failed += 1);
  playwright('chromium', asItIs, inPairs);
  playwright('chromium-alone', asItIs, inPairs);
  withJanus('janus');
  const firefox = findFirefox();
  if ('missing' in firefox) {
    console.log(`\nSkipped in Firefox: ${firefox.missing}.`);
    total.skipped += 1;
    return;
  }
  console.log(`\nFirefox: ${firefox.found.path} (${firefox.found.from})`);
  process.env['FIREFOX_PATH'] = firefox.found.path;
  playwright('firefox', inPrivateNetwork, inPairs);
  playwright('firefox-alone', inPrivateNetwork, inPairs);
  withJanus('janus-firefox');
}

/**
 * Media of Janus cannot use loopback: it, our server and the browser are in a network of their own.
 *
 * @param {string} project
 */
function withJanus(project) {
  const janus = findJanus({ install: true });
  const missing = 'missing' in janus ? janus.missing : missingForPrivateNetwork();
  if (missing) {
    console.log(`\nSkipped with Janus: ${missing}.`);
    total.skipped += 1;
    return;
  }
  playwright(project, inPrivateNetwork);
}

/** Calls between homes behind NATs, in network namespaces: nine of them, or all when `NATLAB` is `all`. */
function natlab() {
  if (run('node', ['scripts/run.mjs', 'build-if-stale']).status !== 0) return void (total.failed += 1);
  const { missing } = findNatLab();
  if (missing) {
    console.log(`\nSkipped: ${missing}.`);
    total.skipped += 1;
    return;
  }
  if (process.env['NATLAB'] === 'all') {
    const firefox = findFirefox();
    if ('missing' in firefox) console.log(`\nWithout Firefox: ${firefox.missing}.`);
    else process.env['FIREFOX_PATH'] = firefox.found.path;
  }
  const titles = filters.length > 0 ? ['-g', filters.join('|')] : [];
  playwright('natlab', inNatLab, titles);
}

/** @param {string} command @param {string[]} args @returns {[string, string[]]} */
function asItIs(command, args) {
  return [command, args];
}

/**
 * @param {string} project
 * @param {(command: string, args: string[]) => [string, string[]]} wrap
 * @param {string[]} [which] what of the tests
 */
function playwright(project, wrap, which = filters) {
  const output = join(scratch, `${project}.json`);
  const cli = join('node_modules', 'playwright', 'cli.js');
  const args = wrap('node', [cli, 'test', `--project=${project}`, '--pass-with-no-tests', ...which]);
  const { status } = run(...args, { PLAYWRIGHT_JSON_OUTPUT_NAME: output });
  const report = read(output);
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = report?.stats ?? {};
  for (const name of failedSpecs(report?.suites ?? [])) failures.push(`[${project}] ${name}`);
  add({ passed: expected, failed: unexpected + flaky, skipped });
  if (status !== 0 && unexpected + flaky === 0) total.failed += 1;
}

/** @param {string} command @param {string[]} args @param {Record<string, string>} [extra] */
function run(command, args, extra = {}) {
  return spawnSync(command, args, inherited(extra));
}

/** @param {Record<string, string>} extra */
function inherited(extra) {
  return {
    stdio: /** @type {const} */ ('inherit'),
    env: { ...process.env, TMPDIR: scratch, ...extra },
    shell: process.platform === 'win32',
  };
}

/**
 * @param {{ title: string, suites?: any[], specs?: { title: string, ok: boolean, tests: unknown[] }[] }[]} suites
 * @returns {string[]}
 */
function failedSpecs(suites) {
  return suites.flatMap(({ title, specs = [], suites: inner = [] }) =>
    [
      ...specs.filter(({ ok }) => !ok).map((spec) => `${spec.title}: ${beginning(messageOf(spec))}`),
      ...failedSpecs(inner),
    ].map((name) => `${title} › ${name}`),
  );
}

/** @param {any} spec of Playwright's report @returns {string | undefined} */
function messageOf({ tests = [] }) {
  const results = tests.flatMap((/** @type {any} */ { results = [] }) => results);
  const failed = results.find((/** @type {any} */ { error }) => error);
  return failed?.error.message;
}

/** @param {string | undefined} text @returns {string} what a failure says, without its stack: some lines at most */
function beginning(text = '') {
  const said = stripVTControlCharacters(text).split(/\n\s+at /, 1)[0] ?? '';
  return said.split('\n').slice(0, 24).join('\n    ').slice(0, 2000);
}

/** @param {string} file */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {{ passed: number, failed: number, skipped?: number }} part */
function add({ passed, failed, skipped = 0 }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}
