import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { RoomId } from '../../src/protocol/signaling.ts';
import { createBroadcastHttp, type Stages } from './http.ts';
import { Problem } from './problem.ts';
import { BroadcastTokens, TOKEN_LIFETIME_MS } from './tokens.ts';

const blue = RoomId.parse('blue');
const tokens = new BroadcastTokens('a secret of the tests, 32 characters or more');
const remote = { usernameFragment: 'EsAw', password: 'P2uYro0UCOQ4zxjKXaWCBui1' };
const link = [
  { urls: ['stun:stun.example.org'] },
  { urls: ['turn:turn.example.org?transport=udp'], username: 'a"b', credential: 'c' },
];

/** The endpoints on a real port, with stages that only note what they are asked. */
async function serve(overrides: Partial<Stages> = {}) {
  let nowMs = 1_000_000;
  let hasRoom = true;
  const open: { what: string; offer: string; ended: () => void }[] = [];
  const opener =
    (what: string): Stages['publish'] =>
    async (_, offer, ended) => {
      const entry = { what, offer, ended };
      open.push(entry);
      return { answer: 'v=0\r\n', remote, close: () => void open.splice(open.indexOf(entry), 1) };
    };
  const endpoints = createBroadcastHttp({
    stages: { publish: opener('publish'), view: opener('view'), ...overrides },
    tokens,
    hasRoom: () => hasRoom,
    iceServers: async () => link,
    now: () => nowMs,
    log: pino({ level: 'silent' }),
  });
  const http = createServer((request, response) => {
    if (!endpoints.handle(request, response)) response.writeHead(418).end();
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const token = (scope: 'publish' | 'view', room = blue) => tokens.issue(room, scope, nowMs).token;
  const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
    fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body }) });
  const as = (bearer: string, more: Record<string, string> = {}) => ({
    Authorization: `Bearer ${bearer}`,
    ...more,
  });
  const post = (path: string, bearer: string, body = 'v=0\r\n', type = 'application/sdp') =>
    ask('POST', path, as(bearer, { 'Content-Type': type }), body);
  return {
    open,
    endpoints,
    token,
    ask,
    as,
    post,
    /** A session of WHIP: where it is, and what changes it. */
    begin: async () => {
      const bearer = token('publish');
      const response = await post('/whip/blue', bearer);
      const path = response.headers.get('Location')!;
      const etag = response.headers.get('ETag')!;
      const patch = (body: string, headers: Record<string, string> = { 'If-Match': etag }) =>
        ask(
          'PATCH',
          path,
          as(bearer, { 'Content-Type': 'application/trickle-ice-sdpfrag', ...headers }),
          body,
        );
      return { bearer, path, etag, patch, response };
    },
    pass: (ms: number) => void (nowMs += ms),
    leaveRoom: () => void (hasRoom = false),
    [Symbol.asyncDispose]: async () => {
      endpoints.close();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

const fragment = (usernameFragment = remote.usernameFragment) =>
  [
    'a=group:BUNDLE 0 1',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=mid:0',
    `a=ice-ufrag:${usernameFragment}`,
    `a=ice-pwd:${remote.password}`,
    'a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1',
    'a=candidate:473322822 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active generation 0 ufrag EsAw',
    'a=end-of-candidates',
    '',
  ].join('\r\n');

test.each([
  ['whip', 'publish'],
  ['whep', 'view'],
] as const)(
  'POST to /%s/ begins a session: 201, the answer, where it is, its entity tag, ICE servers',
  async (protocol, scope) => {
    await using server = await serve();
    const response = await server.post(`/${protocol}/blue`, server.token(scope), 'v=0 offer');
    expect(response.status).toBe(201);
    expect(response.headers.get('Content-Type')).toBe('application/sdp');
    expect(await response.text()).toBe('v=0\r\n');
    expect(response.headers.get('Location')).toMatch(new RegExp(`^/${protocol}/blue/[A-Za-z0-9_-]{22}$`));
    expect(response.headers.get('ETag')).toMatch(/^"[^"]+"$/);
    expect(response.headers.get('Link')).toBe(
      '<stun:stun.example.org>; rel="ice-server", <turn:turn.example.org?transport=udp>; rel="ice-server"; ' +
        'username="a\\"b"; credential="c"; credential-type="password"',
    );
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(response.headers.get('Access-Control-Expose-Headers')).toContain('Location, ETag, Link');
    expect(server.open).toMatchObject([{ what: scope, offer: 'v=0 offer' }]);
  },
);

test('DELETE ends a session, whatever entity tag it names; after that there is none', async () => {
  await using server = await serve();
  const { path, bearer } = await server.begin();
  const response = await server.ask('DELETE', path, server.as(bearer, { 'If-Match': '"another"' }));
  expect(response.status).toBe(200);
  expect(server.open).toEqual([]);
  expect((await server.ask('DELETE', path, server.as(bearer))).status).toBe(404);
});

test('PATCH with candidates is answered 204, without content and without an entity tag', async () => {
  await using server = await serve();
  const { patch, etag } = await server.begin();
  for (const condition of [etag, `"old", ${etag}`, '*']) {
    const response = await patch(fragment(), { 'If-Match': condition });
    expect([response.status, await response.text(), response.headers.get('ETag')]).toEqual([204, '', null]);
  }
});

test('PATCH without If-Match is 428, with another or a weak entity tag 412', async () => {
  await using server = await serve();
  const { patch, etag } = await server.begin();
  expect((await patch(fragment(), {})).status).toBe(428);
  expect((await patch(fragment(), { 'If-Match': '"another"' })).status).toBe(412);
  expect((await patch(fragment(), { 'If-Match': `W/${etag}` })).status).toBe(412);
});

test('PATCH that restarts ICE is 422, and the session goes on', async () => {
  await using server = await serve();
  const { patch } = await server.begin();
  const response = await patch(fragment('ysXw'), { 'If-Match': '*' });
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ status: 422, title: 'Unprocessable Content' });
  expect((await patch(fragment())).status).toBe(204);
  expect(server.open).toHaveLength(1);
});

