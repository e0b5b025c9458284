import { describe, expect, test } from 'vitest';
import { dumpOf, dumpText } from '../../../tests/fixtures/dumps.ts';
import type { Entry } from '../timeline.ts';
import { readDump, type Dump } from './index.ts';
import { methodName, statMemberName, statTypeName } from './rtcstats-names.ts';

function read(text: string): Dump {
  const dump = readDump(text);
  if (!dump?.ok) throw new Error(dump ? dump.problem : 'not a dump');
  return dump;
}
type Line = [method: string | number, pc: string | null, value: unknown, ...rest: unknown[]];
type Dictionary = Record<string, unknown>;
const withoutTimes = (entries: readonly Entry[]) =>
  entries.map((entry) =>
    entry.kind === 'stats'
      ? { ...entry, atMs: 0, sample: { ...entry.sample, atMs: 0 } }
      : { ...entry, atMs: 0 },
  );

describe('RTCStatsDump, format 3', () => {
  const numbers = (name: (key: string) => unknown, last: number) =>
    new Map(Array.from({ length: last }, (_, index) => [String(name(String(index + 1))), index + 1]));
  const methods = numbers(methodName, 80);
  const types = numbers((key) => statTypeName(key), 14);
  const members = numbers(statMemberName, 176);

  /** What the newer client would send: names as numbers, statistics and times as differences. */
  function compress(text: string): string {
    const before = new Map<string, Record<string, Dictionary>>();
    const ids = new Map<string, string>();
    const short = (id: string) => ids.get(id) ?? (ids.set(id, String(ids.size)), String(ids.size - 1));
    let lastMs = 0;
    const lines = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const [method, pc, value, ...rest] = JSON.parse(line) as Line;
        const atMs = Number(rest.at(-1));
        const difference = atMs - lastMs;
        lastMs = atMs;
        if (method !== 'getstats') return [methods.get(String(method)) ?? method, pc, value, difference];
        const delta = value as Record<string, Dictionary> & { timestamp?: number };
        const { timestamp, ...stats } = delta;
        const known = before.get(String(pc)) ?? {};
        before.set(String(pc), { ...known, ...stats });
        const shortened = Object.entries(stats).map(([id, stat]): [string, Dictionary] => {
          const named = Object.entries(stat)
            // 0 stands for the time that all have in common.
            .filter(([name, each]) => name !== 'timestamp' || each !== 0)
            .map(([name, each]): [string, unknown] => [
              name === 'timestamp' ? 't' : name === 'type' ? 'type' : String(members.get(name) ?? name),
              name === 'type'
                ? (types.get(String(each)) ?? each)
                : name.endsWith('Id') && typeof each === 'string'
                  ? short(each)
                  : each,
            ]);
          return [short(id), Object.fromEntries(named)];
        });
        return ['g', pc, { t: timestamp, ...Object.fromEntries(shortened) }, difference];
      });
    const head =
      '{"fileFormat":3,"userAgent":"Mozilla/5.0 Gecko/20100101 Firefox/153.0","url":"http://127.0.0.1/"}';
    return `RTCStatsDump\n${[head, ...lines.map((line) => JSON.stringify(line))].join('\n')}\n`;
  }

  test.each(['firefox-153-video.rtcstats.jsonl', 'firefox-153-ice-restart.rtcstats.jsonl'])(
    'says the same as the trace of %s that was made smaller with it',
    (name) => {
      const small = compress(dumpText(name));
      expect(small).not.toContain('setRemoteDescription');
      expect(small).not.toContain('bytesReceived');
      const { entries, browser } = read(small);
      expect(browser).toBe('Firefox 153');
      const essence = (list: readonly Entry[]) =>
        list.map((entry) => {
          if (entry.kind === 'stats')
            return entry.sample.inbound.map(({ codec, bitrateBps }) => [codec, bitrateBps]);
          if (entry.kind === 'candidate-pairs')
            return entry.pairs.map(({ state, selected }) => [state, selected]);
          return { ...entry, atMs: 0 };
        });
      expect(essence(entries)).toEqual(essence(dumpOf(name).entries));
    },
  );

  test('what is gone from the statistics is null, and gone', () => {
    const stat = (packets: number) => ({ type: 1, 10: 7, 11: 'audio', 14: packets });
    const { entries } = read(
      [
        'RTCStatsDump',
        '{"fileFormat":3}  ',
        JSON.stringify([39, 'PC_0', {}, 1_700_000_000_000]),
        JSON.stringify(['g', 'PC_0', { t: 1_700_000_001_000, 0: stat(1), 1: { ...stat(9), 10: 8 } }, 1000]),
        JSON.stringify(['g', 'PC_0', { t: 1_700_000_002_000, 0: { 14: 51 }, 1: null }, 1000]),
      ].join('\n'),
    );
    const samples = entries.flatMap((entry) => (entry.kind === 'stats' ? [entry.sample.inbound] : []));
    expect(samples.map((inbound) => inbound.map(({ ssrc }) => ssrc))).toEqual([[7, 8], [7]]);
    expect(samples[1]?.[0]?.packetsPerSecond).toBe(50);
    expect(entries.at(-1)?.atMs).toBe(2000);
  });

  test('sections of a description that did not change are filled in', () => {
    const session = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0';
    const audio = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0';
    const video = 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1';
    const offer = (...sections: string[]) => ({ type: 'offer', sdp: `${sections.join('\r\n')}\r\n` });
    const line = (...parts: unknown[]) => JSON.stringify([...parts, 10]);
    const { entries } = read(
      [
        'RTCStatsDump',
        '{"fileFormat":3,"userAgent":"x"}',
        JSON.stringify([39, 'PC_0', {}, 1_700_000_000_000]),
        line(8, 'PC_0', offer(session, audio), '8-0'),
        line(9, 'PC_0', null, '8-0'),
        line(8, 'PC_0', offer('v=', 'm=', video), '8-1'),
        line(9, 'PC_0', null, '8-1'),
      ].join('\n'),
    );
    const sdps = entries.flatMap((entry) => (entry.kind === 'description' ? [entry.sdp] : []));
    expect(sdps).toEqual([offer(session, audio).sdp, offer(session, audio, video).sdp]);
  });

  test('a page without a connection has its camera at least', () => {
    const { entries, peers } = read(
      [
        'RTCStatsDump',
        '{"url":"/gum/","origin":"https://example.com","fileFormat":3}',
        '[39,null,{"hardwareConcurrency":16},1758602115670]',
        '[60,null,{"audio":false,"video":true},"60-0",2153]',
        '[61,null,[["video","one","two"]],"60-0",1040]',
        '["close",null,1001,2353]',
        '',
      ].join('\n'),
    );
    expect(peers).toEqual([]);
    expect(entries).toMatchObject([
      { kind: 'call', method: 'getUserMedia', peer: 'lab' },
      { kind: 'call-settled', outcome: { ok: true }, tookMs: 1040 },
    ]);
  });
});

