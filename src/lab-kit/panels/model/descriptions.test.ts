import { expect, test } from 'vitest';
import { descriptionsFold } from './descriptions.ts';
import { described, descriptionReceived, descriptionSent, record, sdp } from './record.fixture.ts';

const offer = sdp(2);
const answer = sdp(2, 1, 'a=x-answer\r\n').replace('4611', '7722');

const wholeExchange = [
  described('alice', 'local', 'offer', offer),
  descriptionSent('alice', 'bob', 'offer', offer),
  descriptionReceived('bob', 'alice', 'offer', offer),
  described('bob', 'remote', 'offer', offer),
  described('bob', 'local', 'answer', answer),
  descriptionSent('bob', 'alice', 'answer', answer),
  descriptionReceived('alice', 'bob', 'answer', answer),
  described('alice', 'remote', 'answer', answer),
];

test('the four sightings of a description are one exchange', () => {
  const negotiations = descriptionsFold()(record(...wholeExchange));
  expect(negotiations).toHaveLength(1);
  expect(negotiations[0]).toMatchObject({
    number: 1,
    offerer: 'alice',
    answerer: 'bob',
    offer: { sdp: offer, atMs: 0 },
    answer: { sdp: answer, atMs: 40 },
  });
});

test('with the focus before the answer there is an offer alone', () => {
  expect(descriptionsFold()(record(...wholeExchange), 4)[0]?.answer).toBeUndefined();
});

test('of two pages each one sees its half', () => {
  const seenByAlice = wholeExchange.filter(([peer]) => peer === 'alice');
  const seenByBob = wholeExchange.filter(([peer]) => peer === 'bob');
  for (const half of [seenByAlice, seenByBob]) {
    const negotiations = descriptionsFold()(record(...half));
    expect(negotiations).toHaveLength(1);
    expect(negotiations[0]).toMatchObject({ offerer: 'alice', answerer: 'bob', answer: { sdp: answer } });
  }
});

test('what was sent wins over what was set: it holds the candidates found meanwhile', () => {
  const complete = `${offer}a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n`;
  const [one] = descriptionsFold()(
    record(
      described('alice', 'local', 'offer', offer),
      descriptionSent('alice', 'bob', 'offer', complete),
      described('bob', 'remote', 'offer', complete),
    ),
  );
  expect(one?.offer.sdp).toBe(complete);
});

test('an offer of the other side is a second exchange', () => {
  const again = sdp(3).replace('4611', '7722');
  const negotiations = descriptionsFold()(
    record(
      ...wholeExchange,
      described('bob', 'local', 'offer', again),
      descriptionSent('bob', 'alice', 'offer', again),
    ),
  );
  expect(negotiations.map(({ offerer }) => offerer)).toEqual(['alice', 'bob']);
});

test('a new offer of the same side is a second exchange', () => {
  const negotiations = descriptionsFold()(
    record(...wholeExchange, described('alice', 'local', 'offer', sdp(3))),
  );
  expect(negotiations).toHaveLength(2);
  expect(negotiations[1]?.answer).toBeUndefined();
});

test('in glare the polite side’s offer is marked as rolled back, and the answer goes to the other one', () => {
  const ofBob = sdp(2).replace('4611', '7722');
  const negotiations = descriptionsFold()(
    record(
      described('alice', 'local', 'offer', offer),
      described('bob', 'local', 'offer', ofBob),
      described('bob', 'local', 'rollback', ''),
      described('bob', 'remote', 'offer', offer),
      described('bob', 'local', 'answer', answer),
    ),
  );
  expect(negotiations.map(({ isRolledBack = false }) => isRolledBack)).toEqual([false, true]);
  expect(negotiations[0]?.answer?.sdp).toBe(answer);
});

test('an answer replaces a provisional one', () => {
  const [one] = descriptionsFold()(
    record(
      described('alice', 'local', 'offer', offer),
      described('alice', 'remote', 'pranswer', answer),
      described('alice', 'remote', 'answer', answer),
    ),
  );
  expect(one?.answer?.type).toBe('answer');
});
