import { describe, expect, test } from 'vitest';
import { createHmac } from 'node:crypto';
import { issueCredentials, ownerOf, passwordAt, practiceSecret, userOf } from './credentials.ts';

describe('credentials', () => {
  const nowMs = 1_800_000_000_000;
  const owner = { session: 'abcdefghijklmnop', label: 'alice' };

  test('are what coturn makes of the same secret', () => {
    // printf 1800003600:abc.alice | openssl dgst -sha1 -hmac north -binary | base64
    const { username, credential, expiresAtMs } = issueCredentials(
      'north',
      { session: 'abc', label: 'alice' },
      nowMs,
      3_600_000,
    );
    expect([username, credential]).toEqual(['1800003600:abc.alice', 'uvtTaSFd2McdK4s+Y9m5HV4vR60=']);
    expect(expiresAtMs).toBe(nowMs + 3_600_000);
  });

  test('are known again until their time has passed', () => {
    const { username, credential, expiresAtMs } = issueCredentials('north', owner, nowMs);
    expect(passwordAt('north', username, nowMs)).toBe(credential);
    expect(passwordAt('north', username, expiresAtMs)).toBeUndefined();
    expect(passwordAt('south', username, nowMs)).not.toBe(credential);
    expect(ownerOf(username)).toEqual(owner);
  });

  test.each(['', 'alice', ':', '1800003600', '-1:a', '1e99:a', ' 1800003600:a', '99999999999999:a'])(
    '%j is no user name',
    (username) => expect(passwordAt('north', username, nowMs)).toBeUndefined(),
  );

  test('a session may sign names of its own, for an hour at most, and for itself alone', () => {
    const secret = practiceSecret('north', owner.session);
    const sign = (username: string) => createHmac('sha1', secret).update(username).digest('base64');
    const inSec = (sec: number) => `${nowMs / 1000 + sec}:${owner.session}.alice~practice`;
    expect(passwordAt('north', inSec(600), nowMs)).toBe(sign(inSec(600)));
    expect(passwordAt('north', inSec(-1), nowMs)).toBeUndefined();
    expect(passwordAt('north', inSec(3_601), nowMs)).toBeUndefined();
    const strangers = inSec(600).replace(owner.session, 'ponmlkjihgfedcba');
    expect(passwordAt('north', strangers, nowMs)).not.toBe(sign(strangers));
    const ours = inSec(600).replace('~practice', '');
    expect(passwordAt('north', ours, nowMs)).not.toBe(sign(ours));
    expect(ownerOf(inSec(600))).toEqual(owner);
    // Whatever labels it makes up, the quota is one user's.
    expect(userOf(inSec(600))).toBe(userOf(inSec(700).replace('alice', 'bob')));
  });

  test('a name without a dot has no label', () => {
    expect(ownerOf('1:bob')).toEqual({ session: 'bob', label: '' });
    expect(ownerOf('1:a.b.c')).toEqual({ session: 'a', label: 'b.c' });
  });
});
