import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits, parseServerUrl, readServers } from './urls.ts';

const ann = { username: 'ann', credential: 'hunter2-hunter2' };

describe('one URL', () => {
  test.each([
    [
      'stun:stun.example.org',
      { scheme: 'stun', host: 'stun.example.org', hostKind: 'name', port: 3478, transport: 'udp' },
    ],
    [
      'turn:192.0.2.1:3479?transport=tcp',
      { scheme: 'turn', host: '192.0.2.1', hostKind: 'ipv4', port: 3479, transport: 'tcp' },
    ],
    ['turns:turn.example.org', { scheme: 'turns', port: 5349, transport: 'tls' }],
    ['turns:turn.example.org:443?transport=tcp', { port: 443, transport: 'tls' }],
    ['turn:[2001:db8::1]:3478', { host: '2001:db8::1', hostKind: 'ipv6', port: 3478 }],
    ['stun:[::1]', { host: '::1', hostKind: 'ipv6', port: 3478 }],
    ['  STUN:Example.org ', { url: 'stun:Example.org', host: 'example.org' }],
    ['turn:münchen.example', { hostKind: 'name' }],
    ['turn:a-b.c_d.example.:1?transport=UDP', { url: 'turn:a-b.c_d.example.:1?transport=udp', port: 1 }],
  ])('%s is read', (text, expected) => {
    expect(parseServerUrl(text)).toMatchObject({ ok: true, url: expected });
  });

  test.each([
    ['', /empty/],
    ['stun.example.org:3478', /does not say what it is/, 'stun:stun.example.org:3478'],
    ['turn.example.org', /does not say what it is/, 'turn:turn.example.org'],
    ['https://turn.example.org', /address of a page/],
    ['wss://turn.example.org', /signaling server/],
    ['stun://stun.example.org', /no \/\/ after stun:.*7064/, 'stun:stun.example.org'],
    ['turn://turn.example.org:3478', /7065/, 'turn:turn.example.org:3478'],
    ['turn:ann@turn.example.org', /its own field/, 'turn:turn.example.org'],
    ['turn:turn.example.org/path', /no path/, 'turn:turn.example.org'],
    ['stun:stun.example.org?transport=udp', /no \?transport/, 'stun:stun.example.org'],
    ['turn:h?transport=tls', /turns:/, 'turns:h?transport=tcp'],
    ['turn:h?transport=sctp', /transport=udp or transport=tcp/],
    ['turn:h?foo=1', /transport=udp or transport=tcp/],
    ['turn:h?transport=udp?x', /more than one/],
    ['turns:h?transport=udp', /DTLS/, 'turns:h?transport=tcp'],
    ['turn:h:0', /no port/],
    ['turn:h:65536', /no port/],
    ['turn:h:', /no port/],
    ['turn:h:port', /no port/],
    ['turn:', /no host/],
    ['turn::3478', /no host/],
    ['turn:1.2.3', /no IPv4/],
    ['turn:1.2.3.256', /no IPv4/],
    ['turn:::1', /brackets/, 'turn:[::1]'],
    ['turn:2001:db8::1?transport=tcp', /brackets/, 'turn:[2001:db8::1]?transport=tcp'],
    ['turn:[2001:db8::zz]', /no IPv6/],
    ['turn:[]', /no IPv6/],
    ['turn:-a.example', /no host name/],
    ['turn:a..b', /no host name/],
    ['turn:ho st', /blank/],
    ['turn:h\u200B', /cannot be seen/],
    ['turn:\u0000', /cannot be seen/],
    [`turn:${'a'.repeat(600)}`, /at most 512/],
  ])('%j is refused in words', (text, words, suggestion?: string) => {
    const parsed = parseServerUrl(text);
    if (parsed.ok) throw new Error(`taken as ${JSON.stringify(parsed.url)}`);
    expect(parsed.problem.text).toMatch(words);
    expect(parsed.problem.suggestion).toBe(suggestion ?? parsed.problem.suggestion);
    if (suggestion !== undefined) expect(parseServerUrl(suggestion)).toMatchObject({ ok: true });
  });

  test('what looks like a password in a URL is not repeated', () => {
    const { problems } = readServers('turn:ann:topsecret@turn.example.org', ann);
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toContain('topsecret');
  });

  test('any text gives a URL or a sentence, never an exception', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'turn:',
        'stun:',
        '[',
        ']',
        ':',
        '?transport=',
        'udp',
        '@',
        '//',
        '1.2.3.4',
        '{"urls":',
      ),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        const parsed = parseServerUrl(text);
        if (!parsed.ok) expect(parsed.problem.text).toMatch(/\.$/);
        const { servers, problems } = readServers(text, ann);
        expect(servers.length > 0 || problems.length > 0).toBe(true);
      }),
      { numRuns: 2000, seed: 20_261_121 },
    );
  });
});

