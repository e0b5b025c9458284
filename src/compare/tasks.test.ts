import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CompareTask } from '../lab-kit/compare/define.ts';
import type { Entry, RtcEvent } from '../rtc/timeline.ts';

const folder = new URL('.', import.meta.url);
const ids = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() && entry.name !== '_shared' ? [entry.name] : [],
);
const taskOf = async (id: string) =>
  ((await import(`./${id}/task.ts`)) as { readonly default: CompareTask }).default;

const record = (...events: readonly (RtcEvent & { readonly peer: string })[]): Entry[] =>
  events.map((event, index) => ({ ...event, atMs: index, seq: index }));

test('there are nine tasks', () => {
  expect(ids.toSorted()).toEqual([
    'broken-network',
    'call',
    'closing',
    'file',
    'receive-only',
    'screen',
    'text',
    'three',
    'unreliable',
  ]);
});

test.each(ids)(
  '%s has its columns, its words and its sources, and nothing is done before it has begun',
  async (id) => {
    const task = await taskOf(id);
    for (const column of ['raw', 'peerjs']) {
      const file = new URL(`${id}/${column}.ts`, folder);
      expect(existsSync(file), file.pathname).toBe(true);
      const code = readFileSync(file, 'utf8');
      for (const person of task.participants)
        expect(code).toMatch(
          new RegExp(`export (async )?function (${person}|everybody)\\(me: Participant\\)`),
        );
      for (const { id: moment } of task.moments)
        if (!isWire(task, moment)) expect(code).toContain(`moment('${moment}')`);
      // Each footnote is called for, and each call has its footnote.
      const [above = '', notes = ''] = code.split(/^\/\*$/m);
      const numbersIn = (text: string, pattern: RegExp) =>
        new Set([...text.matchAll(pattern)].map(([, number]) => number));
      expect(numbersIn(above, /\/\/ \[(\d)\]$/gm)).toEqual(numbersIn(notes, /^\[(\d)\]/gm));
    }
    expect(task.title.length).toBeLessThan(40);
    expect(task.isDone([])).toBe(false);
    for (const { after } of task.moments) expect(after([])).toBe(false);
    for (const { text, source } of Object.values(task.limits).flat()) {
      expect(text).toMatch(/\.$/);
      // A file of ours, or a section or a version of somebody else's.
      const [ours] = /^src\/\S+/.exec(source) ?? [];
      if (ours) expect(existsSync(new URL(`../../${ours}`, folder)), ours).toBe(true);
      else expect(source).toMatch(/\d/);
    }
  },
);

const isWire = (task: CompareTask, id: string) =>
  task.moments.find((moment) => moment.id === id)?.wire !== undefined;

const picture = { kind: 'first-frame', width: 320, height: 180 } as const;
const state = (peer: string, now: RTCPeerConnectionState) =>
  ({ kind: 'connection-state', peer, state: now }) as const;

test('a broken call is mended when both ends are connected again, by whichever connection', async () => {
  const { isDone, moments } = await taskOf('broken-network');
  const before = ['alice', 'bob'].flatMap((peer) => [state(peer, 'connected'), { ...picture, peer }]);
  const tried = { kind: 'peer-closed', peer: 'alice/probe' } as const;
  expect(isDone(record(tried, ...before))).toBe(false);
  expect(moments.map(({ after }) => after(record(tried, ...before)))).toEqual([true, false]);
  const lost = [...before, { kind: 'peer-closed', peer: 'alice' } as const, state('bob', 'disconnected')];
  expect(moments[1]?.after(record(...lost))).toBe(true);
  expect(isDone(record(...lost, state('alice/2', 'connected')))).toBe(false);
  expect(isDone(record(...lost, state('alice/2', 'connected'), state('bob', 'connected')))).toBe(true);
  expect(
    isDone(record(...lost, state('alice/2', 'connected'), state('bob', 'connected'), state('bob', 'failed'))),
  ).toBe(false);
});

test('the screen is there when bob’s picture has changed after the track was replaced', async () => {
  const { isDone } = await taskOf('screen');
  const replaced = { kind: 'call', peer: 'alice', call: 1, method: 'replaceTrack', args: [] } as const;
  const before = [{ ...picture, peer: 'bob' }, replaced];
  expect(isDone(record(...before))).toBe(false);
  expect(isDone(record(...before, { ...picture, peer: 'bob', width: 1280 }))).toBe(true);
});
