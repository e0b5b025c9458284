/** The process that `npm run bench sfu` measures: our SFU and nothing else, told what to do by messages. */
import pino from 'pino';
import { createRouter } from '../server/sfu/core/router.ts';
import { Sfu, sfuRules } from '../server/sfu/sfu.ts';
import { openNdc } from '../server/sfu/transport/ndc.ts';
import type { MiddleboxSeat } from '../server/middlebox/middlebox.ts';
import type { PublishedSection, ServerCandidate, Want } from '../src/protocol/middlebox.ts';
import type { PeerId, RoomId } from '../src/protocol/signaling.ts';
import type { Offered } from './sfu-load.ts';

/** What a seat is asked, by the one whose seat it is. */
export type SeatCall =
  | { call: 'publish'; sdp: string; sections: PublishedSection[] }
  | { call: 'receive' }
  | { call: 'answer'; version: number; sdp: string }
  | { call: 'want'; wants: Want[] }
  | { call: 'close' };
/** The answer to an offer, or where the SFU is. */
export type SeatValue = string | readonly ServerCandidate[];
export type ToSfu = { id: number; room: RoomId; peer: PeerId } & ({ call: 'sit' } | SeatCall);
export type FromSfu =
  | { is: 'ready' }
  | { is: 'done'; id: number; value?: SeatValue; error?: string }
  | { is: 'offer'; peer: PeerId; offer: Offered };

const address = process.argv[2] ?? '127.0.0.1';
const say = (message: FromSfu) => void process.send?.(message);
const sfu = new Sfu(
  {
    log: pino({ level: 'warn' }),
    router: createRouter,
    open: () => openNdc({ port: 0, bind: address, addresses: () => [address], warn: console.warn }),
  },
  { ...sfuRules, feedback: 'remb' },
);
const seats = new Map<PeerId, MiddleboxSeat>();

async function carryOut(message: ToSfu): Promise<SeatValue | undefined> {
  const { room, peer } = message;
  if (message.call === 'sit') {
    const media = { muted: false, camera: true, screen: false, recording: false };
    const seat = sfu.sit(
      room,
      { peer, name: 'load', media },
      {
        offer: (offer) => say({ is: 'offer', peer, offer }),
        ended: () => {},
        heard: () => {},
        cells: () => {},
      },
    );
    seats.set(peer, seat);
    return undefined;
  }
  const seat = seats.get(peer);
  if (message.call === 'publish') return seat?.publish(message.sdp, message.sections);
  if (message.call === 'answer') return seat?.answer(message.version, message.sdp);
  if (message.call === 'receive') await seat?.receive();
  else if (message.call === 'want') seat?.want(message.wants);
  else seat?.close();
  return undefined;
}

process.on('message', (message: ToSfu) => {
  carryOut(message).then(
    (value) => say({ is: 'done', id: message.id, ...(value !== undefined && { value }) }),
    (error: unknown) => say({ is: 'done', id: message.id, error: String(error) }),
  );
});
process.on('disconnect', () => {
  sfu.close();
  process.exit();
});
await sfu.listen();
say({ is: 'ready' });
