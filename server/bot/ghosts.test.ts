import { PeerConnection, type Track } from 'node-datachannel';
import { expect, test, vi } from 'vitest';
import { serve, type TestPeer, until } from '../../tests/support/serve.ts';
import type { PublishedSection } from '../../src/protocol/middlebox.ts';
import type { Answer, Member, Payload, Reply } from '../../src/protocol/signaling.ts';
import type { Middlebox, SeatEvents } from '../middlebox/middlebox.ts';
import { Refusal } from '../signaling/refusal.ts';
import { RtpPacket } from '../rtp/rtp.ts';

// A thread loads its protocol stack for each test: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

interface Publisher {
  readonly name: string;
  readonly sections: readonly PublishedSection[];
  readonly events: SeatEvents;
  readonly connection: PeerConnection;
  readonly packets: RtpPacket[];
  closed: boolean;
}

/** A server in the middle with a full ICE agent of its own, which only listens. It is told no candidates of anybody. */
function listener(kind: 'sfu' | 'mcu', seatsPerRoom = 40) {
  const publishers: Publisher[] = [];
  const end = (publisher: Publisher) => {
    publisher.closed = true;
    publisher.connection.close();
  };
  const middlebox: Middlebox = {
    kind,
    health: { state: 'up', port: 0, rooms: 0, seats: 0 },
    seatsPerRoom,
    listen: () => Promise.resolve(),
    sit: (_, { name }, events) => {
      let mine: Publisher | undefined;
      return {
        publish: async (sdp, sections) => {
          const connection = new PeerConnection('listener', { iceServers: [], disableAutoNegotiation: true });
          const publisher: Publisher = { name, sections, events, connection, packets: [], closed: false };
          if (mine) end(mine);
          mine = publisher;
          publishers.push(publisher);
          const tracks: Track[] = [];
          connection.onTrack((track) => {
            tracks.push(track);
            track.onMessage((bytes) => {
              const packet = RtpPacket.read(Buffer.from(bytes));
              if (packet && publisher.packets.length < 1_000) publisher.packets.push(packet);
            });
          });
          const gathered = new Promise<void>((resolve) => {
            connection.onGatheringStateChange((state) => state === 'complete' && resolve());
          });
          connection.setRemoteDescription(
            sdp.replaceAll(/a=(candidate|end-of-candidates).*\r\n/g, ''),
            'offer',
          );
          connection.setLocalDescription('answer');
          await gathered;
          return connection.localDescription()!.sdp;
        },
        receive: () => Promise.reject(new Refusal('internal', 'only listens')),
        answer: () => Promise.resolve([]),
        want: () => {},
        change: () => {},
        close: () => mine && end(mine),
      };
    },
    table: () => undefined,
    close: () => publishers.forEach(end),
  };
  return { middlebox, publishers };
}

/** A thread takes its time to start on a busy machine. */
async function invite(peer: TestPeer, payload: Payload<'bot:invite'>): Promise<readonly Member[]> {
  const reply = (await peer.socket.timeout(40_000).emitWithAck('bot:invite', payload)) as Reply<
    Answer<'bot:invite'>
  >;
  if (!reply.ok) throw new Error(reply.error.message);
  return reply.value.bots;
}
const heard = ({ packets }: Publisher, payloadType: number) =>
  packets.filter((packet) => packet.payloadType === payloadType);

test('a class of ghosts sends sound with its level and pictures to the SFU of a lab’s room, and answers nobody', async () => {
  const { middlebox, publishers } = listener('sfu');
  await using server = await serve(
    { bots: { limit: 32, idleMs: 60_000, stayMs: 60_000 } },
    { middleboxes: { sfu: middlebox } },
  );
  const alice = await server.connect();
  await alice.join();
  const bots = await invite(alice, { count: 3, for: 'sfu' });
  expect(bots.map(({ name }) => name)).toEqual(['Bot 1', 'Bot 2', 'Bot 3']);
  const all = (fits: (publisher: Publisher) => boolean) => () =>
    publishers.length === 3 && publishers.every(fits);
  await until(
    all((one) => heard(one, 111).length > 50 && heard(one, 96).length > 30),
    'sound and pictures of three',
    40_000,
  );
  expect(publishers.map(({ name }) => name).toSorted()).toEqual(['Bot 1', 'Bot 2', 'Bot 3']);
  for (const publisher of publishers) {
    expect(publisher.sections).toEqual([
      { mid: '0', source: 'microphone' },
      { mid: '1', source: 'camera' },
    ]);
    // One byte: that there is speech, and 23 dB below the loudest (RFC 6464 §3).
    expect(heard(publisher, 111)[0]?.extension(2)?.toString('hex')).toBe('97');
    const sequences = heard(publisher, 96).map(({ sequence }) => sequence);
    expect(sequences.slice(1).every((sequence, index) => sequence === sequences[index]! + 1)).toBe(true);
  }
  await alice.ask('bot:dismiss', { peer: bots[0]!.peer });
  await until(() => publishers.filter(({ closed }) => closed).length === 1, 'one is gone');
  await alice.ask('room:leave', {});
  await until(() => publishers.every(({ closed }) => closed), 'all are gone');
});

