import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Observations } from './observations.ts';
import { call, candidate, error, seen, seenOf } from './observations.fixture.ts';
import { reportOf, reportText } from './report.ts';
import { rulesOfUrls, verdictOf } from './verdict.ts';

const relay = { candidates: [candidate('relay')] };
const unreached = call({
  outcome: 'not-connected',
  connectedMs: null,
  pair: null,
  rttMs: null,
  numbered: null,
  throughput: null,
});
const rulesFor = (all: Observations) => verdictOf(all).urls.map(({ rule }) => rule);
const udp = 'turn:turn.example.org?transport=udp';
const tcp = 'turn:turn.example.org?transport=tcp';

describe('one URL', () => {
  test.each<[string, Parameters<typeof seenOf>, Partial<Observations>?]>([
    ['browser-refused', [udp, { gathering: { ended: 'refused', refusal: 'SyntaxError: no' } }]],
    ['no-network', [udp, { gathering: { ended: 'stopped' } }], { network: 'none' }],
    ['turn-works', [udp, { gathering: relay, call: call() }]],
    [
      'turn-works-with-errors',
      [udp, { gathering: { ...relay, errors: [error(701, '', 'ipv6')] }, call: call() }],
    ],
    ['turn-not-to-itself', [udp, { gathering: relay, call: unreached, oneSided: call() }]],
    [
      'turn-one-allocation',
      [udp, { gathering: relay, call: { ...unreached, errors: [error(486)] }, oneSided: unreached }],
    ],
    [
      'turn-one-port',
      [udp, { gathering: relay, call: { ...unreached, errors: [error(508)] }, oneSided: unreached }],
    ],
    ['turn-no-bytes', [udp, { gathering: relay, call: call({ outcome: 'no-bytes', rttMs: null }) }]],
    ['turn-no-path', [udp, { gathering: relay, call: unreached, oneSided: unreached }]],
    ['turn-lent', [udp, { gathering: relay }]],
    ['stun-works', ['stun:stun.example.org', { gathering: { candidates: [candidate('srflx')] } }]],
    [
      'stun-works-with-errors',
      ['stun:stun.example.org', { gathering: { candidates: [candidate('srflx')], errors: [error(701)] } }],
    ],
    ['stun-same-address', ['stun:stun.example.org']],
    ...[401, 441, 403, 400, 420, 437, 438, 442, 486, 508, 300].map(
      (code): [string, Parameters<typeof seenOf>] => [
        `turn-${code}`,
        [udp, { gathering: { errors: [error(code)] } }],
      ],
    ),
    ['turn-family', [udp, { gathering: { errors: [error(440)] } }]],
    ['stun-error', ['stun:stun.example.org', { gathering: { errors: [error(500, 'Server Error')] } }]],
    ['firefox-loopback', ['stun:127.0.0.1', { gathering: { errors: [error(701)] } }], { browser: 'firefox' }],
    ['name-not-found', [udp, { gathering: { errors: [error(701, 'TURN host lookup received error.')] } }]],
    ['name-not-found', [udp, { gathering: { errors: [error(701)] } }], { browser: 'firefox' }],
    ['tls-failed', ['turns:turn.example.org', { gathering: { errors: [error(701)] } }]],
    ['tcp-refused', [tcp, { gathering: { errors: [error(701)] } }]],
    ['udp-silent', [udp, { gathering: { ended: 'deadline' } }]],
    ['udp-silent', ['turn:192.0.2.1', { gathering: { errors: [error(701)] } }], { browser: 'firefox' }],
    [
      'stun-unclear',
      ['stun:stun.example.org', { gathering: { ended: 'deadline' } }],
      { hosts: { count: 2, hidden: 0 } },
    ],
    ['tcp-silent', [tcp, { gathering: { ended: 'deadline' } }]],
    ['tls-silent', ['turns:turn.example.org', { gathering: { ended: 'deadline' } }]],
    ['low-port', ['turn:turn.example.org:1000']],
    ['firefox-tls-address', ['turns:192.0.2.1'], { browser: 'firefox' }],
    ['stopped', [udp, { gathering: { ended: 'stopped' } }]],
    ['nothing-said', [udp]],
  ])('%s', (rule, [url, changes], all) => {
    const verdict = verdictOf(seen([seenOf(url, changes)], all));
    expect(verdict.urls[0]?.rule).toBe(rule);
    expect(verdict.urls[0]?.text).toMatch(/\.$|no$/);
    expect(verdict.title).not.toBe('');
  });

  test('the rules are all there, and each has a name of its own', () => {
    expect(new Set(rulesOfUrls).size).toBe(rulesOfUrls.length);
  });

  test('a port that Chromium takes is no reason, and in Firefox no port is', () => {
    expect(rulesFor(seen([seenOf('turn:turn.example.org:443?transport=tcp')]))).toEqual(['nothing-said']);
    expect(rulesFor(seen([seenOf('turn:turn.example.org:1000')], { browser: 'firefox' }))).toEqual([
      'nothing-said',
    ]);
  });

  test('silence over UDP is told apart when the same server answers over TCP', () => {
    const dropped = seenOf(udp, { gathering: { ended: 'deadline' } });
    const answers = seenOf(tcp, { gathering: relay, call: call() });
    expect(verdictOf(seen([dropped, answers])).urls[0]?.text).toMatch(/firewall drops UDP/);
    expect(verdictOf(seen([dropped])).urls[0]?.text).toMatch(/cannot tell these apart/);
  });
});

