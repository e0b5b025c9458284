import { type Impairment, QUEUE_MS } from '../../src/protocol/impairment.ts';

/** How much longer a packet is kept that others are to pass, in milliseconds. */
export const REORDER_MS = 40;
/** So many bytes go at once before the rate is held: two packets as large as a network takes them. */
export const BURST_BYTES = 3_000;
/** Most packets of one direction that are kept at a time; more are dropped, whatever was chosen. */
export const MAX_WAITING = 2_000;

/** How many more bytes may wait, in all directions that share it. */
export interface Room {
  bytes: number;
}

interface Kept<T> {
  readonly packet: T;
  readonly sizeBytes: number;
  readonly atMs: number;
  /** Those that leave at the same time keep their order. */
  readonly nth: number;
}

/**
 * One direction of a wire that is lossy on purpose. Decides when each packet leaves it, and keeps it until then;
 * it has no timer and no clock: {@link put} says when packets come, {@link due} takes those whose time has come.
 *
 * The same seed does the same to the same packets. Each packet draws as many random numbers as any other one, so that
 * a change of the delay does not change which packets are lost.
 */
export class ImpairedDirection<T> {
  #impairment: Impairment;
  readonly #random: () => number;
  readonly #room: Room;
  readonly #kept: Kept<T>[] = [];
  #nth = 0;
  /** When the bucket will be empty: all that has been let in has then left, at the chosen rate. */
  #emptyAtMs = -Infinity;
  #lastLeavesAtMs = -Infinity;
  readonly #counts = { passed: 0, lost: 0, overflowed: 0, duplicated: 0, reordered: 0 };

  /**
   * @param seed whole number, 0 … 2³²−1
   * @param room for what waits; a packet that has none is dropped
   */
  constructor(impairment: Impairment, seed: number, room: Room) {
    this.#impairment = impairment;
    this.#room = room;
    this.#random = mulberry32(seed);
  }

  /** What is done to packets from now on. Those that wait leave when it was decided. */
  set impairment(impairment: Impairment) {
    if (impairment.rateKbps !== this.#impairment.rateKbps) this.#emptyAtMs = -Infinity;
    this.#impairment = impairment;
  }

  /** What became of the packets so far; `waiting` is a number of now. */
  get counts() {
    return { ...this.#counts, waiting: this.#kept.length } as const;
  }

  /** When {@link due} has something to give, in milliseconds of the caller's clock; undefined while nothing waits. */
  get nextAtMs(): number | undefined {
    return this.#kept[0]?.atMs;
  }

  /**
   * A packet comes to the wire.
   *
   * @param sizeBytes of what it carries
   * @param nowMs milliseconds of any clock that does not go back
   */
  put(packet: T, sizeBytes: number, nowMs: number): void {
    const { lossPct = 0, delayMs = 0, jitterMs = 0, reorderPct = 0, duplicatePct = 0 } = this.#impairment;
    const happens = (percent: number) => this.#random() * 100 < percent;
    const isLost = happens(lossPct);
    const jitter = this.#random() * jitterMs;
    const isReordered = happens(reorderPct);
    const isDoubled = happens(duplicatePct);
    if (isLost) return void this.#counts.lost++;
    const sentAtMs = this.#sentAtMs(sizeBytes, nowMs);
    if (sentAtMs === undefined) return void this.#counts.overflowed++;
    let leavesAtMs = Math.max(sentAtMs + delayMs + jitter, this.#lastLeavesAtMs);
    // What is kept back does not keep back the others.
    if (isReordered) leavesAtMs += REORDER_MS;
    else this.#lastLeavesAtMs = leavesAtMs;
    if (!this.#keep(packet, sizeBytes, leavesAtMs)) return void this.#counts.overflowed++;
    if (isReordered) this.#counts.reordered++;
    if (isDoubled && this.#keep(packet, sizeBytes, leavesAtMs)) this.#counts.duplicated++;
  }

  /** Takes the packets that leave by now, in their order. */
  due(nowMs: number): T[] {
    const left: T[] = [];
    for (let first = this.#kept[0]; first && first.atMs <= nowMs; first = this.#kept[0]) {
      removeFirst(this.#kept);
      this.#room.bytes += first.sizeBytes;
      left.push(first.packet);
    }
    this.#counts.passed += left.length;
    return left;
  }

  /** When the packet has its turn at the chosen rate; undefined when it would have to wait too long for it. */
  #sentAtMs(sizeBytes: number, nowMs: number): number | undefined {
    const { rateKbps, queueMs = QUEUE_MS } = this.#impairment;
    if (rateKbps === undefined) return nowMs;
    const bytesPerMs = rateKbps / 8;
    const emptyAtMs = Math.max(this.#emptyAtMs, nowMs - BURST_BYTES / bytesPerMs);
    const sentAtMs = Math.max(nowMs, emptyAtMs + sizeBytes / bytesPerMs);
    if (sentAtMs - nowMs > queueMs) return undefined;
    this.#emptyAtMs = emptyAtMs + sizeBytes / bytesPerMs;
    return sentAtMs;
  }

  #keep(packet: T, sizeBytes: number, atMs: number): boolean {
    if (this.#kept.length >= MAX_WAITING || sizeBytes > this.#room.bytes) return false;
    this.#room.bytes -= sizeBytes;
    insert(this.#kept, { packet, sizeBytes, atMs, nth: this.#nth++ });
    return true;
  }
}

interface Waiting {
  readonly atMs: number;
  readonly nth: number;
}

/** Which of two leaves first. */
const isBefore = (one: Waiting, other: Waiting): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.nth < other.nth);

// A binary heap: with jitter the next to leave is not the last that came, and thousands may wait.

function insert<T extends Waiting>(heap: T[], kept: T): void {
  let at = heap.push(kept) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(kept, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = kept;
}

function removeFirst(heap: Waiting[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (isBefore(last, heap[child]!)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
}

/** Numbers of 0 … 1 (without 1), the same for the same seed: mulberry32, one multiplication a number. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
