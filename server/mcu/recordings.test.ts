import { mkdtemp, readdir, stat, writeFile, mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { RoomId } from '../../src/protocol/signaling.ts';
import { recordingRules, Recordings } from './recordings.ts';

const room = RoomId.parse('mixed');

async function setUp(rules: Partial<typeof recordingRules> = {}) {
  const stateDir = await mkdtemp(join(tmpdir(), 'peerscope-mixes-'));
  const folder = join(stateDir, 'mixes');
  await mkdir(folder);
  await writeFile(join(folder, `${'a'.repeat(32)}.webm`), 'of an earlier start');
  await writeFile(join(folder, 'notes.txt'), 'not ours');
  const recordings = new Recordings(stateDir, { ...recordingRules, freeBytes: 0, ...rules });
  await recordings.open();
  const http = createServer((request, response) => {
    if (!recordings.handle(request, response, request.url ?? '')) response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    recordings.close();
    http.close();
  });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const fetchAt = (path: string, method = 'GET') => fetch(url + path, { method });
  return { recordings, folder, fetchAt };
}

test('a finished recording is fetched with its link, and with nothing else', async () => {
  const { recordings, folder, fetchAt } = await setUp();
  const { token, path } = await recordings.begin(room);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await writeFile(path, 'WebM');
  expect((await fetchAt(`/mixes/${token}`)).status).toBe(404);
  const link = recordings.finish(token)!;
  const got = await fetchAt(link);
  expect(got.status).toBe(200);
  expect(got.headers.get('content-type')).toBe('video/webm');
  expect(got.headers.get('content-disposition')).toMatch(/^attachment; filename="mix-[\dT-]+\.webm"$/);
  expect(await got.text()).toBe('WebM');
  expect((await fetchAt(link, 'HEAD')).headers.get('content-length')).toBe('4');
  expect((await fetchAt(link, 'DELETE')).status).toBe(405);
  const name = path.split('/').at(-1)!;
  for (const other of [
    `/mixes/${name}`,
    '/mixes/',
    '/mixes/..%2fsession-secret',
    `${link}x`,
    '/mixes/__proto__',
  ])
    expect((await fetchAt(other)).status, other).toBe(404);
  expect((await fetchAt('/elsewhere')).status).toBe(418);
  expect((await readdir(folder)).toSorted()).toEqual([name, 'notes.txt'].toSorted());
});

test('it is deleted when its time is over', async () => {
  const { recordings, folder, fetchAt } = await setUp({ keptMs: 20 });
  const { token } = await recordings.begin(room);
  const link = recordings.finish(token)!;
  await vi.waitFor(async () => expect(await readdir(folder)).toEqual(['notes.txt']), { timeout: 20_000 });
  expect((await fetchAt(link)).status).toBe(404);
});

test('a room keeps two, and all together no more than they may', async () => {
  const { recordings, fetchAt } = await setUp({ most: 3 });
  const links: string[] = [];
  for (let count = 0; count < 3; count++) {
    const { token } = await recordings.begin(room);
    links.push(recordings.finish(token)!);
  }
  expect(await Promise.all(links.map(async (link) => (await fetchAt(link)).status))).toEqual([404, 200, 200]);
  await recordings.begin(RoomId.parse('other'));
  await expect(recordings.begin(RoomId.parse('third'))).rejects.toMatchObject({ code: 'middlebox-full' });
});

test('none begins when the disk is full', async () => {
  const { recordings, folder } = await setUp({ freeBytes: Number.MAX_SAFE_INTEGER });
  await expect(recordings.begin(room)).rejects.toMatchObject({ code: 'middlebox-full' });
  expect(await readdir(folder)).toEqual(['notes.txt']);
});