test.each([
  ['nothing', ''],
  ['no credentials', 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n'],
  ['another text', '{"candidate":""}'],
  ['too many lines', `${fragment()}${'a=candidate:x\r\n'.repeat(300)}`],
])('PATCH with %s is 400', async (_, body) => {
  await using server = await serve();
  const { patch } = await server.begin();
  expect((await patch(body)).status).toBe(400);
});

test('contents of another type are 415 with the type that is accepted', async () => {
  await using server = await serve();
  const { path, bearer, etag } = await server.begin();
  const post = await server.post('/whip/blue', bearer, '{}', 'application/json');
  expect([post.status, post.headers.get('Accept-Post')]).toEqual([415, 'application/sdp']);
  const patch = await server.ask(
    'PATCH',
    path,
    server.as(bearer, { 'If-Match': etag, 'Content-Type': 'application/sdp' }),
    'v=0',
  );
  expect([patch.status, patch.headers.get('Accept-Patch')]).toEqual([415, 'application/trickle-ice-sdpfrag']);
});

test('OPTIONS says what is accepted, to a preflight of any origin and without a token', async () => {
  await using server = await serve();
  const { path } = await server.begin();
  const endpoint = await server.ask('OPTIONS', '/whip/blue', {
    Origin: 'https://elsewhere.example.org',
    'Access-Control-Request-Method': 'POST',
  });
  expect(endpoint.status).toBe(200);
  expect(endpoint.headers.get('Accept-Post')).toBe('application/sdp');
  expect(endpoint.headers.get('Access-Control-Allow-Methods')).toBe('OPTIONS, GET, HEAD, POST');
  expect(endpoint.headers.get('Access-Control-Allow-Headers')).toBe('Authorization, Content-Type, If-Match');
  // Credentials of TURN are not for a preflight (RFC 9725 §4.6).
  expect(endpoint.headers.get('Link')).toBeNull();
  const session = await server.ask('OPTIONS', path);
  expect(session.headers.get('Accept-Patch')).toBe('application/trickle-ice-sdpfrag');
  expect(session.headers.get('Allow')).toBe('OPTIONS, GET, HEAD, PATCH, DELETE');
});

test('neither endpoint nor session has a representation: GET is 204; other methods are 405 with those that are allowed', async () => {
  await using server = await serve();
  const { path, bearer } = await server.begin();
  for (const [where, methods] of [
    ['/whep/blue', ['PUT', 'PATCH', 'DELETE']],
    [path, ['POST', 'PUT']],
  ] as const) {
    expect((await server.ask('GET', where)).status).toBe(204);
    for (const method of methods) {
      const response = await server.ask(method, where, server.as(bearer), 'x');
      expect([method, response.status]).toEqual([method, 405]);
      expect(response.headers.get('Allow')).toMatch(/^OPTIONS, GET, HEAD/);
    }
  }
});

test('without a token it is 401, with a false or an expired one too, with one for something else 403', async () => {
  await using server = await serve();
  const none = await server.ask('POST', '/whip/blue', { 'Content-Type': 'application/sdp' }, 'v=0');
  expect([none.status, none.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer realm="broadcast"']);
  const good = server.token('publish');
  for (const bad of [
    'x',
    `${good}x`,
    good.replace('blue', 'red'),
    good.replace('publish', 'view'),
    'a'.repeat(5_000),
  ]) {
    const response = await server.post('/whip/blue', bad);
    expect(response.status).toBe(401);
    expect(response.headers.get('WWW-Authenticate')).toContain('error="invalid_token"');
  }
  for (const [path, token] of [
    ['/whip/blue', server.token('view')],
    ['/whep/blue', server.token('publish')],
    ['/whip/blue', server.token('publish', RoomId.parse('red'))],
  ] as const) {
    const response = await server.post(path, token);
    expect(response.status).toBe(403);
    expect(response.headers.get('WWW-Authenticate')).toContain('error="insufficient_scope"');
  }
  server.pass(TOKEN_LIFETIME_MS);
  expect((await server.post('/whip/blue', good)).status).toBe(401);
  expect(server.open).toEqual([]);
});

test('an expired token still ends what it has opened, and nobody else’s', async () => {
  await using server = await serve();
  const { path, patch } = await server.begin();
  const other = await server.begin();
  server.pass(TOKEN_LIFETIME_MS);
  expect((await patch(fragment())).status).toBe(204);
  expect((await server.ask('DELETE', path)).status).toBe(401);
  expect((await server.ask('DELETE', path, server.as(server.token('view')))).status).toBe(403);
  expect((await server.ask('DELETE', path, server.as('none'))).status).toBe(401);
  expect((await server.ask('DELETE', other.path, server.as(other.bearer))).status).toBe(200);
});

test.each([
  '/whip',
  '/whip/',
  '/whip/no room',
  '/whip/a.b',
  '/whep/blue/',
  '/whep/blue/x/y',
  '/whip/blue/nobody',
])('nothing is at %s: 404', async (path) => {
  await using server = await serve();
  expect((await server.ask('PATCH', path, server.as(server.token('publish')), 'x')).status).toBe(404);
});

test('a session is found only where it was made', async () => {
  await using server = await serve();
  const { path, bearer } = await server.begin();
  for (const other of [path.replace('whip', 'whep'), path.replace('blue', 'red')])
    expect((await server.ask('DELETE', other, server.as(bearer))).status).toBe(404);
});

test('what the media server refuses has its status, its reason and when to try again', async () => {
  await using server = await serve({
    publish: () => Promise.reject(new Problem(406, 'Two pictures are one too many.')),
    view: () => Promise.reject(new Problem(409, 'Nobody publishes.', { 'Retry-After': '2' })),
  });
  const publish = await server.post('/whip/blue', server.token('publish'));
  expect([publish.status, publish.headers.get('Content-Type')]).toEqual([
    406,
    'application/problem+json; charset=utf-8',
  ]);
  expect(await publish.json()).toEqual({
    title: 'Not Acceptable',
    status: 406,
    detail: 'Two pictures are one too many.',
  });
  const view = await server.post('/whep/blue', server.token('view'));
  expect([view.status, view.headers.get('Retry-After')]).toEqual([409, '2']);
});

test('an unexpected failure is 500 without its details', async () => {
  await using server = await serve({ publish: () => Promise.reject(new Error('a path of ours')) });
  const response = await server.post('/whip/blue', server.token('publish'));
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('path');
});

test('a long body is 413, and haste is 429', async () => {
  await using server = await serve();
  const token = server.token('publish');
  expect((await server.post('/whip/blue', token, 'x'.repeat(70_000))).status).toBe(413);
  const answers = await Promise.all(Array.from({ length: 250 }, () => server.ask('GET', '/whip/blue')));
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.headers.get('Retry-After')).toBe('2');
});

test('a session ends with its connection, and with its room', async () => {
  await using server = await serve();
  const first = await server.begin();
  server.open[0]!.ended();
  expect((await server.ask('GET', first.path)).status).toBe(404);
  const second = await server.begin();
  server.leaveRoom();
  server.endpoints.tick();
  expect(server.open).toEqual([]);
  expect((await server.ask('GET', second.path)).status).toBe(404);
  expect((await server.post('/whip/blue', second.bearer)).status).toBe(404);
});

test('what is for somebody else is left to them', async () => {
  await using server = await serve();
  expect((await server.ask('GET', '/whipped')).status).toBe(418);
});
