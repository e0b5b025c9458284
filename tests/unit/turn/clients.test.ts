/** coturn's own clients against our server: nothing may be lost, whatever way they take. */
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  coturnMissing,
  startPeer,
  stunclient,
  type TurnTarget,
  uclient,
  type UclientResult,
} from '../../support/coturn.ts';
import { openTurn } from '../../support/turn.ts';

/** Four clients, one packet in 20 ms each. */
const load = ['-m', '4', '-n', '50', '-l', '200'];
const hasIPv6 = Object.values(networkInterfaces())
  .flat()
  .some((each) => each?.address === '::1');

/** What the client does, and its flags. `-y`: clients talk to each other through two relayed addresses. */
const ways: readonly [what: string, flags: readonly string[], where?: 'outside' | 'over IPv6'][] = [
  ['channels over UDP', ['-y', '-c']],
  ['channels over TCP', ['-y', '-c', '-t']],
  ['Send indications over UDP', ['-y', '-c', '-s']],
  ['Send indications over TCP', ['-y', '-c', '-s', '-t']],
  ['channels with padding', ['-y', '-c', '-D']],
  ['DONT-FRAGMENT', ['-y', '-c', '-g']],
  ['more permissions and channels than it needs', ['-y', '-c', '-G']],
  ['some requests that must fail', ['-y', '-c', '-N']],
  ['an even port and the reserved one above it', ['-y']],
  ['channels to a peer outside', [], 'outside'],
  ['Send indications to a peer outside', ['-s'], 'outside'],
  ['channels over TCP to a peer outside', ['-t'], 'outside'],
  ['channels over IPv6', ['-x', '-y', '-c'], 'over IPv6'],
  ['Send indications over IPv6', ['-x', '-y', '-c', '-s'], 'over IPv6'],
  ['channels over TCP and IPv6', ['-x', '-y', '-c', '-t'], 'over IPv6'],
];

describe.skipIf(coturnMissing)(
  `turnutils_uclient loses nothing${coturnMissing ? ` (${coturnMissing})` : ''}`,
  { timeout: 90_000 },
  () => {
    let relays: TurnTarget & AsyncDisposable;
    let machine: TurnTarget & AsyncDisposable;
    let peer: { port: number } & AsyncDisposable;
    const runs = new Map<string, Promise<UclientResult>>();
    const toPeer = () => ['-e', '127.0.0.1', '-r', String(peer.port)];

    beforeAll(async () => {
      relays = await openTurn();
      machine = await openTurn({ peers: ['machine'] });
      peer = await startPeer();
      // All at once: each takes 7 s, in which it mostly waits.
      for (const [index, [what, flags, where]] of ways.entries()) {
        const target = where === 'outside' ? machine : relays;
        const { port, secret } = target;
        const address = where === 'over IPv6' ? '::1' : target.address;
        if (where === 'over IPv6' && !hasIPv6) continue;
        const args = [...flags, ...(where === 'outside' ? toPeer() : []), ...load];
        runs.set(what, uclient({ address, port, secret }, args, `session${index}.alice`));
      }
    }, 30_000);
    afterAll(async () => {
      for (const each of [relays, machine, peer]) await each[Symbol.asyncDispose]();
    });

    test.for(ways)('%s', async ([what, , where], context) => {
      context.skip(where === 'over IPv6' && !hasIPv6, 'this machine has no IPv6');
      const { sent, received, output } = (await runs.get(what))!;
      expect(sent, output).toBeGreaterThanOrEqual(200);
      expect(received, output).toBe(sent);
    });

    test('a peer outside is refused where only relays are allowed', async () => {
      const { received, output } = await uclient(relays, [...toPeer(), '-c', ...load], 'out.alice');
      expect(received).toBe(0);
      expect(output).toContain('403 (Forbidden)');
    });

    test('a wrong secret gets nothing', async () => {
      const wrong = { address: relays.address, port: relays.port, secret: 'wrong' };
      const { received, output } = await uclient(wrong, ['-y', '-c', ...load]);
      expect(received).toBe(0);
      expect(output).toContain('Cannot complete Allocation');
    });

    test('turnutils_stunclient is told its address', async () => {
      expect(await stunclient(relays)).toMatch(/UDP reflexive addr: 127\.0\.0\.1:\d+/);
    });
  },
);
