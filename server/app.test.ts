import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import { serve, until } from '../tests/support/serve.ts';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { inlineHashes } from './http/csp.ts';

const page = '<!doctype html><title>Home</title><script>home()</script><style>a{}</style>';
const script = `export const x = 1; // ${'x'.repeat(2_000)}`;

/** A small built site. */
async function site(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'peerscope-site-'));
  await mkdir(join(root, '_astro'));
  await mkdir(join(root, 'lessons', 'one'), { recursive: true });
  await writeFile(join(root, 'index.html'), page);
  await writeFile(join(root, 'lessons', 'one', 'index.html'), '<title>One</title><script>one()</script>');
  await writeFile(join(root, 'about.html'), '<title>About</title>');
  await writeFile(join(root, '404.html'), '<title>Not found</title><script>lost()</script>');
  await writeFile(join(root, '_astro', 'a.1234.js'), script);
  await writeFile(join(root, '_astro', 'a.1234.js.br'), brotliCompressSync(script));
  await writeFile(join(root, '_astro', 'a.1234.js.gz'), gzipSync(script));
  await writeFile(join(root, '.hidden'), 'secret');
  await writeFile(join(root, 'sp ace.txt'), 'a name with a space');
  return root;
}

/** A request as it is, without the normalisation of `fetch`. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  let answer = '';
  for await (const bytes of socket) answer += String(bytes);
  return answer;
}
const rawGet = (port: number, path: string) =>
  raw(port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);

test.each([
  ['', 'Home'],
  ['lessons/one/', 'One'],
  ['lessons/one', 'One'],
  ['lessons/one/?q=1', 'One'],
  ['about', 'About'],
])('/%s is the page %s', async (path, title) => {
  await using server = await serve({ siteDir: await site() });
  const answer = await fetch(server.url + path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-cache');
  expect(await answer.text()).toContain(`<title>${title}</title>`);
});

test('each page allows its own inline blocks and no other page’s', async () => {
  await using server = await serve({ siteDir: await site() });
  const policy = async (path: string) =>
    (await fetch(server.url + path)).headers.get('content-security-policy')!;
  const { scripts, styles } = inlineHashes(page);
  expect(await policy('')).toContain(scripts[0]);
  expect(await policy('')).toContain(styles[0]);
  expect(await policy('lessons/one/')).not.toContain(scripts[0]);
  expect(await policy('lessons/one/')).toContain(inlineHashes('<script>one()</script>').scripts[0]);
  expect(await policy('')).toContain(
    `ws://127.0.0.1:${server.port} `.replace('127.0.0.1', new URL(server.url).hostname),
  );
});

test('every answer carries the security headers, errors included', async () => {
  await using server = await serve({ siteDir: await site() });
  for (const path of ['', '_astro/a.1234.js', 'nothing', 'healthz', 'links.json', '%']) {
    const { headers } = await fetch(server.url + path);
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin');
    expect(headers.get('permissions-policy'), path).toContain('camera=(self)');
    expect(headers.get('content-security-policy'), path).toContain("default-src 'none'");
  }
});

test.each(['br', 'gzip'])('a precompressed file is sent as %s to who takes it', async (encoding) => {
  await using server = await serve({ siteDir: await site() });
  const answer = await fetch(`${server.url}_astro/a.1234.js`, { headers: { 'accept-encoding': encoding } });
  expect(answer.headers.get('content-encoding')).toBe(encoding);
  expect(answer.headers.get('vary')).toBe('Accept-Encoding');
  expect(answer.headers.get('cache-control')).toContain('immutable');
  expect(await answer.text()).toBe(script);
});

test('a file that is packed itself arrives as it is: the page unpacks it', async () => {
  const root = await site();
  const packed = gzipSync('{"format":"peerscope-recording"}');
  await writeFile(join(root, 'run.json.gz'), packed);
  await using server = await serve({ siteDir: root });
  const answer = await fetch(`${server.url}run.json.gz`, { headers: { 'accept-encoding': 'br, gzip' } });
  expect(answer.headers.get('content-type')).toBe('application/gzip');
  expect(answer.headers.get('content-encoding')).toBeNull();
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(packed);
  expect((await fetch(`${server.url}run.json`)).status).toBe(404);
});

test('a compressed file of an earlier build is not sent', async () => {
  const root = await site();
  await using server = await serve({ siteDir: root });
  await utimes(join(root, '_astro', 'a.1234.js.br'), 1, 1);
  const answer = await fetch(`${server.url}_astro/a.1234.js`, { headers: { 'accept-encoding': 'br' } });
  expect(answer.headers.get('content-encoding')).toBeNull();
});

test('an unchanged file is not sent again', async () => {
  await using server = await serve({ siteDir: await site() });
  const etag = (await fetch(server.url)).headers.get('etag')!;
  const again = await fetch(server.url, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  expect(await again.text()).toBe('');
});

test('HEAD has headers only; anything but reading is refused', async () => {
  await using server = await serve({ siteDir: await site() });
  const head = await fetch(server.url, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(head.headers.get('content-length')).toBe(String(page.length));
  for (const path of ['', 'healthz', 'links.json']) {
    const post = await fetch(server.url + path, { method: 'POST', body: 'x' });
    expect(post.status).toBe(405);
    expect(post.headers.get('allow')).toBe('GET, HEAD');
  }
});

test('a missing page is 404.html with its own policy; for a script a few words do', async () => {
  await using server = await serve({ siteDir: await site() });
  const answer = await fetch(`${server.url}nothing/here/`, { headers: { accept: 'text/html' } });
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('Not found');
  expect(answer.headers.get('content-security-policy')).toContain(
    inlineHashes('<script>lost()</script>').scripts[0],
  );
  expect((await fetch(`${server.url}_astro/nothing.js`)).status).toBe(404);
});

test.each([
  '/%',
  '/%E0%A4%A',
  '/%00',
  '/../../etc/passwd',
  '/..%2f..%2fetc%2fpasswd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..\\..\\etc',
  '/.hidden',
  '/lessons/../.hidden',
  '//..//..//etc/passwd',
  'http://localhost/../etc/passwd',
  '*',
  '/lessons/./one',
])('the path %s gives nothing away and ends nothing', async (path) => {
  await using server = await serve({ siteDir: await site() });
  const answer = await rawGet(server.port, path);
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(answer).not.toMatch(/root:|secret/);
  expect((await fetch(server.url)).status).toBe(200);
});

test('odd ranges, a name with a space, and a file that goes away end nothing', async () => {
  const root = await site();
  await using server = await serve({ siteDir: root });
  for (const range of ['bytes=5-2', 'bytes=-1', 'bytes=9999999-', 'x'])
    expect((await fetch(server.url, { headers: { range } })).status).toBe(200);
  expect(await (await fetch(`${server.url}sp%20ace.txt`)).text()).toBe('a name with a space');
  await rm(root, { recursive: true });
  expect((await fetch(`${server.url}about`)).status).toBe(503);
});

test('without a built site a sentence says what to do', async () => {
  await using server = await serve({ siteDir: '/no/such/folder' });
  const answer = await fetch(server.url);
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('npm run build');
  expect(await (await fetch(`${server.url}healthz`)).json()).toMatchObject({
    parts: { site: { state: 'not-built' } },
  });
});

test('a name that is not ours is refused, also for the WebSocket', async () => {
  await using server = await serve({ siteDir: await site(), allowedOrigins: ['https://lab.example.org'] });
  const ask = (host: string, path = '/') =>
    raw(server.port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  expect(await ask('evil.example')).toMatch(/^HTTP\/1\.1 421 [\s\S]*ALLOWED_ORIGINS/);
  for (const host of ['localhost', '127.0.0.1:1', '[::1]', 'x.localhost', 'lab.example.org', '192.168.7.7'])
    expect(await ask(host), host).toMatch(/^HTTP\/1\.1 200 /);
  for (const host of ['', 'a b', 'x@localhost', 'localhost/x', 'localhost?x'])
    expect(await ask(host), host).toMatch(/^HTTP\/1\.1 4\d\d /);
});

test('/healthz counts rooms and peers, each part with its state and port', async () => {
  await using server = await serve({ siteDir: await site() });
  const [alice, bob] = [await server.connect(), await server.connect()];
  await alice.join();
  await bob.join({ room: 'red' });
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(await (await fetch(`${server.url}healthz`)).json()).toEqual({
    status: 'ok',
    version,
    uptimeSec: expect.any(Number) as number,
    rooms: 2,
    peers: 2,
    parts: {
      site: { state: 'up', port: server.port },
      signaling: { state: 'up', port: server.port },
      peerServer: { state: 'up', port: server.port, peers: 0 },
      bots: { state: 'up', active: 0, limit: 32 },
      turn: { state: 'up', port: expect.any(Number) as number, allocations: 0 },
      nat: { state: 'up', port: expect.any(Number) as number, mappings: 0 },
      classroom: { state: 'up', active: 0, limit: 4 },
      sfu: { state: 'up', port: expect.any(Number) as number, rooms: 0, seats: 0 },
      mcu: { state: 'up', port: 0, rooms: 0, seats: 0 },
    },
  });
});

test('/links.json names what others can reach', async () => {
  await using local = await serve();
  expect(await (await fetch(`${local.url}links.json`)).json()).toEqual({ reach: 'loopback', origins: [] });
  await using behind = await serve({ allowedOrigins: ['https://lab.example.org'] });
  expect(await (await fetch(`${behind.url}links.json`)).json()).toEqual({
    reach: 'network',
    origins: ['https://lab.example.org'],
  });
});

test('HTTPS=on makes a certificate, keeps it, and serves with it', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'peerscope-state-'));
  const overrides = { https: { kind: 'self-signed' as const }, stateDir, siteDir: await site() };
  const seen: string[] = [];
  for (let start = 0; start < 2; start++) {
    const app = await createApp({ ...readConfig({ LOG_LEVEL: 'silent' }), port: 0, ...overrides });
    const { url, port } = await app.listen();
    expect(url).toBe(`https://localhost:${port}/`);
    const fingerprint = await new Promise<string>((resolve, reject) => {
      get(url, { rejectUnauthorized: false }, (answer) => {
        resolve((answer.socket as TLSSocket).getPeerCertificate().fingerprint256);
        answer.resume();
      }).on('error', reject);
    });
    seen.push(fingerprint);
    const pem = await readFile(join(stateDir, 'self-signed.pem'), 'utf8');
    const ca = pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'));
    const socket = io(url, { transports: ['websocket'], ca, reconnection: false } as object);
    await new Promise<void>((resolve, reject) => socket.on('connect', resolve).on('connect_error', reject));
    socket.disconnect();
    await app.close();
  }
  expect(seen[0]).toBe(seen[1]);
  expect((await stat(join(stateDir, 'self-signed.pem'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(stateDir, 'session-secret'))).mode & 0o777).toBe(0o600);
});

test('closing takes less than two seconds with open, silent and half-open connections, and clients may come back', async () => {
  const server = await serve({ siteDir: await site() });
  const peer = await server.connect();
  await peer.join();
  const silent = connect(server.port, '127.0.0.1');
  await once(silent, 'connect');
  silent.write('GET / HTTP/1.1\r\n');
  silent.on('error', () => {});
  let reason = '';
  peer.socket.on('disconnect', (why) => (reason = why));
  const start = performance.now();
  await Promise.all([server.app.close(), server.app.close()]);
  expect(performance.now() - start).toBeLessThan(2_000);
  await until(() => reason !== '');
  expect(reason).toBe('transport close');
  await server[Symbol.asyncDispose]();
});

test('a taken port and a foreign address stop the start with a sentence', async () => {
  await using server = await serve();
  const config = { ...readConfig({ LOG_LEVEL: 'silent' }), sessionSecret: 'x'.repeat(32) };
  const taken = await createApp({ ...config, port: server.port });
  await expect(taken.listen()).rejects.toThrow(
    `Port ${server.port} is taken by another program: write another one`,
  );
  const foreign = await createApp({ ...config, port: 0, host: '203.0.113.7' });
  await expect(foreign.listen()).rejects.toThrow('HOST=203.0.113.7 is not an address of this machine');
});

test('a state folder that cannot be written stops the start with a sentence', async () => {
  await expect(
    createApp({ ...readConfig({ LOG_LEVEL: 'silent' }), stateDir: '/dev/null/x' }),
  ).rejects.toThrow('set STATE_DIR');
});

const main = new URL('main.ts', import.meta.url).pathname;
/** Node that runs TypeScript as it is; the tests run under the same. */
function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'], ...env } });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes) => void (out += String(bytes)));
  child.stderr.on('data', (bytes) => void (err += String(bytes)));
  return { child, exit: once(child, 'exit') as Promise<[number]>, out: () => out, err: () => err };
}

