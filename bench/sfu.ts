/**
 * `npm run bench sfu`: what forwarding costs our SFU, against Janus.
 *
 * CPU time (user and system) of the process that forwards, for a minute of one stream (1.4 Mbit/s of pictures and sound,
 * 200 packets a second) to one receiver: one participant sends to 4, 8 and 16. The load is made in another process, by
 * libdatachannel for both servers; rounds alternate between them, and what counts is the median of the rounds' ratios.
 * Linux only: that is where a process's CPU time can be read from outside. Without a Janus only ours is measured.
 */
import { fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { createJanusSfu } from '../server/sfu/janus/janus.ts';
import { RoomId } from '../src/protocol/signaling.ts';
import { janusMissing, ownAddress, startJanus } from '../tests/support/janus.ts';
import { cpuSecOf } from './cpu.ts';
import { median } from './median.ts';
import {
  endLoad,
  LoadPeer,
  type LoadSeat,
  type Offered,
  PACKETS_PER_SEC,
  type Sit,
  until,
} from './sfu-load.ts';
import type { FromSfu, SeatCall, SeatValue, ToSfu } from './sfu-process.ts';

const RECEIVERS = [4, 8, 16];
const ROUNDS = 3;
const ROUND_MS = 6_000;
const GOAL = 1;

interface Target {
  readonly name: string;
  /** Of the process that forwards. */
  readonly pid: number;
  readonly sit: Sit;
  end(): Promise<void>;
}

if (process.platform !== 'linux') {
  console.log('Not measured: this needs Linux.');
  process.exit(1);
}
const address = ownAddress();
const targets = [await startOurs()];
if (janusMissing) console.log(`Not compared: ${janusMissing}\n`);
else targets.push(await startOther());

console.log(
  `1.4 Mbit/s in ${PACKETS_PER_SEC} packets a second from one; ${ROUNDS} rounds of ${ROUND_MS / 1000} s\n`,
);
console.log(
  'CPU seconds for a minute of one forwarded stream'.padEnd(50),
  targets.map(({ name }) => name.padStart(7)).join(' '),
  targets.length > 1 ? '  ratio' : '',
  '  forwarded',
);
for (const receivers of RECEIVERS) {
  const costs: number[][] = targets.map(() => []);
  const shares: number[][] = targets.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    const order = [...targets.keys()];
    for (const index of round % 2 === 0 ? order : order.toReversed()) {
      const { cost, share } = await measure(targets[index]!, receivers);
      costs[index]!.push(cost);
      shares[index]!.push(share);
    }
  }
  const [ours, other] = costs as [number[], number[] | undefined];
  const ratio = other && median(ours.map((cost, round) => cost / (other[round] ?? Number.NaN)));
  console.log(
    `1 → ${receivers}`.padEnd(50),
    costs.map((cost) => median(cost).toFixed(2).padStart(7)).join(' '),
    ratio === undefined ? '' : ratio.toFixed(2).padStart(7),
    `  ${shares.map((share) => `${Math.round(100 * median(share))} %`).join(' / ')}`,
    ratio === undefined || receivers < 8 ? '' : `  (goal ≤ ${GOAL}: ${ratio <= GOAL ? 'met' : 'missed'})`,
  );
}
for (const target of targets) await target.end();
endLoad();
process.exit();

