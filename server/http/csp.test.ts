import { createHash } from 'node:crypto';
import { mkdtemp, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentSecurityPolicy, inlineHashes, PolicyCache } from './csp.ts';

const sha = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

test('the known hash of the CSP specification', () => {
  // CSP Level 3, §2.3.1, example: `alert('Hello, world.');`
  expect(inlineHashes("<script>alert('Hello, world.');</script>").scripts).toEqual([
    "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='",
  ]);
});

test.each([
  ['attributes', '<script type="module" data-a="x>y">a()</script>', ['a()']],
  ['several lines', '<script>\na()\n</script>', ['\na()\n']],
  ['line ends of Windows', '<script>a()\r\nb()</script>', ['a()\nb()']],
  ['upper case', '<SCRIPT>a()</SCRIPT >', ['a()']],
  ['two of them', '<script>a()</script><p><script>b()</script>', ['a()', 'b()']],
  ['the same twice', '<script>a()</script><script>a()</script>', ['a()']],
  ['files', '<script src="/a.js"></script><script type="module" src=/b.js></script>', []],
  ['data that only looks like a file', '<script data-src="x">a()</script>', ['a()']],
  ['other tags', '<scripture>a()</scripture>', []],
])('scripts with %s', (_, html, texts) => {
  expect(inlineHashes(html).scripts).toEqual(texts.map(sha));
});

test('styles are listed apart from scripts', () => {
  expect(inlineHashes('<style>a{}</style><script>a()</script>')).toEqual({
    scripts: [sha('a()')],
    styles: [sha('a{}')],
  });
});

test('a page is read again when it has changed', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'peerscope-')), 'index.html');
  const cache = new PolicyCache();
  await writeFile(file, '<script>a()</script>');
  expect((await cache.read(file)).scripts).toEqual([sha('a()')]);
  await writeFile(file, '<script>b()</script>');
  await utimes(file, new Date(), new Date(Date.now() + 5_000));
  expect((await cache.read(file)).scripts).toEqual([sha('b()')]);
});

test('a policy allows nothing that it does not name', () => {
  const policy = contentSecurityPolicy('localhost:3000', { scripts: [sha('a()')], styles: [] });
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`script-src 'self' 'wasm-unsafe-eval' ${sha('a()')};`);
  expect(policy).toContain("connect-src 'self' ws://localhost:3000 wss://localhost:3000;");
  expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'|\*/);
});

test('modules from blobs are for the frame of exercises alone', () => {
  expect(contentSecurityPolicy('localhost:3000')).not.toMatch(/script-src[^;]*blob:/);
  const policy = contentSecurityPolicy('localhost:3000', undefined, { runsModules: true });
  expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval' blob:;/);
});
