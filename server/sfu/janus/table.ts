/** The forward table, as far as Janus tells it: its port for administrators knows each connection in numbers. */
import type {
  ForwardInput,
  ForwardLine,
  ForwardOutput,
  ForwardTable,
} from '../../../src/protocol/middlebox.ts';
import type { PeerId } from '../../../src/protocol/signaling.ts';
import type { HandleInfo } from './messages.ts';
import type { Aim, Feed, Slot } from './plan.ts';

/** A participant with its two connections, each with what Janus said about it. */
export interface TableSeat {
  readonly peer: PeerId;
  readonly up:
    { readonly isConnected: boolean; readonly feeds: readonly Feed[]; readonly info: HandleInfo } | undefined;
  readonly down:
    | {
        readonly isConnected: boolean;
        readonly slots: readonly { readonly slot: Slot; readonly aim: Aim }[];
        readonly info: HandleInfo;
      }
    | undefined;
}

type Medium = NonNullable<NonNullable<HandleInfo['webrtc']>['media']>[string];

const BITS = 8;
const whole = (value: number | undefined) => Math.max(0, Math.round(value ?? 0));

export function tableOf(seats: readonly TableSeat[], atMs: number): ForwardTable {
  return {
    atMs: whole(atMs),
    engine: 'janus',
    lines: seats.flatMap(linesOf).slice(0, 256),
    inputs: seats.flatMap(inputsOf).slice(0, 512),
    outputs: seats.flatMap(outputsOf).slice(0, 4_096),
    // It may be on another machine.
    processor: null,
  };
}

function linesOf({ peer, up, down }: TableSeat): ForwardLine[] {
  const lines: ForwardLine[] = [];
  for (const [leg, connection] of [
    ['up', up],
    ['down', down],
  ] as const) {
    if (!connection) continue;
    const media = mediaOf(connection.info);
    const sum = (rate: (medium: Medium) => number) =>
      media.reduce((total, medium) => total + rate(medium), 0);
    lines.push({
      peer,
      leg,
      state: connection.isConnected ? 'connected' : 'connecting',
      inBitsPerSec:
        BITS *
        sum(({ stats }) => countersIn(stats).reduce((all, { bytes_lastsec }) => all + bytes_lastsec, 0)),
      outBitsPerSec: BITS * sum(({ stats }) => stats.out.bytes_lastsec),
      estimateBps: null,
    });
  }
  return lines;
}

function inputsOf({ peer, up }: TableSeat): ForwardInput[] {
  if (!up) return [];
  return up.feeds.flatMap(({ mid, source, layers }) => {
    const medium = mediaOf(up.info).find((candidate) => candidate.mid === mid);
    if (!medium) return [];
    const stream = up.info.plugin_specific?.streams?.find((candidate) => candidate.mid === mid);
    const level = stream?.['audio-level-dBov'];
    const names = layers.length > 0 ? layers : [{ rid: null, substream: 0 }];
    return names.map(({ rid, substream }) => {
      const counters = countersIn(medium.stats)[substream];
      return {
        peer,
        source,
        codec: medium.codecs?.codec ?? stream?.codec ?? '',
        rid,
        width: null,
        height: null,
        packets: whole(counters?.packets),
        bytes: whole(counters?.bytes),
        bitsPerSec: BITS * whole(counters?.bytes_lastsec),
        lost: whole(medium.rtcp?.[substream === 0 ? 'main' : `sim${substream}`]?.lost),
        keyFrameRequests: null,
        // 0 is what it says before it has heard anything.
        level: source === 'microphone' && level ? -level : null,
      };
    });
  });
}

function outputsOf({ peer, down }: TableSeat): ForwardOutput[] {
  if (!down) return [];
  return down.slots.flatMap(({ slot, aim }) => {
    const medium = mediaOf(down.info).find(({ mid }) => mid === slot.mid);
    if (!medium) return [];
    const { feed } = slot;
    const forwarded = feed.layers.find(({ substream }) => substream === slot.forwarded);
    const { packets, bytes, bytes_lastsec: lastSec, nacks } = medium.stats.out;
    return {
      to: peer,
      from: feed.peer,
      source: feed.source,
      rid: slot.send ? (forwarded?.rid ?? null) : null,
      target: aim.layer?.rid ?? null,
      forwarding: slot.send,
      reason: reasonOf(slot, aim),
      packets: whole(packets),
      bytes: whole(bytes),
      bitsPerSec: BITS * whole(lastSec),
      repeated: whole(nacks),
    };
  });
}

/** A layer that is aimed at and not yet there. */
function reasonOf(slot: Slot, { layer, reason }: Aim): ForwardOutput['reason'] {
  if (!layer || slot.forwarded === layer.substream || reason === 'off') return reason;
  return 'key-frame';
}

const mediaOf = (info: HandleInfo) => Object.values(info.webrtc?.media ?? {});

/** Of each layer, by its number at Janus. */
function countersIn({ in: first }: Medium['stats']) {
  return [first, first['video-simulcast-1'], first['video-simulcast-2']].filter(
    (counters) => counters !== undefined,
  );
}