test('Chromium’s way of writing until 2022 says the same', () => {
  interface Logged {
    type: string;
    value: string;
    timestamp?: number;
    time?: string;
  }
  const name = 'chromium-156-video.internals.json.gz';
  const dump = JSON.parse(dumpText(name)) as {
    PeerConnections: Record<string, { updateLog: Logged[]; stats: Record<string, unknown> }>;
    UserAgentData?: unknown;
  };
  delete dump.UserAgentData;
  for (const connection of Object.values(dump.PeerConnections)) {
    connection.updateLog = connection.updateLog.map(({ type, value, timestamp }) => {
      const given: unknown = value.startsWith('{') || value.startsWith('"') ? JSON.parse(value) : value;
      const old =
        typeof given === 'object' && given !== null && 'sdp' in given && 'type' in given
          ? `type: ${String(given.type)}, sdp: ${String(given.sdp)}`
          : typeof given === 'object' && given !== null && 'candidate' in given && 'sdpMid' in given
            ? `sdpMid: ${String(given.sdpMid)}, sdpMLineIndex: 0, candidate: ${String(given.candidate)}, url: `
            : typeof given === 'string'
              ? given
              : value;
      return {
        type: type.replace(/^on(?=signaling|ice|connection)/, ''),
        value: old,
        time: new Date(timestamp ?? 0).toISOString(),
      };
    });
    // Nor did it say when it had asked.
    for (const key of Object.keys(connection.stats))
      if (key.endsWith('-timestamp')) delete connection.stats[key];
  }
  const { entries } = read(JSON.stringify(dump));
  const told = (list: readonly Entry[]) =>
    list
      .filter(({ kind }) => kind === 'description' || kind === 'candidate' || kind.endsWith('state'))
      .map(({ peer, kind, ...entry }) =>
        [peer, kind, 'sdp' in entry ? entry.sdp : 'candidate' in entry ? entry.candidate : ''].join(' '),
      )
      .toSorted();
  expect(told(entries)).toEqual(told(dumpOf(name).entries));
  const stats = entries.filter(({ kind }) => kind === 'stats');
  expect(stats.length).toBeGreaterThan(8);
  expect(JSON.stringify(stats)).toContain('"framesPerSecond"');
});

describe('early rtcstats servers', () => {
  const name = 'firefox-153-video.rtcstats.jsonl';
  const lines = dumpText(name)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as Line);

  test('wrote one object with a log for each connection', () => {
    const peerConnections: Record<string, unknown[]> = {};
    for (const [type, pc, ...rest] of lines)
      if (pc && type !== 'getstats')
        (peerConnections[pc] ??= []).push({
          type,
          value: rest[0],
          time: new Date(Number(rest.at(-1))).toISOString(),
        });
    const { entries, browser } = read(
      JSON.stringify({ path: '/', userAgent: 'Mozilla/5.0 Gecko/20100101 Firefox/153.0', peerConnections }),
    );
    expect(browser).toBe('Firefox 153');
    const counted = (list: readonly Entry[], kind: string) =>
      list.filter((entry) => entry.kind === kind).length;
    for (const kind of ['description', 'candidate', 'connection-state', 'track'])
      expect(counted(entries, kind)).toBe(counted(dumpOf(name).entries, kind));
  });

  test('wrote the lines alone, or address and browser in plain lines before them', () => {
    const alone = lines.map((line) => JSON.stringify(line)).join('\n');
    const whole = dumpOf(name);
    expect(withoutTimes(read(alone).entries)).toEqual(withoutTimes(whole.entries));
    const headed = read(`/path\nhttps://example.com/\nMozilla/5.0 Gecko/20100101 Firefox/150.0\n${alone}`);
    expect(headed.browser).toBe('Firefox 150');
    expect(headed.title).toContain('example.com');
    expect(headed.entries).toHaveLength(whole.entries.length);
  });
});

test('a file that was cut off is shown as far as it goes, and says so', () => {
  const text = dumpText('firefox-153-video.rtcstats.jsonl');
  const { entries } = read(text.slice(0, Math.floor(text.length / 2)));
  expect(entries.at(-1)).toMatchObject({ kind: 'note', text: expect.stringMatching(/could not be read/) });
  expect(entries.some(({ kind }) => kind === 'description')).toBe(true);
});
