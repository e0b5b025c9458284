import { expect, test } from 'vitest';
import { RoomId } from '../../src/protocol/signaling.ts';
import { serve } from '../../tests/support/serve.ts';
import { Codes } from './codes.ts';

const place = { lab: 'first-call', arrangement: 'two-devices', controls: { size: 'big' } };
const room = (name: string) => RoomId.parse(name);
const always = () => true;
const codeOfError = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
};

test('a room has one code, which leads to it until its time is over', () => {
  const codes = new Codes({ max: 10, lifetimeMs: 1_000 }, 0);
  const { code, expiresAtMs } = codes.create(room('blue'), place, 0);
  expect(code).toMatch(/^[A-HJKMNP-Z2-9]{6}$/);
  expect(expiresAtMs).toBe(1_000);
  expect(codes.create(room('blue'), place, 500).code).toBe(code);
  expect(codes.find(code, 'a', always, 1_400)).toEqual({ room: 'blue', place });
  expect(codeOfError(() => codes.find(code, 'a', always, 1_501))).toBe('no-such-code');
});

test('a code of a room that nobody is in any more is unknown', () => {
  const codes = new Codes({ max: 10, lifetimeMs: 1_000 }, 0);
  const { code } = codes.create(room('blue'), place, 0);
  expect(codeOfError(() => codes.find(code, 'a', () => false, 1))).toBe('no-such-code');
});

test('there are only so many; those whose time is over make room', () => {
  const codes = new Codes({ max: 2, lifetimeMs: 1_000 }, 0);
  codes.create(room('one'), place, 0);
  codes.create(room('two'), place, 500);
  expect(codeOfError(() => codes.create(room('three'), place, 600))).toBe('too-many-rooms');
  expect(codes.create(room('three'), place, 1_100).code).toBeDefined();
});

test('who guesses is stopped, also with the right code; others are not, and right codes cost nothing', () => {
  const codes = new Codes({ max: 10, lifetimeMs: 1e9 }, 0);
  const { code } = codes.create(room('blue'), place, 0);
  for (let right = 0; right < 200; right++) codes.find(code, 'mallory', always, 0);
  for (let wrong = 0; wrong < 60; wrong++)
    expect(codeOfError(() => codes.find('AAAAAA', 'mallory', always, 0))).toBe('no-such-code');
  expect(codeOfError(() => codes.find(code, 'mallory', always, 0))).toBe('rate-limited');
  expect(codes.find(code, 'alice', always, 0).room).toBe('blue');
  expect(codes.find(code, 'mallory', always, 3_000).room).toBe('blue');
});

test('over the wire: a member asks for a code, a stranger looks it up', async () => {
  await using server = await serve();
  const look = async (code: string) => (await fetch(`${server.url}codes/${code}`)).json();
  const alice = await server.connect();
  expect(await alice.ask('code:create', place)).toMatchObject({ error: { code: 'not-in-room' } });
  await alice.join();
  const reply = await alice.ask('code:create', place);
  if (!reply.ok) throw new Error(reply.error.code);
  expect(await look(reply.value.code)).toEqual({ ok: true, value: { room: 'blue', place } });
  for (const code of ['', 'AAAAAA', '..%2f..', reply.value.code.toLowerCase()])
    expect(await look(code), code).toMatchObject({ ok: false, error: { code: 'no-such-code' } });
  for (const wrong of [
    {},
    { ...place, lab: '../x' },
    { ...place, controls: { a: 'b c' } },
    { ...place, extra: 1 },
  ])
    expect(await alice.askAnything('code:create', wrong)).toMatchObject({ error: { code: 'bad-request' } });
  await alice.ask('room:leave', {});
  expect(await look(reply.value.code)).toMatchObject({ ok: false, error: { code: 'no-such-code' } });
});
