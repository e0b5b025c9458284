import { expect, test } from 'vitest';
import type { IcePath } from '../../src/protocol/signaling.ts';
import { serve, type TestPeer } from '../../tests/support/serve.ts';
import { addressIn, TurnClient } from '../../tests/support/turn-client.ts';

/** The servers that a page gets for a path. */
async function serversFor(page: TestPeer, path: IcePath) {
  const reply = await page.ask('ice:servers', { peer: 'alice', path });
  if (!reply.ok) throw new Error(reply.error.code);
  const [stun, turn] = reply.value.servers;
  return { stun: stun?.urls ?? [], turn: turn?.urls ?? [] };
}

/** What a STUN server answers, and to whom. */
async function ask(url: string) {
  const [, address = '', port] = /^stun:(.+):(\d+)$/.exec(url) ?? [];
  await using client = await TurnClient.open({
    address: address.replace(/^\[|\]$/g, ''),
    port: Number(port),
  });
  const answer = await client.ask('Binding');
  return { asked: client.local, mapped: answer && addressIn(answer, 'XOR_MAPPED_ADDRESS') };
}

test('a page gets the way through the NAT that it asks for, and our STUN server sees another port there', async () => {
  await using server = await serve();
  const page = await server.connect();
  await page.join();
  const direct = await serversFor(page, 'direct');
  const ways = [direct, await serversFor(page, 'nat'), await serversFor(page, 'nat-blocked')];
  expect(new Set(ways.map(({ stun }) => stun.join())).size).toBe(3);
  expect(new Set(ways.map(({ turn }) => turn.join())).size).toBe(1);
  const [straight, ...behind] = await Promise.all(ways.map(({ stun }) => ask(stun[0]!)));
  expect(straight?.mapped).toEqual(straight?.asked);
  for (const { asked, mapped } of behind) {
    expect(mapped?.address).toBe(asked.address);
    expect(mapped?.port).not.toBe(asked.port);
  }
  const health = (await (await fetch(`${server.url}healthz`)).json()) as { parts: { nat: object } };
  expect(health.parts.nat).toMatchObject({ state: 'up', mappings: 2 });
});

test.each([
  ['it is turned off', { nat: undefined }],
  ['there is no STUN server of ours', { turn: { kind: 'off' as const } }],
])('without a NAT the page is told so: %s', async (_, overrides) => {
  await using server = await serve(overrides);
  const page = await server.connect();
  await page.join();
  expect(await page.ask('ice:servers', { peer: 'alice', path: 'nat' })).toMatchObject({
    ok: false,
    error: { code: 'turn-unavailable' },
  });
  const health = (await (await fetch(`${server.url}healthz`)).json()) as { parts: { nat: object } };
  expect(health.parts.nat).toEqual({ state: 'off', port: 0, mappings: 0 });
});
