import { expect, test } from 'vitest';
import { natKinds, predictWay, type NatKind } from './kinds.ts';

const [full, address, port, symmetric, blocked] = natKinds;

test.each<[NatKind, NatKind]>([
  [port, symmetric],
  [symmetric, port],
  [symmetric, symmetric],
])('%s and %s cannot punch a hole', (a, b) => {
  expect(predictWay(a, b, 'stun')).toBe('none');
  expect(predictWay(a, b, 'turn')).toBe('relay-udp');
});

test('every other pair that lets UDP through meets directly, whoever calls, and TURN changes nothing', () => {
  const open = natKinds.filter((kind) => kind !== blocked);
  const direct = open.flatMap((a) =>
    open.filter((b) => predictWay(a, b, 'stun') === 'direct').map((b) => [a, b]),
  );
  expect(direct).toHaveLength(13);
  for (const [a, b] of direct) {
    expect(predictWay(b ?? full, a ?? full, 'stun')).toBe('direct');
    expect(predictWay(a ?? full, b ?? full, 'turn')).toBe('direct');
  }
  expect(direct).toContainEqual([symmetric, address]);
});

test('where UDP is blocked there is only a relay over TCP; a public address is reached from everywhere else', () => {
  for (const kind of natKinds) {
    expect(predictWay(blocked, kind, 'stun')).toBe('none');
    expect(predictWay(kind, blocked, 'turn')).toBe('relay-tcp');
    if (kind !== blocked) expect(predictWay('none', kind, 'stun')).toBe('direct');
  }
});
