import type { Member } from '../../protocol/signaling.ts';
import { arrange, fitInto, type Arrangement, type Layout, type Size } from '../../rtc/meeting/media/grid.ts';
import type { Person } from './session.ts';

/** A participant's picture, or the screen that they share; `self` is this page. */
export type TileKey = `${string}:${'camera' | 'screen'}`;

export interface TileSpec {
  readonly key: TileKey;
  readonly of: 'camera' | 'screen';
  /** Null: ourselves. */
  readonly person: Person | null;
  readonly member: Member;
}

export interface TilesOptions {
  readonly people: readonly Person[];
  readonly self: Member | null;
  readonly hidesSelf: boolean;
}

/** All tiles of a meeting: shared screens first, then people as they came, ourselves last. */
export function tilesOf({ people, self, hidesSelf }: TilesOptions): readonly TileSpec[] {
  const everybody = [
    ...people.map((person) => ({ id: String(person.peer), person, member: person.member })),
    ...(self ? [{ id: 'self', person: null, member: self }] : []),
  ];
  const screens = everybody
    .filter(({ member }) => member.media.screen)
    .map(({ id, ...who }): TileSpec => ({ key: `${id}:screen`, of: 'screen', ...who }));
  const isAlone = people.length === 0 && screens.length === 0;
  const cameras = everybody
    .filter(({ person }) => person !== null || !hidesSelf || isAlone)
    .map(({ id, ...who }): TileSpec => ({ key: `${id}:camera`, of: 'camera', ...who }));
  return [...screens, ...cameras];
}

export interface StageOptions {
  readonly layout: Layout;
  readonly pinned: TileKey | null;
  /** Screens that were made small by the person. */
  readonly small: ReadonlySet<TileKey>;
  /** Who speaks, or spoke last. */
  readonly active: string | null;
  readonly area: Size;
}

/**
 * Which tile stands large, and so which layout it takes. What the person pinned goes before what is shared, and that
 * before whoever speaks; our own screen is not shown large to ourselves: it would be a hall of mirrors.
 */
export function stageOf(
  tiles: readonly TileSpec[],
  { layout, pinned, small, active, area }: StageOptions,
): { readonly layout: Layout; readonly main: TileSpec | null; readonly rest: readonly TileSpec[] } {
  const wished =
    tiles.find(({ key }) => key === pinned) ??
    tiles.find(({ of, person, key }) => of === 'screen' && person !== null && !small.has(key));
  if (layout === 'grid' && !wished) return { layout, main: null, rest: tiles };
  const others = tiles.filter(({ person }) => person !== null);
  const main =
    wished ??
    others.find(({ of, member }) => of === 'camera' && member.peer === active) ??
    others.find(({ of }) => of === 'camera') ??
    tiles.at(-1) ??
    null;
  const isWide = area.width >= area.height * 1.25;
  return {
    layout: layout === 'grid' ? (isWide ? 'side' : 'speaker') : layout,
    main,
    rest: tiles.filter((tile) => tile !== main),
  };
}

/** Of a tall area: what stands large is as wide as it, but leaves the others this share of the height. */
const OTHERS_SHARE = 0.4;

/**
 * Where the tiles stand. As {@link arrange} has it, but on a tall and narrow screen, where a strip has room for one
 * and a column leaves no room for the speaker: there the others are a grid below whoever is large.
 */
export function placeTiles(
  layout: Layout,
  count: number,
  area: Size,
  options: { readonly page: number; readonly minWidth: number; readonly gap: number },
): Arrangement {
  const isTall = area.height > area.width;
  if (layout === 'grid' || !isTall || count < 2) return arrange(layout, count, area, options);
  const height = Math.min((area.width * 9) / 16, area.height * (1 - OTHERS_SHARE));
  const main = fitInto({ x: 0, y: 0, width: area.width, height }, 16 / 9);
  const top = height + options.gap;
  const below = arrange('grid', count - 1, { width: area.width, height: area.height - top }, options);
  return { ...below, main, tiles: below.tiles.map((tile) => ({ ...tile, y: tile.y + top })) };
}

/** One or two letters for a person without a picture: of the first and the last word of a name. */
export function initialsOf(name: string): string {
  const words = name
    .split(/\s+/)
    .map((word) => /[\p{L}\p{N}]\p{M}*/u.exec(word)?.[0])
    .filter((letter) => letter !== undefined);
  const [first = '?'] = words;
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return (first + last).toUpperCase();
}
