import type { LayerReason } from '../../../src/protocol/middlebox.ts';

/** A layer as it comes in. */
export interface LayerState {
  readonly isSent: boolean;
  readonly bitsPerSec: number;
  /** Of temporal layer 0 alone: fewer pictures in a second. */
  readonly baseBitsPerSec: number;
  /** Null: not known yet. */
  readonly width: number | null;
  readonly height: number | null;
}

/** A picture that one receiver could be sent. */
export interface Wish {
  /** From the lowest to the highest. */
  readonly layers: readonly LayerState[];
  /** Its participant has turned it on. */
  readonly isActive: boolean;
  /** How large it is shown, in device pixels; undefined: not at all. */
  readonly shown: { readonly width: number; readonly height: number; readonly pinned: boolean } | undefined;
  /** The layer that it is sent now. */
  readonly current: number | null;
}

export interface Choice {
  readonly layer: number | null;
  readonly reason: LayerReason | null;
  /** There is room for temporal layer 0 only. */
  readonly isThinned: boolean;
}

/** A layer whose picture is this much smaller than the tile still fills it well enough. */
const SMALLER = 0.8;
/** What a layer of which no size is known is taken for: the highest one, each lower one half of it. */
const GUESS = { width: 1280, height: 720 };
/** More than now must fit this well, so that it does not come and go. */
const UPGRADE = 1.15;

/**
 * Which layer a receiver is sent of each picture.
 *
 * What is not shown is not sent. What is shown wants the lowest layer that fills its tile. Where the line has not room for
 * all of that, each gets its lowest layer first, the pinned ones and the largest before the others; what room is left goes
 * to them in the same order. Where not even the lowest layer has room, fewer of its pictures may have.
 *
 * @param budgetBps what there is for all pictures, bits per second; Infinity where it is not known
 * @returns a choice for each wish, in their order
 */
export function allocate(wishes: readonly Wish[], budgetBps: number): Choice[] {
  const choices: Choice[] = wishes.map(({ isActive }) => ({
    layer: null,
    reason: isActive ? 'not-shown' : 'off',
    isThinned: false,
  }));
  const shown = wishes
    .map((wish, index) => ({ wish, index, aim: aimOf(wish), layer: -1, isThinned: false }))
    .filter(({ wish }) => wish.isActive && wish.shown)
    .sort((a, b) => importance(b.wish) - importance(a.wish));

  let left = budgetBps;
  /** Takes the room for one layer in place of another, if there is as much. */
  const take = (one: (typeof shown)[number], layer: number): boolean => {
    const { layers, current } = one.wish;
    const more = (layers[layer]?.bitsPerSec ?? 0) - (layers[one.layer]?.bitsPerSec ?? 0);
    if (more * (layer > (current ?? -1) ? UPGRADE : 1) > left) return false;
    left -= more;
    one.layer = layer;
    return true;
  };
  for (const one of shown) {
    const lowest = one.wish.layers.findIndex(({ isSent }) => isSent);
    // Before anything has come there is nothing to choose from, and nothing to count.
    const first = lowest < 0 ? 0 : Math.min(lowest, one.aim.layer);
    if (take(one, first)) continue;
    const base = one.wish.layers[first]?.baseBitsPerSec ?? 0;
    if (base > left) continue;
    left -= base;
    one.layer = first;
    one.isThinned = true;
  }
  for (const one of shown) {
    if (one.layer < 0 || one.isThinned) continue;
    for (let layer = one.aim.layer; layer > one.layer; layer--)
      if (one.wish.layers[layer]?.isSent && take(one, layer)) break;
  }
  for (const { index, aim, layer, isThinned } of shown)
    choices[index] =
      layer < 0
        ? { layer: null, reason: 'bandwidth', isThinned }
        : { layer, reason: isThinned || layer < aim.layer ? 'bandwidth' : aim.reason, isThinned };
  return choices;
}

/** The layer that the tile wants, of those that are sent; and why not a higher one. */
function aimOf({ layers, shown }: Wish): { layer: number; reason: LayerReason | null } {
  if (!shown) return { layer: 0, reason: 'not-shown' };
  const highest = layers.length - 1;
  const fills = layers.findIndex((layer, index) => {
    const width = layer.width ?? GUESS.width / 2 ** (highest - index);
    const height = layer.height ?? GUESS.height / 2 ** (highest - index);
    return width >= shown.width * SMALLER || height >= shown.height * SMALLER;
  });
  const wanted = fills < 0 ? highest : fills;
  if (layers[wanted]?.isSent) return { layer: wanted, reason: wanted < highest ? 'tile' : null };
  const below = layers.findLastIndex(({ isSent }, index) => isSent && index < wanted);
  const above = layers.findIndex(({ isSent }, index) => isSent && index > wanted);
  const sent = below >= 0 ? below : above >= 0 ? above : 0;
  return { layer: sent, reason: highest > 0 ? 'not-sent' : null };
}

function importance({ shown }: Wish): number {
  return shown ? (shown.pinned ? 1e12 : 0) + shown.width * shown.height : 0;
}
