import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadLocator } from './locate.ts';

const server = createServer((request, response) => {
  if (request.url === '/without-map.js') return void response.end('export {}');
  if (request.url === '/wrong-map.js') return void response.end('//# sourceMappingURL=lost.map\n');
  response.writeHead(404).end();
});
let origin: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

// That it finds the right lines is shown in browsers, on the built site: tests/e2e/stepping.e2e.ts.
test.each(['/without-map.js', '/wrong-map.js', '/nowhere.js'])(
  'a lab that came in %s has no lines and runs all the same',
  async (path) => {
    expect(await loadLocator(Object.assign(() => {}, { script: origin + path }))).toBeUndefined();
  },
);

test('a lab that does not know its script has no lines', async () => {
  expect(await loadLocator(() => {})).toBeUndefined();
});
