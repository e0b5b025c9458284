import { expect, test } from 'vitest';
import { findByCode } from './join.ts';

const value = {
  room: 'blue',
  place: { lab: 'first-call', arrangement: 'two-devices', controls: { size: 'big' } },
};
const asked: string[] = [];
const ask = (reply: unknown) => (path: string) => {
  asked.push(path);
  return Promise.resolve(reply);
};

test.each(['K7M2QX', 'k7m 2qx', ' k7m-2qx '])(
  '%j leads to the lab, the room and its choices',
  async (typed) => {
    const found = await findByCode(typed, 'http://10.0.0.2:3000', ask({ ok: true, value }));
    expect(found).toEqual({
      href: 'http://10.0.0.2:3000/labs/first-call/?size=big&arrangement=two-devices&room=blue',
    });
    expect(asked.at(-1)).toBe('/codes/K7M2QX');
  },
);

test.each(['', 'K7M2Q', 'K7M2QXY', 'K7M2Q0', '../../x', 'ÄÖÜ234'])(
  '%j is no code and nobody is asked',
  async (typed) => {
    const count = asked.length;
    expect(await findByCode(typed, 'http://x', ask({}))).toEqual({
      problem: expect.stringContaining('never holds'),
    });
    expect(asked).toHaveLength(count);
  },
);

test('says what went wrong: unknown, too many tries, no server, another version', async () => {
  const refused = (code: string) => ask({ ok: false, error: { code, message: '' } });
  const problemOf = async (reply: (path: string) => Promise<unknown>) =>
    (await findByCode('K7M2QX', 'http://x', reply)) as { problem: string };
  expect((await problemOf(refused('no-such-code'))).problem).toContain(
    'K7M 2QX: Nobody waits under this code',
  );
  expect((await problemOf(refused('rate-limited'))).problem).toContain('wait');
  expect((await problemOf(() => Promise.reject(new TypeError('offline')))).problem).toContain(
    'does not answer',
  );
  expect((await problemOf(ask({ ok: true, value: { room: 'a b' } }))).problem).toContain('reload');
});
