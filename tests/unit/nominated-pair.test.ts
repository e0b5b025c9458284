import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import exercise from '../../src/exercises/nominated-pair/exercise.ts';
import type { Recording } from '../../src/rtc/recording/schema.ts';

/** The last checklist of a peer in a recording of the NAT laboratory. */
function checklistOf(cell: string, peer: string) {
  const bytes = readFileSync(new URL(`../../public/natlab/${cell}.json.gz`, import.meta.url));
  const { entries } = JSON.parse(gunzipSync(bytes).toString()) as Recording;
  const last = entries.findLast((entry) => entry.kind === 'candidate-pairs' && entry.peer === peer);
  return last?.kind === 'candidate-pairs' ? last : undefined;
}

const selectedOf = (cell: string) => checklistOf(cell, 'alice')?.pairs.find(({ selected }) => selected);

test('what the questions say of the recordings is in them', () => {
  const questions = exercise.kind === 'predict' ? exercise.questions : [];
  const text = (id: string) => questions.find((question) => question.id === id)?.text ?? '';
  const digits = (words: string) => words.replaceAll(' ', '');

  const answered = selectedOf('stun-port-restricted-port-restricted');
  expect(answered).toMatchObject({ local: { type: 'srflx' }, remote: { type: 'srflx' } });
  expect(digits(text('answered'))).toContain(`priority${answered?.priority}`);

  const learned = selectedOf('stun-endpoint-independent-symmetric');
  expect(learned).toMatchObject({ remote: { type: 'prflx' } });
  expect(text('learned')).toContain(`port ${learned?.remote.port}`);

  const relayed = selectedOf('turn-port-restricted-symmetric');
  expect(relayed).toMatchObject({ local: { type: 'relay' }, remote: { type: 'prflx' } });
  expect(digits(text('priority'))).toContain(`relay→prflx,priority${relayed?.priority}`);

  const bobs = checklistOf('turn-port-restricted-symmetric', 'bob');
  expect(bobs?.iceRole).toBe('controlled');
  const unused = bobs?.pairs.filter(
    ({ local, remote, nominated, requestsSent, responsesReceived }) =>
      local.type === 'relay' &&
      remote.type === 'relay' &&
      !nominated &&
      requestsSent === 3 &&
      responsesReceived === 3,
  );
  expect(unused?.length).toBeGreaterThan(0);
});