test('the program prints its URL, and SIGTERM ends it cleanly with a client connected', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'peerscope-state-'));
  const program = start({ PORT: '0', STATE_DIR: stateDir, LOG_LEVEL: 'info' });
  await until(() => program.out().includes('\n'));
  const [, url] = /^Peerscope is at (http:\/\/localhost:\d+\/)\n$/.exec(program.out()) ?? [];
  const socket = io(url, { transports: ['websocket'], reconnection: false });
  await new Promise<void>((resolve) => socket.on('connect', resolve));
  const begin = performance.now();
  program.child.kill('SIGTERM');
  expect(await program.exit).toEqual([0, null]);
  expect(performance.now() - begin).toBeLessThan(2_000);
  for (const line of program.err().trim().split('\n')) JSON.parse(line);
});

test('a server that the network reaches says under which addresses', async () => {
  await using server = await serve({ host: '0.0.0.0' });
  const { origins } = (await (await fetch(`${server.url}links.json`)).json()) as { origins: string[] };
  const program = start({
    PORT: '0',
    HOST: '0.0.0.0',
    STATE_DIR: await mkdtemp(join(tmpdir(), 'peerscope-state-')),
  });
  const lines = 1 + Math.min(1, origins.length); // a machine may have no address but its own
  await until(() => program.out().split('\n').length > lines);
  program.child.kill('SIGTERM');
  await program.exit;
  for (const origin of origins) expect(program.out()).toContain(new URL(origin).hostname);
});

test('a wrong setting ends the program with a sentence and no stack', async () => {
  const program = start({ PORT: 'many' });
  expect(await program.exit).toEqual([1, null]);
  expect(program.err()).toBe(
    'PORT=many is not usable: write a whole number from 0 to 65535, such as PORT=3000.\n',
  );
});