test('the bots of a meeting follow its topology, and publish again when their connection ends', async () => {
  const sfu = listener('sfu');
  const mcu = listener('mcu');
  await using server = await serve(
    { bots: { limit: 32, idleMs: 60_000, stayMs: 60_000 } },
    { middleboxes: { sfu: sfu.middlebox, mcu: mcu.middlebox } },
  );
  const alice = await server.connect();
  await alice.join({ kind: 'meeting' });
  await invite(alice, { count: 2 });
  expect(sfu.publishers).toEqual([]);
  await alice.ask('host:topology', { topology: 'sfu', auto: false });
  await until(
    () => sfu.publishers.filter((one) => heard(one, 96).length > 0).length === 2,
    'both at the SFU',
    30_000,
  );
  sfu.publishers[0]!.events.ended('up', 'a test');
  await until(
    () => sfu.publishers.length === 3 && heard(sfu.publishers[2]!, 96).length > 0,
    'one again',
    30_000,
  );
  await alice.ask('host:topology', { topology: 'mcu', auto: false });
  await until(
    () => mcu.publishers.filter((one) => heard(one, 96).length > 0).length === 2,
    'both at the mixer',
    30_000,
  );
  expect(sfu.publishers.filter(({ closed }) => !closed)).toHaveLength(0);
  await alice.ask('host:topology', { topology: 'mesh', auto: false });
  await until(() => mcu.publishers.every(({ closed }) => closed), 'both in the mesh');
});

test('a ghost that is refused tries again a few times, says why, and leaves', async () => {
  const { middlebox } = listener('sfu');
  let asked = 0;
  const refusing: Middlebox = {
    ...middlebox,
    sit: () => {
      asked += 1;
      throw new Refusal('middlebox-unavailable', 'it has stopped');
    },
  };
  const bots = { limit: 2, idleMs: 60_000, stayMs: 60_000, republishMs: 10 };
  await using server = await serve({ bots }, { middleboxes: { sfu: refusing } });
  const alice = await server.connect();
  await alice.join();
  const [bot] = await invite(alice, { count: 1, for: 'sfu' });
  await until(() => alice.told.some(({ event }) => event === 'peer:left'), 'it leaves', 20_000);
  expect(asked).toBe(6);
  const { message } = await alice.hears('chat:received', (event) => event.message.from === bot!.peer);
  expect(message.text).toBe('I cannot send to the server in the middle: it has stopped.');
});

test('there are as many ghosts as seats, and none where there is no server in the middle', async () => {
  const { middlebox } = listener('sfu', 4);
  await using server = await serve(
    { bots: { limit: 32, idleMs: 60_000, stayMs: 60_000 } },
    { middleboxes: { sfu: middlebox } },
  );
  const alice = await server.connect();
  await alice.join();
  const refused = (payload: object) => alice.askAnything('bot:invite', payload);
  expect(await refused({ count: 5, for: 'sfu' })).toMatchObject({ error: { code: 'middlebox-full' } });
  expect(await refused({ count: 2, for: 'mcu' })).toMatchObject({ error: { code: 'middlebox-unavailable' } });
  expect(await refused({ count: 2 })).toMatchObject({ error: { code: 'bot-present' } });
  expect(await refused({ count: 31, for: 'sfu' })).toMatchObject({ error: { code: 'bad-request' } });
  expect(await refused({ count: 0, for: 'sfu' })).toMatchObject({ error: { code: 'bad-request' } });
});
