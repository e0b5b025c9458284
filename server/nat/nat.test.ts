import { expect, test } from 'vitest';
import { type Filtering, Nat, type NatRules } from './nat.ts';

const alice = { address: '192.0.2.7', port: 40_001 };
const bob = { address: '192.0.2.8', port: 40_002 };
const server = { address: '192.0.2.1', port: 3478 };
const stranger = { address: '198.51.100.9', port: 5_000 };

const natOf = (filtering: Filtering, rules: Partial<NatRules> = {}) =>
  new Nat({
    filtering,
    mappings: 4,
    mappingsPerAddress: 3,
    idleMs: 120_000,
    rate: { burst: 3, perSec: 10 },
    ...rules,
  });

test('an endpoint keeps its mapping, another one has another', () => {
  const nat = natOf('open');
  const first = nat.leave(alice, 0);
  expect(first).toMatchObject({ isNew: true, mapping: { inside: alice } });
  expect(nat.leave(alice, 10)).toEqual({ mapping: first!.mapping, isNew: false });
  expect(nat.leave({ ...alice, port: 40_009 }, 10)?.mapping.id).not.toBe(first!.mapping.id);
});

test('what the server answers goes in through the door, in both variants', () => {
  for (const filtering of ['open', 'blocked'] as const) {
    const nat = natOf(filtering);
    const { mapping } = nat.leave(alice, 0)!;
    expect(nat.enter(mapping.id, server, server, 1)).toEqual({ to: alice, from: 'door' });
    expect(nat.enter(mapping.id, { ...server, port: 3479 }, server, 1)).toEqual(
      filtering === 'open' ? { to: alice, from: 'door' } : undefined,
    );
  }
});

test('two that are both behind it see each other’s mapped ports', () => {
  const nat = natOf('open');
  const a = nat.leave(alice, 0)!.mapping;
  const b = nat.leave(bob, 0)!.mapping;
  expect(nat.enter(b.id, alice, server, 1)).toMatchObject({ to: bob, from: { id: a.id, inside: alice } });
  expect(nat.enter(a.id, bob, server, 1)).toMatchObject({ to: alice, from: { id: b.id } });
  expect(nat.enter(a.id, stranger, server, 1)).toEqual({ to: alice, from: 'door' });
});

test('the blocked one lets nothing in that was not asked for, from whomever', () => {
  const nat = natOf('blocked');
  const a = nat.leave(alice, 0)!.mapping;
  nat.leave(bob, 0);
  expect(nat.enter(a.id, bob, server, 1)).toBeUndefined();
  expect(nat.enter(a.id, stranger, server, 1)).toBeUndefined();
});

test('mappings are bounded, of all and of each address', () => {
  const nat = natOf('open');
  for (let nth = 0; nth < 3; nth++) expect(nat.leave({ ...alice, port: nth }, 0)).toBeDefined();
  expect(nat.leave({ ...alice, port: 3 }, 0)).toBeUndefined();
  expect(nat.leave(bob, 0)).toBeDefined();
  expect(nat.leave(stranger, 0)).toBeUndefined();
  expect(nat.leave({ ...alice, port: 0 }, 0)).toBeDefined();
});

test('a mapping is given up when nothing has left through it for two minutes; what comes in does not keep it', () => {
  const nat = natOf('open');
  const a = nat.leave(alice, 0)!.mapping;
  const b = nat.leave(bob, 0)!.mapping;
  nat.leave(alice, 60_000);
  nat.enter(b.id, stranger, server, 119_000);
  expect(nat.tick(119_999)).toEqual([]);
  expect(nat.tick(120_000).map(({ id }) => id)).toEqual([b.id]);
  expect(nat.enter(b.id, server, server, 120_000)).toBeUndefined();
  // A packet to another's mapped port leaves through the sender's own.
  const again = nat.leave(bob, 130_000)!.mapping;
  nat.enter(again.id, alice, server, 170_000);
  expect(nat.tick(249_999).map(({ id }) => id)).toEqual([]);
  expect(nat.tick(290_000).map(({ id }) => id)).toEqual([a.id, again.id]);
  expect(nat.mappings).toEqual([]);
});

test('one mapping lets in so many packets a second', () => {
  const nat = natOf('open');
  const { id } = nat.leave(alice, 0)!.mapping;
  const entered = () => nat.enter(id, stranger, server, 0) !== undefined;
  expect([entered(), entered(), entered(), entered()]).toEqual([true, true, true, false]);
  expect(nat.enter(id, stranger, server, 100)).toBeDefined();
});