describe('all of it', () => {
  const both = [
    seenOf(udp, { gathering: relay, call: call() }),
    seenOf(tcp, { gathering: relay, call: call() }),
  ];

  test('everything works: the ways are named, and the configuration has no login in it', () => {
    const { standing, title, text, configuration } = verdictOf(seen(both));
    expect([standing, title]).toEqual(['works', 'Everything works']);
    expect(text).toMatch(/UDP and TCP.*1\.2 ms/);
    expect(configuration).toContain(`'${udp}'`);
    expect(configuration).toMatch(/credential: '…'/);
  });

  test('UDP blocked, TCP works', () => {
    const { standing, title, remarks, configuration } = verdictOf(
      seen([seenOf(udp, { gathering: { ended: 'deadline' } }), both[1]!]),
    );
    expect([standing, title]).toEqual(['partly', 'TURN works over TCP, not over UDP']);
    expect(remarks.map(({ rule }) => rule)).toContain('udp-blocked');
    expect(configuration).not.toContain('transport=udp');
  });

  test('a wrong credential is one cause, however many URLs it is wrong for', () => {
    const refused = [udp, tcp].map((url) =>
      seenOf(url, { gathering: { errors: [error(401, 'Unauthorized.')] } }),
    );
    const verdict = verdictOf(
      seen([
        seenOf('stun:turn.example.org', { gathering: { candidates: [candidate('srflx')] } }),
        ...refused,
      ]),
    );
    expect(verdict).toMatchObject({ standing: 'fails', title: 'The user name or the credential is refused' });
    expect(verdict.configuration).toMatch(/stun:/);
    expect(verdict.configuration).not.toMatch(/turn:turn/);
  });

  test.each([
    ['symmetric-mapping', 40_001],
    ['same-mapping', 40_000],
  ])('%s, when the second server saw port %d', (rule, port) => {
    const mapped = [
      { base: 'ipv4', address: '203.0.113.7', port: 40_000 },
      ...(port === 40_000 ? [] : [{ base: 'ipv4', address: '203.0.113.7', port }]),
      { base: 'ipv6', address: '2001:db8::7', port: 41_000 },
    ];
    const stun = [seenOf('stun:a', { gathering: { candidates: [candidate('srflx')] } })];
    expect(verdictOf(seen(stun, { mapped })).remarks.map(({ rule }) => rule)).toContain(rule);
  });

  test('loss is told with its share, no interface before all else, addresses that are hidden as no fault', () => {
    const lossy = seenOf(udp, { gathering: relay, call: call({ numbered: { sent: 200, received: 190 } }) });
    const { remarks } = verdictOf(seen([lossy], { hosts: { count: 1, hidden: 1 } }));
    expect(remarks.find(({ rule }) => rule === 'loss')?.text).toMatch(/5\.0 % of 200/);
    expect(remarks.find(({ rule }) => rule === 'hidden-addresses')?.standing).toBe('works');
    expect(verdictOf(seen([lossy], { network: 'none' })).title).toBe('No network interface is up');
  });

  test('whatever was seen, there is a verdict in sentences, and it is the same the next time', () => {
    const code = fc.constantFrom(300, 400, 401, 403, 437, 438, 486, 500, 508, 701);
    const url = fc
      .record({
        url: fc.constantFrom(udp, tcp, 'turns:turn.example.org', 'stun:[::1]', 'turn:127.0.0.1:1'),
        ended: fc.constantFrom(
          'complete' as const,
          'enough' as const,
          'deadline' as const,
          'refused' as const,
          'stopped' as const,
        ),
        errors: fc.array(
          code.map((one) => error(one)),
          { maxLength: 3 },
        ),
        has: fc.boolean(),
        outcome: fc.constantFrom('bytes' as const, 'no-bytes' as const, 'not-connected' as const),
        calls: fc.boolean(),
      })
      .map(({ url, ended, errors, has, outcome, calls }) =>
        seenOf(url, {
          gathering: {
            ended,
            errors,
            refusal: 'SyntaxError',
            candidates: has ? [candidate(url.startsWith('stun') ? 'srflx' : 'relay')] : [],
          },
          call: calls
            ? call({ outcome, rttMs: outcome === 'bytes' ? { median: 1, best: 1, count: 1 } : null })
            : null,
        }),
      );
    fc.assert(
      fc.property(
        fc.array(url, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('chromium' as const, 'firefox' as const, 'safari' as const),
        fc.constantFrom('up' as const, 'none' as const),
        (urls, browser, network) => {
          const all = seen(urls, { browser, network });
          const verdict = verdictOf(all);
          expect(verdict.urls).toHaveLength(urls.length);
          expect(verdict.title.length).toBeGreaterThan(5);
          expect(verdictOf(structuredClone(all))).toEqual(verdict);
        },
      ),
      { numRuns: 500, seed: 20_261_121 },
    );
  });
});

describe('the report', () => {
  const all = seen(
    [
      seenOf('turn:turn.example.org:3478?transport=udp', {
        gathering: { candidates: [candidate('relay', '198.51.100.9', 50_123)] },
        call: call(),
      }),
      seenOf('turn:[2001:db8::5]', { gathering: { ended: 'deadline' } }),
      seenOf('turn:nosuch.example.org', {
        gathering: { errors: [error(701, 'TURN host lookup received error.')] },
      }),
    ],
    { mapped: [{ base: '192.168.7.10:4000', address: '203.0.113.7', port: 1234 }] },
  );
  const options = { hidesAddresses: false, madeAt: new Date(0), userAgent: 'A browser 1.2.3.4' };

  test('says what was seen, what it means and by which rule', () => {
    const text = reportText(reportOf(all, options));
    for (const words of [
      'turn.example.org',
      '198.51.100.9',
      '[rule turn-works]',
      '[rule name-not-found]',
      '200 of 200',
      'not in this report',
    ])
      expect(text).toContain(words);
  });

  test('can hide addresses and hosts, everywhere, and says the same without them', () => {
    const hidden = reportOf(all, { ...options, hidesAddresses: true });
    const text = JSON.stringify(hidden) + reportText(hidden);
    for (const secret of ['example.org', '198.51.100.9', '50123', '2001:db8', '192.168.7.10', '203.0.113.7'])
      expect(text).not.toContain(secret);
    expect(hidden.verdict.urls.map(({ rule }) => rule)).toEqual(verdictOf(all).urls.map(({ rule }) => rule));
    expect(hidden.observations.urls[0]?.url).toBe('turn:host-a:3478?transport=udp');
    expect(hidden.userAgent).toBe(options.userAgent);
  });
});
