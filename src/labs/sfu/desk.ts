import { signal } from '@preact/signals';
import type { ForwardTable } from '../../protocol/middlebox.ts';
import type { Bench } from '../../rtc/bench.ts';
import { openSyntheticMedia } from '../../rtc/media/synthetic.ts';
import type { MiddleboxRoom } from '../../rtc/middlebox/room.ts';

export const everyViewer = ['bob', 'carol', 'dave', 'erin', 'frank', 'grace'] as const;

/** How a viewer shows alice: a large tile, a small one, or on a page that is not open. Pixels. */
export const tiles = {
  large: { width: 960, height: 540 },
  medium: { width: 480, height: 270 },
  small: { width: 240, height: 135 },
  away: undefined,
} as const;
export type Tile = keyof typeof tiles;

/** Those who watch, by how many there are to be. */
export const viewersOf = (count: string): readonly string[] => everyViewer.slice(0, Number(count));

/** Large enough for three encodings, and slow enough for a page in which all of them live. */
const STUDIO = { width: 960, height: 540, frameRate: 15 };

/** alice's picture and tone, drawn. They end with the run. */
export const openStudio = ({ signal: ends }: Pick<Bench, 'signal'>): MediaStream =>
  openSyntheticMedia({ peer: 'alice', signal: ends, video: STUDIO }).stream;

/** What the panel chooses, and what the server tells. */
export class Desk {
  readonly viewers = signal<readonly string[]>([]);
  readonly chosen = signal<ReadonlyMap<string, Tile>>(new Map());
  /** With names in place of ids. */
  readonly table = signal<ForwardTable | undefined>(undefined);
  #room: MiddleboxRoom | undefined;
  readonly #report: (viewer: string, error: unknown) => void;

  constructor(bench: Pick<Bench<never>, 'report'>) {
    this.#report = (viewer, error) => bench.report(viewer, error);
  }

  open(room: MiddleboxRoom, viewers: readonly string[]): void {
    this.#room = room;
    this.viewers.value = viewers;
    this.chosen.value = new Map(viewers.map((viewer, index) => [viewer, index === 0 ? 'large' : 'small']));
    const alice = room.seat('alice');
    alice.hear('middlebox:table', ({ table }) => (this.table.value = table));
    alice
      .ask('middlebox:watch', { kind: 'sfu', on: true })
      .catch((error: unknown) => this.#report('alice', error));
  }

  nameOf(peer: Parameters<MiddleboxRoom['nameOf']>[0]): string {
    return this.#room?.nameOf(peer) ?? '';
  }

  choose(viewer: string, tile: Tile): void {
    this.chosen.value = new Map([...this.chosen.value, [viewer, tile]]);
    this.want(viewer);
  }

  /** Tells the server what this one shows. */
  want(viewer: string): void {
    const room = this.#room;
    if (!room) return;
    const size = tiles[this.chosen.value.get(viewer) ?? 'small'];
    const wants = size
      ? [{ peer: room.seat('alice').peer, source: 'camera' as const, ...size, pinned: false }]
      : [];
    room
      .seat(viewer)
      .ask('middlebox:want', { kind: 'sfu', wants })
      .catch((error: unknown) => this.#report(viewer, error));
  }
}

const desks = new WeakMap<Bench<never> | Bench, Desk>();

/** The desk of a run; the same one for the run and for its panel. */
export function deskOf(bench: Bench<never> | Bench): Desk {
  const desk = desks.get(bench) ?? new Desk(bench);
  desks.set(bench, desk);
  return desk;
}
