import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { simulate } from '../../rtc/nat-sim/simulate.ts';
import { planOfCell, reachOfCell, readIndex, replayHref, type RecordedCell } from './recordings.ts';
import { questionsOf, rightOnes } from './quiz.ts';
import { ownRecording } from '../replay/session.ts';

const folder = 'public/natlab/';
const text = existsSync(`${folder}index.json`) ? readFileSync(`${folder}index.json`, 'utf8') : undefined;

const cell = (part: Partial<RecordedCell> = {}): RecordedCell => ({
  id: 'stun-symmetric-port-restricted',
  a: 'symmetric',
  b: 'port-restricted',
  servers: 'stun',
  browserB: 'chromium',
  outcome: { connected: false },
  recording: 'stun-symmetric-port-restricted.json.gz',
  ...part,
});
const indexOf = (...cells: unknown[]) =>
  JSON.stringify({ made: '2026-01-02T03:04:05Z', browsers: { a: 'Chromium', b: 'Chromium' }, cells });
const answering = (body: string, status = 200) => readIndex(async () => new Response(body, { status }));

test('a list of recordings is read; one that is missing, broken or hostile gets a sentence', async () => {
  expect(await answering(indexOf(cell()))).toMatchObject({ ok: true });
  for (const [body, status] of [
    ['not here', 404],
    ['{', 200],
    ['{"made":1}', 200],
    [indexOf(cell({ recording: '../../secret.json.gz' })), 200],
    [indexOf(cell({ a: 'cone' as 'symmetric' })), 200],
  ] as const) {
    const answer = await answering(body, status);
    expect(answer.ok ? '' : answer.problem).toMatch(/^The list of recordings /);
  }
});

test('what two ends say of their pairs gives the way that they reach each other', () => {
  const reach = (a: object, b: object) =>
    reachOfCell(cell({ outcome: { connected: true, a, b } as RecordedCell['outcome'] }));
  expect(reach({ local: 'srflx', remote: 'prflx' }, { local: 'prflx', remote: 'srflx' })).toBe('prflx');
  expect(
    reach({ local: 'srflx', remote: 'relay' }, { local: 'relay', remote: 'srflx', relayProtocol: 'tcp' }),
  ).toBe('relay/tcp');
  expect(reach({ local: 'host', remote: 'host' }, { local: 'host', remote: 'host' })).toBe('direct');
  expect(reachOfCell(cell())).toBe('none');
});

test('a recording opens by an address of this site, and nothing else does', () => {
  const { searchParams } = new URL(replayHref(cell()), 'http://localhost');
  expect(ownRecording(searchParams.get('file') ?? '')).toBe('stun-symmetric-port-restricted.json.gz');
  for (const path of [
    'https://example.org/natlab/a.json',
    '//example.org/natlab/a.json',
    '/natlab/../secret.json',
    '/natlab/a.txt',
    '/other/a.json',
    '/natlab/%2e%2e/a.json',
  ])
    expect(ownRecording(path)).toBeUndefined();
});

test('predictions are graded by what was recorded', () => {
  const questions = questionsOf([cell({ id: 'x', a: 'port-restricted', b: 'symmetric' })]);
  expect(questions.map(({ happened }) => happened)).toEqual(['none']);
  expect(rightOnes(questions, { x: 'none' })).toBe(1);
  expect(rightOnes(questions, { x: 'direct' })).toBe(0);
});

test.runIf(text)('the simulator agrees with every recording, and ten of them can be predicted', async () => {
  const answer = await answering(text ?? '');
  if (!answer.ok) throw new Error(answer.problem);
  const { cells } = answer.index;
  const differing = cells.flatMap((one) => {
    const plan = planOfCell(one);
    const [seen, computed] = [reachOfCell(one), plan && simulate(plan).outcome.reach];
    return computed === undefined || computed === seen ? [] : [`${one.id}: ${seen}, simulated ${computed}`];
  });
  expect(differing).toEqual([]);
  expect(cells.filter((one) => !planOfCell(one)).map(({ id }) => id)).toEqual(['relay-only']);
  const questions = questionsOf(cells);
  expect(questions).toHaveLength(10);
  // As long as the key of an answer may be.
  for (const { id } of questions) expect(id.length).toBeLessThanOrEqual(40);
  for (const { recording } of cells) expect(existsSync(folder + recording), recording).toBe(true);
});
