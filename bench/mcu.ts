/**
 * `npm run bench mcu`: what mixing costs, and what it adds to the way from one participant to another.
 *
 * 1. Processor time of the mixer's process, user and system, for 2, 3, 4 and 6 participants of which each sends 320 × 180 at 15
 *    frames a second and a tone; what it sends each of them in the meantime, and the pace that it has chosen. From /proc: Linux only.
 * 2. From a change of what one sends to the moment when another has it, through the mixer and over a direct connection
 *    of the same two: median of some turns, taken alternately.
 *
 * The participants are in a process of their own (`tests/support/mixed-client.ts`), libwebrtc like the mixer: on a machine that is
 * busy with decoding for them, the mixer has less. With `N=2,3` only those sizes are run.
 */
import { pino } from 'pino';
import { PeerId } from '../src/protocol/ids.ts';
import type { Cell } from '../src/protocol/middlebox.ts';
import { RoomId } from '../src/protocol/signaling.ts';
import { Mcu, mcuRules } from '../server/mcu/mcu.ts';
import { startMixedClients } from '../tests/support/mixed-clients.ts';
import { cpuSecOf } from './cpu.ts';
import { median } from './median.ts';

const SIZES = (process.env['N'] ?? '2,3,4,6').split(',').map(Number);
const MEASURE_MS = Number(process.env['MEASURE_MS'] ?? 10_000);
const TURNS = Number(process.env['TURNS'] ?? 7);
const PATIENCE_MS = 60_000;

const room = RoomId.parse('bench');
const media = { muted: false, camera: true, screen: false, recording: false };
const nameOf = (index: number) => `peer${index}`;
const idOf = (name: string) => PeerId.parse(name.padEnd(22, '_'));
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A call of so many, until `run` is over. */
async function call<T>(
  count: number,
  run: (call: {
    mcu: Mcu;
    clients: ReturnType<typeof startMixedClients>;
    cells: () => readonly Cell[];
  }) => Promise<T>,
): Promise<T> {
  const rules = { ...mcuRules, seats: 16, ports: { low: 0, high: 0 } };
  const mcu = new Mcu(rules, pino({ level: 'silent' }));
  await mcu.listen();
  const clients = startMixedClients();
  let cells: readonly Cell[] = [];
  try {
    for (let index = 0; index < count; index++) {
      const name = nameOf(index);
      const seat = mcu.sit(
        room,
        { peer: idOf(name), name, media },
        {
          offer: ({ version, sdp }) =>
            void clients
              .receive(name, sdp)
              .then((answer) => seat.answer(version, answer))
              .then((candidates) => clients.find(name, candidates)),
          // As a page does.
          ended: (leg) => {
            if (leg === 'down') void seat.receive();
          },
          heard: () => {},
          cells: (told) => (cells = told),
        },
      );
      const { sdp, sections } = await clients.offer(name, 400 + 130 * index, {
        y: 60,
        u: 100 + 20 * index,
        v: 110,
      });
      await clients.answered(name, await seat.publish(sdp, sections));
      await seat.receive();
    }
    const names = Array.from({ length: count }, (_, index) => nameOf(index));
    const startMs = performance.now();
    while ((await Promise.all(names.map((name) => clients.frames(name)))).some((frames) => frames < 15)) {
      if (performance.now() - startMs > PATIENCE_MS) throw new Error('nothing was received for a minute');
      await wait(200);
    }
    return await run({ mcu, clients, cells: () => cells });
  } finally {
    mcu.close();
    clients.end();
  }
}

if (process.platform !== 'linux') {
  console.log('Not measured: this needs Linux.');
  process.exit(1);
}

console.log(`Mixer, ${MEASURE_MS / 1_000} s each; pictures of 640 × 360 to everybody\n`);
console.log('participants   CPU s/min   of each   frames/s received   pace');
for (const count of SIZES)
  await call(count, async ({ mcu, clients }) => {
    const pid = mcu.pidOf(room)!;
    const framesOf = async () => {
      const all = await Promise.all(
        Array.from({ length: count }, (_, index) => clients.frames(nameOf(index))),
      );
      return all.reduce((sum, frames) => sum + frames, 0);
    };
    await wait(2_000);
    const before = { cpuSec: cpuSecOf(pid), frames: await framesOf(), atMs: performance.now() };
    await wait(MEASURE_MS);
    const seconds = (performance.now() - before.atMs) / 1_000;
    const perMinute = ((cpuSecOf(pid) - before.cpuSec) / seconds) * 60;
    const rate = ((await framesOf()) - before.frames) / seconds / count;
    console.log(
      `${count}`.padStart(12),
      perMinute.toFixed(1).padStart(11),
      (perMinute / count).toFixed(1).padStart(9),
      rate.toFixed(1).padStart(19),
      `${mcu.table(room)?.picture?.framesPerSec ?? '?'}`.padStart(6),
    );
  });

console.log('\nFrom one to another, median in milliseconds');
const took = {
  direct: { picture: [] as number[], sound: [] as number[] },
  mixed: { picture: [] as number[], sound: [] as number[] },
};
await call(2, async ({ clients, cells }) => {
  // The same frames and samples, beside the mixed call.
  await clients.direct('carol', 'dave');
  const cell = cells().find(({ peer }) => peer === idOf(nameOf(0)))!;
  const centre = { x: cell.x + cell.width / 2, y: cell.y + cell.height / 2 };
  for (let turn = 0; turn < TURNS; turn++) {
    took.mixed.picture.push(await clients.pictureLatency(nameOf(0), nameOf(1), centre));
    took.direct.picture.push(await clients.pictureLatency('carol', 'dave', { x: 0.5, y: 0.5 }));
    took.mixed.sound.push(await clients.soundLatency(nameOf(0), nameOf(1)));
    took.direct.sound.push(await clients.soundLatency('carol', 'dave'));
  }
});
console.log('            direct    mixed    added');
for (const what of ['picture', 'sound'] as const) {
  const [direct, mixed] = [median(took.direct[what]), median(took.mixed[what])];
  console.log(
    what.padEnd(8),
    direct.toFixed(0).padStart(9),
    mixed.toFixed(0).padStart(8),
    (mixed - direct).toFixed(0).padStart(8),
  );
}
process.exit(0);
