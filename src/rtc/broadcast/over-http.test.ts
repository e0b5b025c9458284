import { expect, test } from 'vitest';
import { fragmentOf, iceServersIn, refusalOf } from './over-http.ts';

test('servers are read from Link header fields, joined with commas as fetch gives them', () => {
  const link = [
    '<stun:stun.example.org>; rel="ice-server"',
    '<turn:turn.example.org?transport=udp>; rel="ice-server"; username="1700:a, b"; credential="x\\"y;z"; credential-type="password"',
    '<https://example.org/events>; rel="urn:ietf:params:whep:ext:core:server-sent-events"',
  ].join(', ');
  expect(iceServersIn(link)).toEqual([
    { urls: 'stun:stun.example.org' },
    { urls: 'turn:turn.example.org?transport=udp', username: '1700:a, b', credential: 'x"y;z' },
  ]);
  expect(iceServersIn('')).toEqual([]);
});

test('a fragment has the first m-section, its credentials and the new candidates, each once', () => {
  const sdp = [
    'v=0',
    'a=group:BUNDLE 0 1',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=ice-ufrag:one',
    'a=ice-pwd:two',
    'a=mid:0',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'a=ice-ufrag:one',
    'a=mid:1',
  ].join('\r\n');
  expect(
    fragmentOf(sdp, ['a=candidate:1', 'a=end-of-candidates', 'a=end-of-candidates']).split('\r\n'),
  ).toEqual([
    'a=group:BUNDLE 0 1',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=mid:0',
    'a=ice-ufrag:one',
    'a=ice-pwd:two',
    'a=candidate:1',
    'a=end-of-candidates',
    '',
  ]);
});

test('a refusal speaks the server’s words, and knows when to try again', async () => {
  const headers = { 'Content-Type': 'application/problem+json', 'Retry-After': '5' };
  const problem = new Response('{"title":"Conflict","detail":"Nobody publishes."}', { status: 409, headers });
  expect(await refusalOf(problem)).toMatchObject({
    status: 409,
    message: 'Nobody publishes.',
    retryAfterSec: 5,
  });
  expect(await refusalOf(new Response('', { status: 502 }))).toMatchObject({
    message: 'The server answered 502.',
    retryAfterSec: undefined,
  });
});