describe('what was typed or pasted', () => {
  test('lines, commas and blanks separate URLs; each gets the login, STUN none', () => {
    const { servers, problems } = readServers('stun:a\n turn:b?transport=udp ,turn:b?transport=tcp\n\n', ann);
    expect(problems).toEqual([]);
    expect(servers.map(({ url, username }) => [url, username])).toEqual([
      ['stun:a', undefined],
      ['turn:b?transport=udp', 'ann'],
      ['turn:b?transport=tcp', 'ann'],
    ]);
  });

  test.each([
    ['JSON', '[{"urls":["turn:b","stun:a"],"username":"u","credential":"c"}]'],
    ['a configuration', '{"iceServers":[{"urls":["turn:b","stun:a"],"username":"u","credential":"c"}]}'],
    [
      'JavaScript',
      "const pc = new RTCPeerConnection({\n  iceServers: [\n    // ours\n    { urls: ['turn:b', 'stun:a'], username: 'u', credential: 'c', },\n  ],\n});",
    ],
    ['one server', '{ urls: ["turn:b", "stun:a"], username: "u", credential: "c" }'],
    ['a member', 'iceServers: [{ urls: [`turn:b`, `stun:a`], username: "u", credential: "c" }]'],
  ])('%s is read', (_, text) => {
    const { servers, problems, notes } = readServers(text);
    expect(problems).toEqual([]);
    expect(notes).toEqual([]);
    expect(servers.map(({ url, credential }) => [url, credential])).toEqual([
      ['turn:b', 'c'],
      ['stun:a', undefined],
    ]);
  });

  test('“credentials” is tested as “credential”, and said to be wrong', () => {
    const { servers, notes } = readServers("[{ urls: 'turn:b', username: 'u', credentials: 'c' }]");
    expect(servers).toMatchObject([{ url: 'turn:b', username: 'u', credential: 'c' }]);
    expect(notes.join(' ')).toMatch(/“credentials”.*“credential”.*InvalidAccessError/);
  });

  test.each([
    ['no login', 'turn:b', { username: '', credential: '' }, /both are missing/],
    ['no user name', 'turn:b', { username: '', credential: 'x' }, /user name is missing/],
    ['no credential', 'turns:b', { username: 'u', credential: '' }, /credential is missing/],
    ['nothing', '  \n ', ann, /Write the URL/],
    ['an endless user name', 'turn:b', { username: 'u'.repeat(600), credential: 'x' }, /longer than 509/],
    ['too much text', 'stun:a\n'.repeat(4000), ann, /longer than a list/],
    ['too many URLs', Array.from({ length: 13 }, (_, i) => `stun:a${i}`).join('\n'), ann, /at most 12/],
    ['an empty list', '[{}]', ann, /urls/],
    ['a list of numbers', '[{"urls": 1}]', ann, /“urls” is missing/],
    ['a cut text', '[{"urls": "stun:a"', ann, /ends too early|missing/],
    [
      'a variable',
      '[{ urls: TURN_URL, username: "u", credential: "c" }]',
      ann,
      /“TURN_URL” stands for a value/,
    ],
    ['an object without servers', '{"hello": "world"}', ann, /no list of servers/],
    ['something nested', '[[[[[[[[[[[["x"]]]]]]]]]]]]', ann, /nested/],
  ])('%s: a sentence and nothing to test', (_, text, login, words) => {
    const { servers, problems } = readServers(text, login);
    expect(servers).toEqual([]);
    expect(problems.map((problem) => problem.text).join(' ')).toMatch(words);
    expect(JSON.stringify(problems)).not.toContain(ann.credential);
  });

  test('one bad URL keeps all from being tested: half a result would mislead', () => {
    const { servers, problems } = readServers('turn:b\nturn:c:99999', ann);
    expect(servers).toEqual([]);
    expect(problems).toMatchObject([{ about: 'turn:c:99999' }]);
  });

  test('a time-limited user name that is over is noted, a double is tested once', () => {
    const { servers, notes } = readServers('turn:b\nturn:b', { username: '1000000000:ann', credential: 'c' });
    expect(servers).toHaveLength(1);
    expect(notes.join(' ')).toMatch(/time-limited.*2001/);
    expect(notes.join(' ')).toMatch(/twice/);
  });

  test('names such as __proto__ are names', () => {
    const { problems } = readServers('[{"__proto__": {"urls": "stun:a"}, "constructor": 1}]');
    expect(problems[0]?.text).toMatch(/“urls” is missing/);
    expect(limits.urls).toBe(12);
  });
});
