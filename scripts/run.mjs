#!/usr/bin/env node
/**
 * The runner behind every npm script. Plain JavaScript without dependencies: it starts on any Node from 18 on,
 * installs what is missing, brings a newer Node where the machine's is too old, and runs a task with it.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

/** Astro wants 22.12, running TypeScript as it is wants 22.18. */
const NODE_NEEDED = [22, 18];

/** @type {Record<string, (args: string[]) => Promise<number>>} */
const tasks = {
  start: async (args) => {
    const built = await buildIfStale();
    return built === 0 ? node('server/main.ts', ...args) : built;
  },
  dev: (args) => tool('astro', 'dev', ...args),
  build: () => build(),
  check: () => node('scripts/check.mjs'),
  test: (args) => node('scripts/test.mjs', ...args),
  e2e: async (args) => {
    const built = await buildIfStale();
    return built === 0 ? node('scripts/test.mjs', 'e2e', ...args) : built;
  },
  natlab: async (args) => {
    const built = await buildIfStale();
    return built === 0
      ? run('node', ['scripts/test.mjs', 'natlab', ...args], { ...env, NATLAB: 'all' })
      : built;
  },
  bench: async (args) => {
    const built = await buildIfStale();
    return built === 0 ? node('scripts/bench.mjs', ...args) : built;
  },
  'new-lab': (args) => node('scripts/new-lab.mjs', ...args),
  'build-if-stale': () => buildIfStale(),
  exec: ([command, ...args]) =>
    command ? run(command, args) : fail('npm run exec -- <command> [arguments]'),
};

const [name = '', ...args] = process.argv.slice(2);
const task = tasks[name];
if (!task) process.exit(fail(`There is no task “${name}”. Tasks: ${Object.keys(tasks).join(', ')}.`));
await install();
const env = await environment();
process.exitCode = await task(args);

/** Installs the dependencies when package.json or the lockfile changed since the last time. */
async function install() {
  const stamp = 'node_modules/.installed';
  const wanted = hashOf(['package.json', 'package-lock.json']);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing dependencies (once, about a minute) …');
  // `install` and not `ci`: the lockfile may lack optional packages of other platforms, which `ci` refuses.
  const code = await run(npm(), ['install', '--no-audit', '--no-fund', '--loglevel=error'], process.env);
  if (code !== 0) process.exit(fail('npm could not install the dependencies; its message stands above.'));
  writeFileSync(stamp, hashOf(['package.json', 'package-lock.json']));
}

/** The environment for tasks: the right Node and the project's tools first on the PATH. */
async function environment() {
  const own = newEnough(process.versions.node) ? dirname(process.execPath) : await bringNode();
  const path = [own, join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  return { ...process.env, PATH: path, ASTRO_TELEMETRY_DISABLED: '1' };
}

async function bringNode() {
  if (!ownNode()) {
    say(`This machine has Node ${process.versions.node}; bringing a newer one into tools/node (once) …`);
    const code = await run(
      npm(),
      ['install', '--prefix', 'tools/node', '--no-audit', '--no-fund', '--loglevel=error'],
      process.env,
    );
    if (code !== 0)
      process.exit(
        fail(`npm could not bring a newer Node. Install Node ${NODE_NEEDED.join('.')} or newer yourself.`),
      );
  }
  const binary = ownNode();
  if (binary) return dirname(binary);
  return process.exit(
    fail(
      `There is no Node package for ${process.platform} ${process.arch}. Install Node ${NODE_NEEDED.join('.')} or newer yourself.`,
    ),
  );
}

function ownNode() {
  const modules = join(root, 'tools', 'node', 'node_modules');
  if (!existsSync(modules)) return undefined;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const binaries = readdirSync(modules).map((name) => join(modules, name, 'bin', file));
  return binaries.find((binary) => existsSync(binary));
}

/** @param {string} version */
function newEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = NODE_NEEDED;
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

/** Builds the site unless the last build was made from the same files. */
async function buildIfStale() {
  const stamp = 'dist/.stamp';
  const now = sourcesHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return 0;
  say('Building the site …');
  return build();
}

async function build() {
  rmSync('dist', { recursive: true, force: true });
  const code = (await tool('astro', 'build')) || (await node('scripts/compress.mjs'));
  if (code === 0) writeFileSync('dist/.stamp', sourcesHash());
  return code;
}

function sourcesHash() {
  return hashOf([
    'astro.config.mjs',
    'tsconfig.json',
    'package.json',
    'package-lock.json',
    'scripts/compress.mjs',
    ...filesBelow('src'),
    ...filesBelow('public'),
  ]);
}

/** @param {string[]} files */
function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    if (existsSync(file)) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? filesBelow(path) : [path];
    });
}

/** @param {string} script @param {string[]} args */
function node(script, ...args) {
  return run('node', [script, ...args]);
}

/** A tool of the project, by its name in node_modules/.bin. @param {string} name @param {string[]} args */
function tool(name, ...args) {
  return run(process.platform === 'win32' ? `${name}.cmd` : name, args);
}

function npm() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}

/**
 * Runs a program to its end and gives its exit code. Signals that reach us reach it.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Promise<number>}
 */
function run(command, args, environment = env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: environment,
      shell: command.endsWith('.cmd'),
    });
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, forward);
    child.on('error', (error) => resolve(fail(`${command} could not be started: ${error.message}`)));
    child.on('exit', (code, signal) => {
      for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.off(name, forward);
      resolve(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1));
    });
  });
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`${text}\n`);
}

/** @param {string} text */
function fail(text) {
  say(text);
  return 1;
}
