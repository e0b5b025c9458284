import { expect, test } from 'vitest';
import { verdictOf } from './verdict.ts';
import { cases } from './cases.ts';

/** What a person finds who looks at each case, and the rules that have to find it. */
const found: Record<string, [title: string, rules: string[], remarks?: string[]]> = {
  works: ['Everything works', ['stun-works', 'turn-works', 'turn-works'], ['no-tls']],
  'wrong-credential': ['The user name or the credential is refused', ['stun-works', 'turn-401', 'turn-401']],
  'dead-port': ['The server does not answer', ['udp-silent', 'tcp-refused']],
  'one-way-fails': ['Everything works', ['turn-works-with-errors']],
  'udp-blocked': ['TURN works over TCP, not over UDP', ['udp-silent', 'turn-works'], ['udp-blocked']],
  'unknown-name': ['The server’s name is not known', ['name-not-found']],
  'nothing-passes': ['The server lends an address, but nothing passes', ['stun-works', 'turn-no-path']],
  quota: ['One allocation for each user is not enough', ['turn-one-allocation']],
  'no-ports': ['The server has too few addresses to lend', ['turn-one-port']],
  'firefox-loopback': [
    'Firefox does not ask a server on this computer',
    ['firefox-loopback', 'firefox-loopback', 'firefox-loopback'],
  ],
  symmetric: ['STUN works, and is not enough here', ['stun-works', 'stun-works'], ['symmetric-mapping']],
  'no-network': ['No network interface is up', ['no-network', 'no-network', 'no-network']],
};

test.each(cases.map((one) => [one.id, one] as const))(
  'the recorded case %s is judged as it was made',
  (id, one) => {
    const verdict = verdictOf(one.observations);
    const [title, rules, remarks = []] = found[id] ?? [];
    expect(verdict.title).toBe(title);
    expect(verdict.urls.map(({ rule }) => rule)).toEqual(rules);
    expect(verdict.remarks.map(({ rule }) => rule)).toEqual(expect.arrayContaining(remarks));
  },
);

test('there are twelve, each says how it was made, and offers its truth once among others', () => {
  expect(cases).toHaveLength(12);
  for (const { made, browser, truth, choices } of cases) {
    expect(made.length).toBeGreaterThan(30);
    expect(browser).toMatch(/^(Chromium|Firefox) \d+$/);
    expect(choices.filter((choice) => choice === truth)).toHaveLength(1);
    expect(new Set(choices).size).toBe(4);
  }
});

test('no user name and no credential is in them', () => {
  expect(JSON.stringify(cases.map(({ observations }) => observations))).not.toMatch(
    /username|credential|check\.alice/,
  );
});
