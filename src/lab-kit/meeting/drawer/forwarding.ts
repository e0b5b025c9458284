import type {
  ForwardInput,
  ForwardOutput,
  ForwardTable,
  LayerReason,
  Leg,
  Source,
} from '../../../protocol/middlebox.ts';
import type { PeerId } from '../../../protocol/signaling.ts';
import { lessons } from '../topology/lessons.ts';

/** One line of the forward table, as it is read. */
export interface ForwardRow {
  readonly key: string;
  /** Null: the mix of everybody. */
  readonly from: PeerId | null;
  readonly to: PeerId;
  readonly fromName: string;
  readonly toName: string;
  readonly source: Source;
  /** The layer that is forwarded; null: none, or there is only one. */
  readonly rid: string | null;
  /** The layer that is on its way to being forwarded; null where it is the same, or there is only one. */
  readonly target: string | null;
  /** Of the forwarded layer, as the server reads it in the packets. */
  readonly size: string | null;
  readonly forwarding: boolean;
  readonly reason: LayerReason | null;
  readonly bitsPerSec: number;
  /** Packets of that layer, or of all layers where none is forwarded, that have come from the sender. */
  readonly packetsIn: number | null;
  readonly packetsOut: number;
  readonly repeated: number;
}

export const columns = ['from', 'to', 'layer', 'rate', 'packets', 'why'] as const;
export type Column = (typeof columns)[number];

export interface Order {
  readonly by: Column;
  readonly isDown: boolean;
}

/** Who stands where in the table: by name, ourselves first. */
export type NameOf = (peer: PeerId) => string;

/** The lines of a table with names. */
export function rowsOf({ inputs, outputs }: ForwardTable, nameOf: NameOf): readonly ForwardRow[] {
  return outputs.map((output): ForwardRow => {
    const { from, to, source, rid, target, forwarding, reason, bitsPerSec, packets, repeated } = output;
    const sent = inputs.filter((input) => input.peer === from && input.source === source);
    const layer = sent.find((input) => input.rid === rid) ?? (sent.length === 1 ? sent[0] : undefined);
    const counted = layer ? [layer] : sent;
    return {
      key: `${from} ${to} ${source}`,
      from,
      to,
      fromName: from === null ? 'the mix' : nameOf(from),
      toName: nameOf(to),
      source,
      rid,
      target: target === rid ? null : target,
      size: forwarding ? sizeOf(layer) : null,
      forwarding,
      reason,
      bitsPerSec,
      packetsIn: counted.length > 0 ? counted.reduce((sum, input) => sum + input.packets, 0) : null,
      packetsOut: packets,
      repeated,
    };
  });
}

const sizeOf = (input: ForwardInput | undefined): string | null =>
  input?.width && input.height ? `${input.width} × ${input.height}` : null;

const sourceRank: Readonly<Record<Source, number>> = {
  camera: 0,
  screen: 1,
  microphone: 2,
  'screen-audio': 3,
};

/** In the order that was asked for; what is alike in it, by sender, receiver and source. */
export function sorted(rows: readonly ForwardRow[], { by, isDown }: Order): readonly ForwardRow[] {
  const compare: Record<Column, (a: ForwardRow, b: ForwardRow) => number> = {
    from: (a, b) => a.fromName.localeCompare(b.fromName),
    to: (a, b) => a.toName.localeCompare(b.toName),
    layer: (a, b) => pixelsOf(a) - pixelsOf(b) || (a.rid ?? '').localeCompare(b.rid ?? ''),
    rate: (a, b) => a.bitsPerSec - b.bitsPerSec,
    packets: (a, b) => a.packetsOut - b.packetsOut,
    why: (a, b) => (a.reason ?? '').localeCompare(b.reason ?? ''),
  };
  const direction = isDown ? -1 : 1;
  return rows.toSorted(
    (a, b) =>
      direction * compare[by](a, b) ||
      compare.from(a, b) ||
      compare.to(a, b) ||
      sourceRank[a.source] - sourceRank[b.source],
  );
}

const pixelsOf = ({ size }: ForwardRow): number => {
  const [width = 0, height = 0] = size?.split(' × ').map(Number) ?? [];
  return width * height;
};

/** What a reason means, and the part of a lesson about it. */
export interface Why {
  readonly text: string;
  readonly lesson: string | null;
}

const reasons: Readonly<Record<LayerReason, Why>> = {
  tile: { text: 'The tile is no larger: a larger picture would be thrown away.', lesson: lessons.choice },
  bandwidth: { text: 'The receiver’s line has no room for more.', lesson: lessons.choice },
  'not-sent': { text: 'The sender sends no larger picture at the moment.', lesson: lessons.layers },
  'not-shown': {
    text: 'Not in sight there: on another page of the grid, or behind another tab.',
    lesson: lessons.pages,
  },
  'not-loud': { text: 'Not one of the loudest: only those are forwarded.', lesson: lessons.choice },
  off: { text: 'Turned off by the sender.', lesson: null },
  'key-frame': {
    text: 'A key frame of this layer is awaited: a picture can begin with no other.',
    lesson: lessons.layers,
  },
};

/** Why a receiver is sent what it is sent. */
export function whyOf({
  from,
  source,
  forwarding,
  reason,
}: Pick<ForwardRow, 'from' | 'source' | 'forwarding' | 'reason'>): Why {
  if (reason) return reasons[reason];
  if (from === null)
    return {
      text:
        source === 'camera'
          ? 'One picture of everybody, encoded once for all.'
          : 'Mixed for this receiver: everybody but themselves.',
      lesson: lessons.mcu,
    };
  return forwarding
    ? { text: 'All as wanted.', lesson: null }
    : { text: 'Nothing has come from the sender yet.', lesson: null };
}

/** What a participant sends to the server and is sent by it, as the server counts it. Absent: no connection. */
export interface ServerRates {
  readonly upstreamBps?: number;
  readonly downstreamBps?: number;
  /** What the participant's line holds, as it says itself. */
  readonly estimateBps?: number;
}

/** Each participant's two lines, seen from the participant. */
export function ratesOf({ lines }: ForwardTable): ReadonlyMap<PeerId, ServerRates> {
  const rates = new Map<PeerId, ServerRates>();
  for (const { peer, leg, state, inBitsPerSec, outBitsPerSec, estimateBps } of lines) {
    if (state !== 'connected') continue;
    const one: Record<Leg, ServerRates> = {
      up: { upstreamBps: inBitsPerSec },
      down: { downstreamBps: outBitsPerSec, ...(estimateBps !== null && { estimateBps }) },
    };
    rates.set(peer, { ...rates.get(peer), ...one[leg] });
  }
  return rates;
}

/** What goes into the server and what comes out of it, over all lines. Bits per second. */
export function totalsOf({ lines }: ForwardTable): { readonly inBps: number; readonly outBps: number } {
  return {
    inBps: lines.reduce((sum, { inBitsPerSec }) => sum + inBitsPerSec, 0),
    outBps: lines.reduce((sum, { outBitsPerSec }) => sum + outBitsPerSec, 0),
  };
}

/** How many receivers each input goes to now. */
export const receiversOf = (outputs: readonly ForwardOutput[], { peer, source, rid }: ForwardInput): number =>
  outputs.filter(
    (output) => output.forwarding && output.from === peer && output.source === source && output.rid === rid,
  ).length;
