/**
 * The thread of a room's bots: whatever a hostile peer does to their protocol stack, and however much work it makes, stays
 * here. The server starts it with the first bot of a room and ends it with the last.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Calls } from './calls.ts';
import { openClip } from './clip.ts';
import type { FromThread, ToThread } from './messages.ts';
import { Mirror } from './mirror.ts';
import { Player } from './player.ts';

/** As many calls as a bot takes that sends back what it receives: more people than that share another room. */
const MAX_ECHOES = 4;
const ECHO_BPS = 1_500_000;
/** The same in a meeting. Nobody looks at what the bot receives, and each picture is encoded for each of them. */
const MAX_LISTENERS = 16;
const MEETING_BPS = 400_000;
/** As often as a packet of sound is due. */
const PLAY_EVERY_MS = 20;

const { addresses } = workerData as { addresses: readonly string[] };
const bots = new Map<string, Calls>();
const say = (message: FromThread) => parentPort?.postMessage(message);
let player: ReturnType<typeof setInterval> | undefined;

// The library leaves promises of connections that have ended behind.
process.on('unhandledRejection', () => {});

parentPort?.on('message', (message: ToThread) => {
  const { bot } = message;
  switch (message.do) {
    case 'sit':
      return void bots.set(bot, message.clip === undefined ? echo(bot) : play(bot, message.clip));
    case 'receive':
      return bots.get(bot)?.receive(message.call, message.signal);
    case 'publish':
      return void bots.get(bot)?.publish(message.attempt);
    case 'accept':
      return bots.get(bot)?.accept(message.attempt, message.sdp);
    case 'unpublish':
      return bots.get(bot)?.unpublish();
    case 'part':
      return bots.get(bot)?.part(message.call);
    case 'leave':
      bots.get(bot)?.close();
      return void bots.delete(bot);
    default:
      message satisfies never;
  }
});

function echo(bot: string): Calls {
  return new Calls(
    MAX_ECHOES,
    () => ({ addresses, media: new Mirror(), limitBps: ECHO_BPS, echoes: true }),
    (said) => say({ bot, ...said }),
  );
}

function play(bot: string, number: number): Calls {
  const clip = openClip(number);
  player ??= setInterval(() => bots.forEach((calls) => calls.play()), PLAY_EVERY_MS);
  return new Calls(
    MAX_LISTENERS,
    () => ({
      addresses,
      media: new Player(clip, performance.timeOrigin, true),
      limitBps: MEETING_BPS,
      echoes: false,
    }),
    (said) => say({ bot, ...said }),
  );
}

say({ is: 'ready' });
