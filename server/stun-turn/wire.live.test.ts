/** The wire over real sockets: pages at the signaling server, STUN and TURN clients at the other port. */
import { expect, test } from 'vitest';
import { decodeMessage, errorCodeOf } from '../../src/protocol/stun/message.ts';
import { methodNamed } from '../../src/protocol/stun/names.ts';
import { WireMessages, type WireMessage } from '../../src/protocol/wire.ts';
import { serve, type TestPeer, type TestServer } from '../../tests/support/serve.ts';
import { channel, peer, TurnClient } from '../../tests/support/turn-client.ts';
import { readConfig } from '../config.ts';

/** A page that looks at its wire, and a client with its credentials. */
async function look(server: TestServer, label: string) {
  const page = await server.connect();
  await page.join();
  expect(await page.ask('wire:watch', {})).toEqual({ ok: true, value: null });
  const reply = await page.ask('ice:servers', { peer: label });
  if (!reply.ok) throw new Error(reply.error.message);
  const { urls, username = '', credential: password = '' } = reply.value.servers.at(-1)!;
  const [, address = '', port] = /^turn:(.+):(\d+)\?/.exec(urls[0]!)!;
  const target = { address, port: Number(port) };
  return { page, target, credential: { username, password } };
}

const messagesOf = ({ told }: TestPeer): WireMessage[] =>
  told.flatMap(({ event, payload }) =>
    event === 'wire:messages' ? WireMessages.parse(payload).messages : [],
  );
const seen = (page: TestPeer): string[] =>
  messagesOf(page).map(({ peer: label, way, bytes }) => `${label} ${way} ${titleOf(bytes)}`);
function titleOf(bytes: string): string {
  const message = decodeMessage(Buffer.from(bytes, 'base64'))!;
  const words = [methodNamed(message.method)?.name, message.class, errorCodeOf(message)?.code];
  return words.filter(Boolean).join(' ');
}
const heard = (page: TestPeer, last: string) => expect.poll(() => seen(page)).toContain(last);

test('an allocation is seen from its first Binding request on, by its own page alone', async () => {
  await using server = await serve();
  const anne = await look(server, 'alice');
  const ben = await look(server, 'bob');
  await using hers = await TurnClient.open(anne.target, { credential: anne.credential });
  await using his = await TurnClient.open(ben.target, { credential: ben.credential });
  await hers.ask('Binding');
  const relayed = await his.allocate();
  await hers.allocate();
  await hers.prove('CreatePermission', [peer(relayed.address, relayed.port)]);
  await hers.prove('ChannelBind', [channel(0x4000), peer(relayed.address, relayed.port)]);
  await heard(anne.page, 'alice sent ChannelBind success');
  expect(seen(anne.page)).toEqual([
    'alice received Binding request',
    'alice sent Binding success',
    'alice received Allocate request',
    'alice sent Allocate error 401',
    'alice received Allocate request',
    'alice sent Allocate success',
    'alice received CreatePermission request',
    'alice sent CreatePermission success',
    'alice received ChannelBind request',
    'alice sent ChannelBind success',
  ]);
  expect(seen(ben.page)).toEqual([
    'bob received Allocate request',
    'bob sent Allocate error 401',
    'bob received Allocate request',
    'bob sent Allocate success',
  ]);
  const { list } = await anne.page.hears('wire:allocations', ({ list: [one] }) => one?.channels.length === 1);
  expect(list).toMatchObject([
    {
      peer: 'alice',
      transport: 'udp',
      permissions: [{ address: relayed.address }],
      channels: [{ number: 0x4000, peer: `${relayed.address}:${relayed.port}` }],
    },
  ]);
  const bytes = messagesOf(anne.page).map((message) =>
    Buffer.from(message.bytes, 'base64').toString('latin1'),
  );
  const text = JSON.stringify(anne.page.told) + bytes.join();
  expect(text).toContain(anne.credential.username);
  for (const secret of [anne.credential.password, ben.credential.username, ben.credential.password])
    expect(text).not.toContain(secret);
});

