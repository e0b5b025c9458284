import { randomBytes } from 'node:crypto';
import type { Credentials, Path } from './ice-lite.ts';
import { readBindingSuccess, writeBindingRequest } from './stun.ts';

export interface Check {
  readonly to: Path;
  readonly bytes: Uint8Array;
}

/** Pairs of one of our sockets and one of the server's candidates. */
const MAX_PAIRS = 48;
/** Until one is answered, all pairs are checked so often, and no longer than {@link GIVE_UP_MS}. */
const EVERY_MS = 250;
const GIVE_UP_MS = 20_000;
/** After that, the one that was taken: consent to go on sending (RFC 7675 §5.1). */
const CONSENT_EVERY_MS = 5_000;
/** Checks whose answers are waited for. */
const MAX_WAITING = 4 * MAX_PAIRS;
/** Of a host candidate (RFC 8445 §5.1.2.1), as a peer-reflexive one would have it: type preference 110. */
const PRIORITY = 110 * 2 ** 24 + 65_535 * 2 ** 8 + 255;

/**
 * The controlling half of ICE that a bot needs towards a server in the middle, without a socket: it checks the server's
 * host candidates from its own addresses and takes the first pair that is answered. It nominates with each check, as RFC
 * 8445 §8.1.1 lets an agent do whose pairs are all as good as one another; the other side may be lite.
 */
export class IceChecks {
  readonly #local: Credentials;
  readonly #remote: Credentials;
  readonly #tieBreaker = randomBytes(8);
  readonly #waiting = new Map<string, Path>();
  #pairs: Path[];
  #startedMs: number | undefined;
  #nextMs = -Infinity;
  #taken: Path | undefined;

  constructor(local: Credentials, remote: Credentials, pairs: readonly Path[]) {
    this.#local = local;
    this.#remote = remote;
    this.#pairs = pairs.slice(0, MAX_PAIRS);
  }

  /** The checks that are due by now. Asked for ten times a second. */
  due(nowMs: number): Check[] {
    this.#startedMs ??= nowMs;
    if (nowMs < this.#nextMs || (!this.#taken && nowMs - this.#startedMs > GIVE_UP_MS)) return [];
    this.#nextMs = nowMs + (this.#taken ? CONSENT_EVERY_MS : EVERY_MS);
    return (this.#taken ? [this.#taken] : this.#pairs).map((to) => ({ to, bytes: this.#request(to) }));
  }

  /** The path that this answer proves; undefined for whatever is no answer to one of our checks. */
  receive(bytes: Uint8Array, from: Path): Path | undefined {
    const answer = readBindingSuccess(bytes);
    const to = answer && this.#waiting.get(answer.transactionId);
    // From where it was sent to, and by whoever knows the password (RFC 8445 §7.2.5.2.1).
    if (!to || to.socket !== from.socket || to.address !== from.address || to.port !== from.port)
      return undefined;
    if (!answer.isFrom(this.#remote.password)) return undefined;
    this.#waiting.delete(answer.transactionId);
    this.#taken ??= to;
    return this.#taken === to ? to : undefined;
  }

  #request(to: Path): Uint8Array {
    const transactionId = randomBytes(12);
    this.#waiting.set(transactionId.toString('hex'), to);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MAX_WAITING && oldest !== undefined) this.#waiting.delete(oldest);
    const username = `${this.#remote.usernameFragment}:${this.#local.usernameFragment}`;
    return writeBindingRequest(
      { transactionId, username, priority: PRIORITY, tieBreaker: this.#tieBreaker },
      this.#remote.password,
    );
  }
}
