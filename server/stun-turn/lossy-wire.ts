import type { ImpairedEnd } from '../../src/protocol/impairment.ts';
import type { RelayHook } from './flow.ts';
import { ImpairedDirection, type Room } from './impair.ts';

/** So many bytes wait at most on all wires of this server. */
const ROOM_BYTES = 64_000_000;

type Direction = ImpairedDirection<() => void>;

/**
 * The wires of all sessions whose packets this server relays: it does to them what their owners have chosen. Packets of
 * those who have chosen nothing pass in the same task.
 */
export class LossyWire {
  readonly #room: Room = { bytes: ROOM_BYTES };
  /** session → «label way» → direction. A Map: the keys come from the network. */
  readonly #sessions = new Map<string, Map<string, Direction>>();
  readonly #timers = new Map<Direction, { timer: ReturnType<typeof setTimeout>; atMs: number }>();
  readonly #now: () => number;

  /** @param now milliseconds of a clock that does not go back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** What stands in the way of relayed packets; undefined while nobody has impaired anything. */
  get hook(): RelayHook | undefined {
    return this.#sessions.size > 0 ? this.#relay : undefined;
  }

  readonly #relay: RelayHook = ({ session, label }, way, bytes, pass) => {
    const direction = this.#sessions.get(session)?.get(`${label} ${way}`);
    if (!direction) return pass(bytes);
    direction.put(() => pass(bytes), bytes.length, this.#now());
    this.#drain(direction);
  };

  /**
   * Sets what is done to a session's packets from now on, all of it. A direction that was impaired already keeps
   * what waits on it.
   *
   * @param seed of what happens by chance, whole number, 0 … 2³²−1
   */
  set(session: string, impaired: readonly ImpairedEnd[], seed: number): void {
    const before = this.#sessions.get(session);
    const after = new Map<string, Direction>();
    for (const { peer, ...ways } of impaired) {
      for (const way of ['up', 'down'] as const) {
        const impairment = ways[way];
        if (!impairment) continue;
        const key = `${peer} ${way}`;
        const known = before?.get(key);
        if (known) known.impairment = impairment;
        after.set(key, known ?? new ImpairedDirection(impairment, seedOf(seed, key), this.#room));
      }
    }
    // Behind a wire that is whole again, packets would overtake those that still wait.
    for (const [key, direction] of before ?? []) if (!after.has(key)) this.#flush(direction);
    if (after.size > 0) this.#sessions.set(session, after);
    else this.#sessions.delete(session);
  }

  /** The session is over, or wants nothing more. */
  forget(session: string): void {
    this.set(session, [], 0);
  }

  /** Drops what waits. */
  close(): void {
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#sessions.clear();
  }

  #flush(direction: Direction): void {
    for (const pass of direction.due(Infinity)) pass();
    this.#wait(direction);
  }

  #drain(direction: Direction): void {
    for (const pass of direction.due(this.#now())) pass();
    this.#wait(direction);
  }

  #wait(direction: Direction): void {
    const atMs = direction.nextAtMs;
    const waits = this.#timers.get(direction);
    if (waits && waits.atMs === atMs) return;
    if (waits) clearTimeout(waits.timer);
    this.#timers.delete(direction);
    if (atMs === undefined) return;
    const timer = setTimeout(
      () => {
        this.#timers.delete(direction);
        this.#drain(direction);
      },
      Math.max(0, atMs - this.#now()),
    );
    this.#timers.set(direction, { timer, atMs });
  }
}

/** Another seed for each direction, so that both do not lose the same packets. FNV-1a. */
function seedOf(seed: number, key: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}
