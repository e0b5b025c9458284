/**
 * Stands in for the Firefox program: `node firefox-inside.mjs <namespace> <firefox> [arguments]`.
 *
 * Playwright drives Firefox over a TCP port of 127.0.0.1 (WebDriver BiDi), which is another one in each network namespace.
 * So when Firefox says its port, the same port is opened out here, and each connection goes through a socket in the file
 * system, which all namespaces share, to a helper inside.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [namespace = '', firefox = '', ...args] = process.argv.slice(2);
const HELPER = '--helper';

if (namespace === HELPER) {
  await forward(Number(args[0]), { path: firefox }, { host: '127.0.0.1' });
} else {
  const folder = mkdtempSync(join(tmpdir(), 'firefox-inside-'));
  const path = join(folder, 'bidi');
  const inside = (
    /** @type {string[]} */ command,
    /** @type {import('node:child_process').StdioOptions} */ stdio,
  ) => spawn('ip', ['netns', 'exec', namespace, ...command], { stdio });
  const browser = inside([firefox, ...args], ['ignore', 'inherit', 'pipe']);
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let helper;
  process.on('exit', () => {
    helper?.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP']))
    process.on(signal, () => browser.kill(signal));
  browser.on('exit', (code) => process.exit(code ?? 0));

  if (!browser.stderr) throw new Error('Firefox has no stderr');
  for await (const line of createInterface(browser.stderr)) {
    const [, port] = /listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(line) ?? [];
    if (port && !helper) {
      helper = inside(
        [process.execPath, import.meta.filename, HELPER, path, port],
        ['pipe', 'pipe', 'inherit'],
      );
      if (helper.stdout) await once(helper.stdout, 'data');
      await forward(Number(port), { host: '127.0.0.1' }, { path });
    }
    process.stderr.write(`${line}\n`); // only now: Playwright connects as soon as it reads it
  }
}

/**
 * Hands on each connection.
 *
 * @param {number} port on the TCP side
 * @param {{ path: string } | { host: string }} from where to listen
 * @param {{ path: string } | { host: string }} to
 */
async function forward(port, from, to) {
  const end = (/** @type {{ path: string } | { host: string }} */ side) =>
    'path' in side ? side : { ...side, port };
  const server = createServer((near) => {
    const far = connect(end(to));
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  server.listen(end(from));
  await once(server, 'listening');
  if ('path' in from) console.log('ready');
}
