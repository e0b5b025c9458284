import { randomInt } from 'node:crypto';
import { codeLetters, type Place, RoomCode, type RoomId } from '../../src/protocol/signaling.ts';
import { Bucket } from './bucket.ts';
import { Refusal } from './refusal.ts';

interface Known {
  readonly room: RoomId;
  readonly place: Place;
  readonly expiresAtMs: number;
}

/** Wrong codes that one address may try: a class behind one address mistypes, somebody who guesses goes on. */
const WRONG = { burst: 60, perSec: 0.5 };
/** The same for all addresses together. */
const WRONG_IN_ALL = { burst: 500, perSec: 20 };
const MAX_ADDRESSES = 5_000;

/**
 * Short codes for rooms, for people to read to each other. One of 887 million (31⁶), held in memory; time is passed in.
 */
export class Codes {
  readonly #max: number;
  readonly #lifetimeMs: number;
  readonly #byCode = new Map<RoomCode, Known>();
  readonly #byRoom = new Map<RoomId, RoomCode>();
  readonly #wrong = new Map<string, Bucket>();
  readonly #wrongInAll: Bucket;

  /** @param rules `max`: codes at a time · `lifetimeMs`: how long one holds after it was asked for last */
  constructor({ max, lifetimeMs }: { max: number; lifetimeMs: number }, nowMs: number) {
    this.#max = max;
    this.#lifetimeMs = lifetimeMs;
    this.#wrongInAll = new Bucket(WRONG_IN_ALL, nowMs);
  }

  /** The code of a room: the one it has, or a new one. @throws {Refusal} `too-many-rooms` */
  create(room: RoomId, place: Place, nowMs: number): { code: RoomCode; expiresAtMs: number } {
    const held = this.#byRoom.get(room);
    if (!held && this.#byCode.size >= this.#max) this.#sweep(nowMs);
    if (!held && this.#byCode.size >= this.#max)
      throw new Refusal('too-many-rooms', `the server holds ${this.#max} codes`);
    const code = held ?? this.#unused();
    const expiresAtMs = nowMs + this.#lifetimeMs;
    this.#byCode.set(code, { room, place, expiresAtMs });
    this.#byRoom.set(room, code);
    return { code, expiresAtMs };
  }

  /**
   * Where a code leads.
   *
   * @param from whose wrong codes are counted together: an address
   * @param exists whether anybody is in that room
   * @throws {Refusal} `no-such-code`, `rate-limited`
   */
  find(
    text: string,
    from: string,
    exists: (room: RoomId) => boolean,
    nowMs: number,
  ): { room: RoomId; place: Place } {
    // Before the look: who has guessed too often does not learn that a guess was right.
    const wrong = this.#wrong.get(from) ?? new Bucket(WRONG, nowMs);
    if (!wrong.has(nowMs) || !this.#wrongInAll.has(nowMs))
      throw new Refusal('rate-limited', 'too many wrong codes were tried');
    const code = RoomCode.safeParse(text).data;
    const known = code && this.#byCode.get(code);
    if (known && known.expiresAtMs > nowMs && exists(known.room))
      return { room: known.room, place: known.place };
    wrong.take(nowMs);
    this.#wrongInAll.take(nowMs);
    if (this.#wrong.size >= MAX_ADDRESSES) this.#wrong.clear();
    this.#wrong.set(from, wrong);
    throw new Refusal('no-such-code', 'nobody waits under this code');
  }

  #unused(): RoomCode {
    for (;;) {
      const letters = Array.from({ length: 6 }, () => codeLetters[randomInt(codeLetters.length)]);
      const code = RoomCode.parse(letters.join(''));
      if (!this.#byCode.has(code)) return code;
    }
  }

  #sweep(nowMs: number): void {
    for (const [code, { room, expiresAtMs }] of this.#byCode) {
      if (expiresAtMs > nowMs) continue;
      this.#byCode.delete(code);
      this.#byRoom.delete(room);
    }
  }
}
