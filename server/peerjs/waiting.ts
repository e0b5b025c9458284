/** How much may wait, of one sender and of all together. */
export interface WaitingRules {
  readonly perSource: Amount;
  readonly total: Amount;
  /** How long an absent peer is waited for, in milliseconds. */
  readonly lifetimeMs: number;
}

interface Amount {
  readonly messages: number;
  readonly sizeBytes: number;
}

interface Entry {
  readonly src: string;
  readonly dst: string;
  readonly text: string;
  readonly sizeBytes: number;
  readonly sinceMs: number;
}

/**
 * Messages for peers that are not there yet, in order of arrival and bounded. Time is passed in, in milliseconds of a
 * clock that does not jump.
 */
export class Waiting {
  readonly #rules: WaitingRules;
  #entries: Entry[] = [];
  readonly #bySource = new Map<string, Amount>();
  #total: Amount = { messages: 0, sizeBytes: 0 };

  constructor(rules: WaitingRules) {
    this.#rules = rules;
  }

  /** False, and nothing kept, when its sender's share or the whole is used up. */
  put(src: string, dst: string, text: string, nowMs: number): boolean {
    const sizeBytes = Buffer.byteLength(text);
    const own = plus(this.#bySource.get(src) ?? NOTHING, 1, sizeBytes);
    const total = plus(this.#total, 1, sizeBytes);
    const { perSource, total: most } = this.#rules;
    if (isMore(own, perSource) || isMore(total, most)) return false;
    this.#entries.push({ src, dst, text, sizeBytes, sinceMs: nowMs });
    this.#bySource.set(src, own);
    this.#total = total;
    return true;
  }

  /** What waits for a peer that has come. */
  take(dst: string): { src: string; text: string }[] {
    return this.#remove((entry) => entry.dst === dst);
  }

  /** A sender has gone: nobody could answer it. */
  forget(src: string): void {
    if (this.#bySource.has(src)) this.#remove((entry) => entry.src === src);
  }

  /** Who has waited long enough for whom: all that it sent there is given up. */
  expire(nowMs: number): { src: string; dst: string }[] {
    const expired = new Map<string, { src: string; dst: string }>();
    // No id has a slash.
    const pair = ({ src, dst }: Entry) => `${src}/${dst}`;
    for (const entry of this.#entries) {
      if (nowMs - entry.sinceMs < this.#rules.lifetimeMs) break;
      expired.set(pair(entry), { src: entry.src, dst: entry.dst });
    }
    if (expired.size > 0) this.#remove((entry) => expired.has(pair(entry)));
    return [...expired.values()];
  }

  #remove(fits: (entry: Entry) => boolean): Entry[] {
    const removed = this.#entries.filter(fits);
    if (removed.length === 0) return removed;
    this.#entries = this.#entries.filter((entry) => !fits(entry));
    for (const { src, sizeBytes } of removed) {
      this.#total = plus(this.#total, -1, -sizeBytes);
      const left = plus(this.#bySource.get(src) ?? NOTHING, -1, -sizeBytes);
      if (left.messages > 0) this.#bySource.set(src, left);
      else this.#bySource.delete(src);
    }
    return removed;
  }
}

const NOTHING: Amount = { messages: 0, sizeBytes: 0 };

function plus(amount: Amount, messages: number, sizeBytes: number): Amount {
  return { messages: amount.messages + messages, sizeBytes: amount.sizeBytes + sizeBytes };
}

function isMore(amount: Amount, most: Amount): boolean {
  return amount.messages > most.messages || amount.sizeBytes > most.sizeBytes;
}