/** One publisher and so many who watch: what it costs, and how much of it arrived. */
async function measure(target: Target, receivers: number): Promise<{ cost: number; share: number }> {
  const room = RoomId.parse(`bench-${Math.random().toString(36).slice(2, 8)}`);
  const publisher = new LoadPeer(address);
  const viewers = Array.from({ length: receivers }, () => new LoadPeer(address));
  const all = [publisher, ...viewers];
  for (const peer of all) await peer.sit(target.sit, room);
  const stop = await publisher.publish();
  await Promise.all(viewers.map((viewer) => viewer.watch(publisher.peer)));
  // All of them have begun, with a key frame.
  await until(`${receivers} receive from ${target.name}`, () =>
    viewers.every(({ received }) => received > PACKETS_PER_SEC),
  );
  const before = { cpuSec: cpuSecOf(target.pid), received: count(viewers), atMs: performance.now() };
  await delay(ROUND_MS);
  const received = count(viewers) - before.received;
  const sec = (performance.now() - before.atMs) / 1000;
  const cpuSec = cpuSecOf(target.pid) - before.cpuSec;
  stop();
  for (const peer of all) await peer.close();
  return {
    cost: cpuSec / (received / (60 * PACKETS_PER_SEC)),
    share: received / (receivers * sec * PACKETS_PER_SEC),
  };
}

function count(viewers: readonly LoadPeer[]): number {
  return viewers.reduce((sum, { received }) => sum + received, 0);
}

async function startOurs(): Promise<Target> {
  const child = fork(new URL('sfu-process.ts', import.meta.url), [address], { stdio: 'inherit' });
  const offers = new Map<string, (offer: Offered) => void>();
  const waiting = new Map<number, PromiseWithResolvers<SeatValue | undefined>>();
  const ready = Promise.withResolvers<void>();
  child.on('message', (message: FromSfu) => {
    if (message.is === 'ready') ready.resolve();
    else if (message.is === 'offer') offers.get(message.peer)?.(message.offer);
    else {
      const call = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error === undefined) call?.resolve(message.value);
      else call?.reject(new Error(message.error));
    }
  });
  child.once('exit', () => ready.reject(new Error('the SFU’s process ended')));
  await ready.promise;
  let ids = 0;
  const sit: Sit = async (room, peer, offered) => {
    const ask = (call: { call: 'sit' } | SeatCall): Promise<SeatValue | undefined> => {
      const id = ++ids;
      const answer = Promise.withResolvers<SeatValue | undefined>();
      waiting.set(id, answer);
      child.send({ id, room, peer, ...call } satisfies ToSfu);
      return answer.promise;
    };
    offers.set(peer, offered);
    await ask({ call: 'sit' });
    return {
      publish: async (sdp, sections) => {
        const answer = await ask({ call: 'publish', sdp, sections: [...sections] });
        return typeof answer === 'string' ? answer : '';
      },
      receive: async () => void (await ask({ call: 'receive' })),
      answer: async (version, sdp) => {
        const candidates = await ask({ call: 'answer', version, sdp });
        return typeof candidates === 'object' ? candidates : [];
      },
      want: async (wants) => void (await ask({ call: 'want', wants: [...wants] })),
      close: async () => void (await ask({ call: 'close' })),
    };
  };
  return { name: 'ours', pid: child.pid ?? 0, sit, end: async () => void child.kill() };
}

async function startOther(): Promise<Target> {
  const janus = await startJanus();
  const sfu = createJanusSfu(
    { url: janus.url, secret: janus.secret, roomKey: janus.roomKey, seatsPerRoom: 64 },
    { log: pino({ level: 'warn' }), now: () => performance.now() },
  );
  await sfu.listen();
  const media = { muted: false, camera: true, screen: false, recording: false };
  const sit: Sit = async (room, peer, offered) => {
    const events = { offer: offered, ended: () => {}, heard: () => {}, cells: () => {} };
    const seat = sfu.sit(room, { peer, name: 'load', media }, events);
    return {
      publish: (sdp, sections) => seat.publish(sdp, sections),
      receive: () => seat.receive(),
      answer: (version, sdp) => seat.answer(version, sdp),
      want: async (wants) => seat.want(wants),
      close: async () => seat.close(),
    } satisfies LoadSeat;
  };
  return {
    name: 'Janus',
    pid: janus.pid,
    sit,
    end: async () => {
      sfu.close();
      await janus[Symbol.asyncDispose]();
    },
  };
}