test('over TCP too', async () => {
  await using server = await serve();
  const { page, target, credential } = await look(server, 'alice');
  await using client = await TurnClient.open(target, { transport: 'tcp', credential });
  await client.allocate();
  await heard(page, 'alice sent Allocate success');
  const { list } = await page.hears('wire:allocations', ({ list: all }) => all.length === 1);
  expect(list[0]?.transport).toBe('tcp');
});

test('a page on this machine gets a Binding exchange by the port of its candidate', async () => {
  await using server = await serve();
  const { page, target } = await look(server, 'alice');
  const other = await look(server, 'bob');
  await using client = await TurnClient.open(target);
  await client.ask('Binding');
  const { port } = client.local;
  expect(await page.ask('wire:claim', { peer: 'alice', port })).toEqual({ ok: true, value: { flows: 1 } });
  expect(await other.page.ask('wire:claim', { peer: 'bob', port })).toEqual({
    ok: true,
    value: { flows: 0 },
  });
  await heard(page, 'alice sent Binding success');
  await client.ask('Binding');
  await expect.poll(() => seen(page)).toHaveLength(4);
  expect(seen(other.page)).toEqual([]);
});

test('whoever has left its room, or never sat in one, is told nothing', async () => {
  await using server = await serve();
  const { page, target, credential } = await look(server, 'alice');
  await page.ask('room:leave', {});
  await using client = await TurnClient.open(target, { credential });
  await client.allocate();
  const stranger = await server.connect();
  for (const [name, payload] of [
    ['wire:watch', {}],
    ['wire:claim', { peer: 'alice', port: client.local.port }],
    ['wire:end', {}],
  ] as const)
    expect(await stranger.ask(name, payload)).toMatchObject({ ok: false, error: { code: 'not-in-room' } });
  expect(seen(page)).toEqual([]);
});

test('a page ends its own allocations, sees that they are gone, and cannot end those of others', async () => {
  await using server = await serve();
  const anne = await look(server, 'alice');
  const ben = await look(server, 'bob');
  await using hers = await TurnClient.open(anne.target, { credential: anne.credential });
  await using his = await TurnClient.open(ben.target, { credential: ben.credential });
  await hers.allocate();
  await his.allocate();
  await anne.page.hears('wire:allocations', ({ list }) => list.length === 1);
  const end = (page: TestPeer, label: string) => page.ask('wire:end', { peer: label });
  expect(await end(ben.page, 'alice')).toEqual({ ok: true, value: { ended: 0 } });
  expect(await end(anne.page, 'alice')).toEqual({ ok: true, value: { ended: 1 } });
  expect(anne.page.told.findLast(({ event }) => event === 'wire:allocations')?.payload).toEqual({ list: [] });
  expect(hers.unasked).toEqual([]);
  expect(await end(anne.page, 'alice')).toEqual({ ok: true, value: { ended: 0 } });
  expect(await ben.page.ask('wire:end', {})).toEqual({ ok: true, value: { ended: 1 } });
});

test.each([
  ['no port', { peer: 'alice' }],
  ['port 0', { peer: 'alice', port: 0 }],
  ['a name for an address', { peer: 'alice', port: 1, address: 'localhost' }],
  ['a label with a space', { peer: 'a b', port: 1 }],
  ['a field nobody asked for', { peer: 'alice', port: 1, session: 'b'.repeat(16) }],
])('wire:claim refuses %s', async (_, payload) => {
  await using server = await serve();
  const { page } = await look(server, 'alice');
  expect(await page.askAnything('wire:claim', payload)).toMatchObject({
    ok: false,
    error: { code: 'bad-request' },
  });
});

test('without the embedded server there is nothing to look at, and it says so', async () => {
  await using server = await serve({ turn: readConfig({ TURN: 'off' }).turn });
  const page = await server.connect();
  await page.join();
  expect(await page.ask('wire:watch', {})).toMatchObject({ ok: false, error: { code: 'turn-unavailable' } });
});
