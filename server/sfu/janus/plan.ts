/** What a receiver should get of what is sent: rules of ours, since Janus forwards what it is told to. */
import type { LayerReason, Source, Want } from '../../../src/protocol/middlebox.ts';
import type { PeerId } from '../../../src/protocol/signaling.ts';
import type { JanusId } from './messages.ts';

/** One source that is at Janus and can be subscribed to. */
export interface Feed {
  readonly peer: PeerId;
  readonly source: Source;
  /** The publisher, and which of its m-sections: its names at Janus. */
  readonly feed: JanusId;
  readonly mid: string;
  /** Of simulcast, from the lowest to the highest; empty: one encoding. */
  readonly layers: readonly Layer[];
  /** Turned off by its participant. */
  readonly isOff: boolean;
}

export interface Layer {
  readonly rid: string;
  /** The number that Janus has for it. */
  readonly substream: number;
}

/** One m-section of a subscriber, and what it carries. */
export interface Slot {
  /** Of the connection down. */
  readonly mid: string;
  readonly feed: Feed;
  /** What Janus was told last. */
  send: boolean;
  substream: number | undefined;
  /** The layer that it says that it forwards; undefined before it has. */
  forwarded: number | undefined;
}

/** What is aimed at for one source and receiver. */
export interface Aim {
  readonly send: boolean;
  readonly layer: Layer | undefined;
  readonly reason: LayerReason | null;
}

export interface Steps {
  readonly subscribe: readonly { readonly feed: Feed; readonly substream: number | undefined }[];
  /** mids of the connection down */
  readonly unsubscribe: readonly string[];
  readonly configure: readonly {
    readonly slot: Slot;
    readonly send: boolean;
    readonly substream: number | undefined;
  }[];
}

/** So many are heard at a time. */
const LOUDEST = 3;

/**
 * Janus does not tell how wide a layer is: the highest is taken for the width that cameras are asked for, each one below
 * for half of it.
 */
const FULL_WIDTH = 1280;
/** A tile may be larger than its picture by so much before the next layer is worth its bits. */
const TOLERANCE = 1.2;

/**
 * Whose sound goes to a receiver: of the others those who spoke last, then whoever else there is.
 *
 * @param recent who spoke, the latest first
 * @param others who sends sound, in the order of their coming
 */
export function heardBy(self: PeerId, recent: readonly PeerId[], others: readonly PeerId[]): Set<PeerId> {
  const there = new Set(others.filter((peer) => peer !== self));
  const order = [...recent.filter((peer) => there.has(peer)), ...there];
  return new Set([...new Set(order)].slice(0, LOUDEST));
}

/** The lowest layer that fills a tile. @param width of the tile in device pixels */
export function layerFor(layers: readonly Layer[], width: number): Layer | undefined {
  return (
    layers.find((_, index) => {
      const layerWidth = FULL_WIDTH / 2 ** (layers.length - 1 - index);
      return layerWidth * TOLERANCE >= width;
    }) ?? layers.at(-1)
  );
}

/** @param lowered by how many layers what is not pinned is lowered, because the receiver's line loses packets */
export function aimOf(
  feed: Feed,
  { wants, heard, lowered }: { wants: readonly Want[]; heard: ReadonlySet<PeerId>; lowered: number },
): Aim {
  if (!isPicture(feed)) {
    const send = feed.source === 'screen-audio' || heard.has(feed.peer);
    return { send, layer: undefined, reason: feed.isOff ? 'off' : send ? null : 'not-loud' };
  }
  const want = wants.find(({ peer, source }) => peer === feed.peer && source === feed.source);
  if (!want) return { send: false, layer: undefined, reason: 'not-shown' };
  const wanted = layerFor(feed.layers, want.width);
  const rank = wanted ? feed.layers.indexOf(wanted) : 0;
  const layer = want.pinned ? wanted : feed.layers[Math.max(0, rank - lowered)];
  if (feed.isOff) return { send: true, layer, reason: 'off' };
  return {
    send: true,
    layer,
    reason: layer === wanted ? (isHighest(feed, layer) ? null : 'tile') : 'bandwidth',
  };
}

const isHighest = (feed: Feed, layer: Layer | undefined) => layer === feed.layers.at(-1);

/**
 * What to ask Janus for, so that a subscriber gets what is aimed at. A source once subscribed to stays: whether it is
 * sent can be changed without a further offer. What has never been turned on, and nobody wants, needs no m-section.
 */
export function stepsTo(feeds: readonly Feed[], slots: readonly Slot[], aim: (feed: Feed) => Aim): Steps {
  const slotOf = (feed: Feed) => slots.find((slot) => isSame(slot.feed, feed));
  const subscribe = feeds
    .filter((feed) => !slotOf(feed) && (feed.source === 'microphone' || !feed.isOff || isWanted(feed, aim)))
    .map((feed) => ({ feed, substream: aim(feed).layer?.substream }));
  const unsubscribe = slots
    .filter((slot) => !feeds.some((feed) => isSame(slot.feed, feed)))
    .map(({ mid }) => mid);
  const configure = feeds.flatMap((feed) => {
    const slot = slotOf(feed);
    if (!slot) return [];
    const { send, layer } = aim(feed);
    // While nothing is sent, the layer is no matter.
    const substream = send ? layer?.substream : slot.substream;
    return send === slot.send && substream === slot.substream ? [] : [{ slot, send, substream }];
  });
  return { subscribe, unsubscribe, configure };
}

const isPicture = ({ source }: Feed) => source === 'camera' || source === 'screen';
const isWanted = (feed: Feed, aim: (feed: Feed) => Aim) => isPicture(feed) && aim(feed).send;

const isSame = (a: Feed, b: Feed) => a.feed === b.feed && a.mid === b.mid;

/** So long a line that lost packets gets less. */
const RELIEF_MS = 15_000;

/** What Janus says about losses on the way to one receiver; it estimates no bandwidth. */
export class Strain {
  #lowered = 0;
  #untilMs = 0;

  /** Packets got lost. */
  slow(nowMs: number): void {
    this.#lowered = Math.min(2, this.lowered(nowMs) + 1);
    this.#untilMs = nowMs + RELIEF_MS;
  }

  /** By how many layers pictures are lowered. */
  lowered(nowMs: number): number {
    return nowMs < this.#untilMs ? this.#lowered : 0;
  }
}
