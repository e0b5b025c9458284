import { expect, test } from 'vitest';
import { chosenServers, transportOf } from './servers.ts';

const offered = {
  source: 'embedded',
  servers: [
    { urls: ['stun:192.0.2.7:3478'] },
    {
      urls: ['turn:192.0.2.7:3478?transport=udp', 'turn:192.0.2.7:3478?transport=tcp'],
      username: '1:a.alice',
      credential: 'x',
    },
  ],
} as const;
const answer = { source: offered.source, servers: offered.servers.map((s) => ({ ...s, urls: [...s.urls] })) };

test('without a choice it is all that is offered', () => {
  expect(chosenServers(answer)).toEqual(offered.servers);
});

test('a choice keeps the credentials and leaves out what is not wanted', () => {
  expect(chosenServers(answer, ['tcp'])).toEqual([
    { urls: ['turn:192.0.2.7:3478?transport=tcp'], username: '1:a.alice', credential: 'x' },
  ]);
});

test('nothing to choose from is an error with a sentence', () => {
  expect(() => chosenServers(answer, ['tls'])).toThrow('This server offers no TURN over TLS.');
  expect(() => chosenServers({ source: 'off', servers: [] })).toThrow('TURN=off');
});

test.each([
  ['stun:a', 'stun'],
  ['turn:a', 'udp'],
  ['turn:a?transport=udp', 'udp'],
  ['TURN:a?transport=TCP', 'tcp'],
  ['turns:a?transport=tcp', 'tls'],
] as const)('%s goes by %s', (url, transport) => expect(transportOf(url)).toBe(transport));
