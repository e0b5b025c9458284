/** What runs out, and when: the server's clock is put forward. */
import { expect, test } from 'vitest';
import type { Endpoint } from '../../../src/protocol/stun/address.ts';
import { decodeChannelData, encodeChannelData } from '../../../src/protocol/stun/message.ts';
import { credentialOf } from '../../support/coturn.ts';
import { openTurn, type TurnHere } from '../../support/turn.ts';
import {
  channel,
  lifetime,
  outcomeOf,
  peer,
  plain,
  text,
  TurnClient,
  udp,
} from '../../support/turn-client.ts';

const MINUTE_MS = 60_000;

async function open(server: TurnHere, userid: string, lifetimeSec = 600): Promise<TurnClient> {
  return TurnClient.open(server, { credential: credentialOf(server.secret, userid, lifetimeSec) });
}

const send = (from: TurnClient, to: Endpoint) =>
  from.send(plain('indication', 'Send', [peer(to.address, to.port), ['DATA', text('hi')]]));

test.concurrent(
  'a permission lasts five minutes, and only CreatePermission and ChannelBind renew it',
  async () => {
    await using server = await openTurn({ lifetimeSec: 3600 });
    await using alice = await open(server, 'one.alice');
    await using bob = await open(server, 'one.bob');
    const [a, b] = [await alice.allocate([udp, lifetime(3600)]), await bob.allocate([udp, lifetime(3600)])];
    await alice.prove('CreatePermission', [peer(b.address, b.port)]);
    await bob.prove('CreatePermission', [peer(a.address, a.port)]);
    await server.pass(4 * MINUTE_MS);
    send(alice, b);
    expect(await bob.next()).toBeDefined();
    await server.pass(2 * MINUTE_MS);
    send(alice, b);
    expect(await bob.next()).toBeUndefined();
  },
);

test.concurrent('a channel lasts ten minutes, its permission five', async () => {
  await using server = await openTurn({ lifetimeSec: 3600 });
  await using alice = await open(server, 'two.alice');
  await using bob = await open(server, 'two.bob');
  const [a, b] = [await alice.allocate([udp, lifetime(3600)]), await bob.allocate([udp, lifetime(3600)])];
  await alice.prove('ChannelBind', [channel(0x4000), peer(b.address, b.port)]);
  await bob.prove('ChannelBind', [channel(0x4000), peer(a.address, a.port)]);
  const frame = encodeChannelData({ channel: 0x4000, data: text('hi') });
  alice.send(frame);
  expect(decodeChannelData((await bob.next())!)?.channel).toBe(0x4000);
  await server.pass(6 * MINUTE_MS);
  alice.send(frame); // bound still, and not permitted
  expect(await bob.next()).toBeUndefined();
  await alice.prove('CreatePermission', [peer(b.address, b.port)]);
  await bob.prove('CreatePermission', [peer(a.address, a.port)]);
  alice.send(frame);
  expect(decodeChannelData((await bob.next())!)?.channel).toBe(0x4000);
  await server.pass(5 * MINUTE_MS);
  await alice.prove('CreatePermission', [peer(b.address, b.port)]);
  alice.send(frame); // permitted, and bound no more
  expect(await bob.next()).toBeUndefined();
});

test.concurrent(
  'an allocation that nobody refreshes ends with its lifetime; one that is refreshed goes on',
  async () => {
    await using server = await openTurn({ lifetimeSec: 20 });
    await using lazy = await open(server, 'three.alice');
    await using busy = await open(server, 'three.bob');
    await lazy.allocate();
    await busy.allocate([udp, lifetime(3600)]); // it gets 20 s all the same
    expect(server.allocations).toBe(2);
    await server.pass(12_000);
    expect(outcomeOf(await busy.prove('Refresh', [lifetime(3600)]))).toBe('success');
    await server.pass(12_000);
    expect(server.allocations).toBe(1);
    expect(outcomeOf(await lazy.prove('Refresh', [lifetime(20)]))).toBe(437);
    await server.pass(12_000);
    expect(server.allocations).toBe(0);
  },
);

test.concurrent('a nonce gets stale after ten minutes: 438, and the new one is good', async () => {
  await using server = await openTurn({ lifetimeSec: 3600 });
  await using alice = await open(server, 'four.alice', 7200);
  await alice.allocate([udp, lifetime(3600)]);
  await server.pass(11 * MINUTE_MS);
  expect(outcomeOf(await alice.prove('Refresh', [lifetime(3600)]))).toBe(438);
  expect(outcomeOf(await alice.prove('Refresh', [lifetime(3600)]))).toBe('success');
});

test.concurrent('a user name that expires ends no allocation, and begins none', async () => {
  await using server = await openTurn({ lifetimeSec: 3600 });
  await using alice = await open(server, 'five.alice', 60);
  await using late = await open(server, 'five.alice', 60);
  await alice.allocate([udp, lifetime(3600)]);
  await server.pass(2 * MINUTE_MS);
  expect(outcomeOf(await alice.prove('Refresh', [lifetime(3600)]))).toBe('success');
  expect(outcomeOf(await late.prove('Allocate', [udp]))).toBe(401);
});

test.concurrent(
  'TCP: connections without an allocation, and frames that never end, are closed; what is used is not',
  async () => {
    await using server = await openTurn();
    const tcp = (userid: string) =>
      TurnClient.open(server, { transport: 'tcp', credential: credentialOf(server.secret, userid) });
    await using idle = await tcp('six.alice');
    await using slow = await tcp('six.bob');
    await using good = await tcp('six.carol');
    await good.allocate();
    slow.send(Uint8Array.of(0x00, 0x01, 0x10, 0x00, 0x21)); // the beginning of 4 kB
    expect(outcomeOf(await idle.ask('Binding'))).toBe('success');
    await server.pass(16_000);
    await Promise.all([idle.closed, slow.closed]);
    expect(outcomeOf(await good.prove('Refresh', [lifetime(600)]))).toBe('success');
  },
);
