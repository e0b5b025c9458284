const WINDOW_MS = 1_000;
const BUCKETS = 10;
const BUCKET_MS = WINDOW_MS / BUCKETS;

/** Packets and bytes: of all time, and of the last second. */
export class Rate {
  packets = 0;
  bytes = 0;
  /** When something came last. */
  lastMs = -Infinity;
  /** Bytes of each tenth of a second, by the number of the tenth modulo ten. */
  readonly #buckets = new Float64Array(BUCKETS);
  #bucket = -Infinity;

  add(bytes: number, nowMs: number): void {
    this.packets += 1;
    this.bytes += bytes;
    this.lastMs = nowMs;
    this.#turn(nowMs);
    this.#buckets[this.#bucket % BUCKETS]! += bytes;
  }

  bitsPerSec(nowMs: number): number {
    this.#turn(nowMs);
    let bytes = 0;
    for (const bucket of this.#buckets) bytes += bucket;
    return (bytes * 8 * 1000) / WINDOW_MS;
  }

  /** Empties the tenths that have passed. */
  #turn(nowMs: number): void {
    const bucket = Math.floor(nowMs / BUCKET_MS);
    if (bucket <= this.#bucket) return;
    const passed = Math.min(BUCKETS, bucket - this.#bucket);
    for (let count = 0; count < passed; count++) this.#buckets[(bucket - count) % BUCKETS] = 0;
    this.#bucket = bucket;
  }
}
