import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Report, Stat } from '../stats/report.ts';
import { candidatePairPriority } from './candidate.ts';
import { MAX_PAIRS, pairsOf } from './pairs.ts';

/** The report of one end of a captured call. */
function captured(browser: string, end: 'offerer' | 'answerer'): Report {
  const file = new URL(`../../../tests/fixtures/stats/${browser}.json`, import.meta.url);
  const reports = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Stat[][]>;
  return reportOf(reports[end]?.at(-1) ?? []);
}

const reportOf = (stats: readonly Stat[]): Report => new Map(stats.map((stat) => [stat.id, stat]));

test.each(['chromium-156', 'firefox-153'])(
  '%s: one pair, selected and nominated, with both ends',
  (browser) => {
    for (const end of ['offerer', 'answerer'] as const) {
      const { pairs, iceRole, leftOut } = pairsOf(captured(browser, end));
      expect(iceRole).toBe(end === 'offerer' ? 'controlling' : 'controlled');
      expect(leftOut).toBe(0);
      expect(pairs).toHaveLength(1);
      expect(pairs[0]).toMatchObject({
        state: 'succeeded',
        nominated: true,
        selected: true,
        local: { type: 'host', protocol: 'udp' },
      });
      expect(pairs[0]!.responsesReceived).toBeGreaterThan(0);
    }
  },
);

test('the priority is exact and the same at both ends, where the browser’s own number is rounded', () => {
  const [alice] = pairsOf(captured('chromium-156', 'offerer')).pairs;
  const [bob] = pairsOf(captured('chromium-156', 'answerer')).pairs;
  expect(alice!.priority).toBe(String(candidatePairPriority(2_113_937_151, 2_113_937_151)));
  expect(bob!.priority).toBe(alice!.priority);
});

test('Firefox: a remote end that was learned from a check is prflx, and requests are not counted', () => {
  const [pair] = pairsOf(captured('firefox-153', 'offerer')).pairs;
  expect(pair!.remote).toMatchObject({ type: 'prflx', address: '10.9.0.1' });
  expect(pair).not.toHaveProperty('requestsSent');
});

const candidate = (id: string, more: object = {}): Stat => ({
  id,
  type: 'local-candidate',
  timestamp: 0,
  candidateType: 'host',
  protocol: 'UDP',
  ...more,
});
const pair = (id: string, more: object = {}): Stat => ({
  id,
  type: 'candidate-pair',
  timestamp: 0,
  localCandidateId: 'L',
  remoteCandidateId: 'R',
  state: 'waiting',
  ...more,
});

test('what a browser does not say is absent, and JSON keeps all of it', () => {
  const checklist = pairsOf(
    reportOf([candidate('L', { priority: 0, address: '' }), candidate('R'), pair('P')]),
  );
  expect(checklist).toEqual({
    leftOut: 0,
    pairs: [
      {
        id: 'P',
        local: { id: 'L', type: 'host', protocol: 'udp' },
        remote: { id: 'R', type: 'host', protocol: 'udp' },
        state: 'waiting',
        nominated: false,
        selected: false,
      },
    ],
  });
  expect(JSON.parse(JSON.stringify(checklist))).toEqual(checklist);
});

test('a pair with an end that the report does not hold is left out', () => {
  expect(pairsOf(reportOf([candidate('L'), pair('P')])).pairs).toEqual([]);
});

test('of more pairs than a checklist holds, the most advanced are kept', () => {
  const many = Array.from({ length: MAX_PAIRS + 20 }, (_, index) => pair(`P${index}`, { state: 'failed' }));
  const { pairs, leftOut } = pairsOf(
    reportOf([candidate('L'), candidate('R'), ...many, pair('last', { state: 'succeeded' })]),
  );
  expect(pairs).toHaveLength(MAX_PAIRS);
  expect(leftOut).toBe(21);
  expect(pairs[0]!.id).toBe('last');
});
