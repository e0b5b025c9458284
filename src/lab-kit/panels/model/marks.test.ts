import { expect, test } from 'vitest';
import { modelOf } from '../../../../tests/fixtures/sdp.ts';
import { descriptionsFold, previousOf } from './descriptions.ts';
import { marksOf } from './marks.ts';
import { descriptionSent, record, sdp } from './record.fixture.ts';

test('lines are marked as added, changed or gone', () => {
  const before = modelOf(sdp(1, 1, 'a=old:1\r\n'));
  const after = modelOf(sdp(2, 2));
  const { lines, gone } = marksOf(before, after);
  expect(lines.get(1)).toBeUndefined();
  expect(lines.get(2)).toEqual({ kind: 'changed', before: 'o=- 4611 1 IN IP4 127.0.0.1' });
  expect(lines.get(9)).toEqual({ kind: 'added' });
  expect(gone.get(0)?.map(({ raw }) => raw)).toEqual(['a=old:1']);
});

test('a description is compared with the one that its writer had made before, as an offer or as an answer', () => {
  const own = (version: number, id: string) => sdp(version).replace('4611', id);
  const negotiations = descriptionsFold()(
    record(
      descriptionSent('alice', 'bob', 'offer', own(1, '1111')),
      descriptionSent('bob', 'alice', 'answer', own(1, '2222')),
      descriptionSent('bob', 'alice', 'offer', own(2, '2222')),
      descriptionSent('alice', 'bob', 'answer', own(2, '1111')),
    ),
  );
  expect(previousOf(negotiations, negotiations[0]!, 'offer')).toBeUndefined();
  expect(previousOf(negotiations, negotiations[1]!, 'offer')?.sdp).toBe(own(1, '2222'));
  expect(previousOf(negotiations, negotiations[1]!, 'answer')?.sdp).toBe(own(1, '1111'));
});
