import type { Want } from '../../protocol/middlebox.ts';
import type { Size } from '../../rtc/meeting/media/grid.ts';
import type { TileKey, TileSpec } from './tiles.ts';

/** A tile in sight, and its size in CSS pixels. */
export interface ShownTile {
  readonly tile: TileSpec;
  readonly size: Size;
}

export interface WantsOptions {
  /** Device pixels in one CSS pixel. */
  readonly pixelRatio: number;
  /** What the person keeps large. */
  readonly pinned: TileKey | null;
  /** Nobody sees the page: another tab is before it. */
  readonly isHidden: boolean;
  /** In a window of its own, which is there whatever becomes of the page. */
  readonly inWindow: { readonly key: TileKey; readonly size: Size } | null;
  /** A recording draws everybody, whoever is in sight. CSS pixels of one picture in it; null while there is none. */
  readonly recorded: Size | null;
  /** All tiles of the others, in sight or not. */
  readonly all: readonly TileSpec[];
}

/** As many as `middlebox:want` takes; the large ones go first. */
const MOST = 64;
/** A picture is asked for in steps of so many pixels: a window that is drawn larger does not ask anew at each of them. */
const STEP_PX = 16;

/**
 * The pictures that are to be sent to this page, and how large each of them is on its screen: what nobody sees is not
 * asked for, and what is small is asked for small.
 */
export function wantsOf(shown: readonly ShownTile[], options: WantsOptions): readonly Want[] {
  const { pixelRatio, pinned, isHidden, inWindow, recorded, all } = options;
  const wants = new Map<TileKey, Want>();
  const add = (tile: TileSpec, { width, height }: Size, ratio: number) => {
    const { person, of: source, key } = tile;
    if (!person || width < 1 || height < 1) return;
    const before = wants.get(key);
    const pixels = (length: number) =>
      Math.min(16_384, Math.max(STEP_PX, Math.ceil((length * ratio) / STEP_PX) * STEP_PX));
    wants.set(key, {
      peer: person.peer,
      source,
      width: Math.max(before?.width ?? 0, pixels(width)),
      height: Math.max(before?.height ?? 0, pixels(height)),
      pinned: key === pinned,
    });
  };
  if (!isHidden) for (const { tile, size } of shown) add(tile, size, pixelRatio);
  const window = inWindow && all.find(({ key }) => key === inWindow.key);
  if (window) add(window, inWindow.size, pixelRatio);
  if (recorded) for (const tile of all) add(tile, recorded, 1);
  const area = ({ width, height, pinned: isPinned }: Want) => (isPinned ? Infinity : width * height);
  return [...wants.values()].toSorted((a, b) => area(b) - area(a) || 0).slice(0, MOST);
}
