/** What one person sent and received in a meeting of so many people, as it was measured in this browser. */
export interface Point {
  readonly people: number;
  readonly upBps: number;
  readonly downBps: number;
  /** Frames a second of a picture that was sent, on average; absent where the browser does not say. */
  readonly fps?: number;
}

const KEY = 'peerscope:mesh-curve';

/** The least that is needed of `localStorage`. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The learner's measured points, one for each number of people, in this browser and nowhere else. */
export class Curve {
  readonly #shelf: Shelf | undefined;
  #points: readonly Point[];

  /** @param shelf left out where storage is forbidden: then the points are kept as long as the page */
  constructor(shelf?: Shelf) {
    this.#shelf = shelf;
    this.#points = this.#read();
  }

  /** In the order of their number of people. */
  get points(): readonly Point[] {
    return this.#points;
  }

  /** Takes the place of what was measured with as many people before. */
  keep(point: Point): void {
    const others = this.#points.filter(({ people }) => people !== point.people);
    this.#points = [...others, point].toSorted((a, b) => a.people - b.people);
    this.#try((shelf) => shelf.setItem(KEY, JSON.stringify(this.#points)));
  }

  forget(): void {
    this.#points = [];
    this.#try((shelf) => shelf.removeItem(KEY));
  }

  #read(): readonly Point[] {
    const kept = this.#try((shelf): unknown => JSON.parse(shelf.getItem(KEY) ?? '[]'));
    return Array.isArray(kept) && kept.every(isPoint) ? kept : [];
  }

  #try<T>(act: (shelf: Shelf) => T): T | undefined {
    try {
      return this.#shelf && act(this.#shelf);
    } catch {
      return undefined; // full, forbidden, or not ours
    }
  }
}

function isPoint(value: unknown): value is Point {
  const { people, upBps, downBps, fps } = (value ?? {}) as Partial<Point>;
  const isNumber = (one: unknown): one is number =>
    typeof one === 'number' && Number.isFinite(one) && one >= 0;
  return (
    Number.isInteger(people) &&
    isNumber(people) &&
    people >= 2 &&
    isNumber(upBps) &&
    isNumber(downBps) &&
    (fps === undefined || isNumber(fps))
  );
}

/**
 * What one connection costs to send, by all points: the line through the origin that lies nearest to them, over n − 1.
 *
 * `Σ up·(n − 1) ÷ Σ (n − 1)²`, the least squares. Undefined without a point.
 *
 * @returns bit/s
 */
export function perConnectionBps(points: readonly Point[]): number | undefined {
  const weight = points.reduce((total, { people }) => total + (people - 1) ** 2, 0);
  if (weight === 0) return undefined;
  return points.reduce((total, { people, upBps }) => total + upBps * (people - 1), 0) / weight;
}

/** How many people can be in a mesh when each may send so much: one, and one more for each connection that fits. */
export const mostPeople = (limitBps: number, perConnection: number): number =>
  1 + Math.floor(limitBps / perConnection);
