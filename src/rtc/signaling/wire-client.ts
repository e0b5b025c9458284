import './no-eval.ts';
import {
  type Answer,
  type EventName,
  type EventPayload,
  type Payload,
  RoomId,
} from '../../protocol/signaling.ts';
import { randomId } from './rendezvous.ts';
import { type Askable, RoomClient } from './room-client.ts';
import { enter, refusal } from './socket.ts';

/**
 * A page's own line to its server: for STUN and TURN servers, what crosses them, and what is done to it.
 *
 * It has nothing to do with what carries the signals of a run: it sits in a room of its own, so it is there when the two
 * peers are in one page, in two tabs, on two devices, or when a person carries the signals.
 */
export class WireClient {
  readonly #client: RoomClient;

  private constructor(client: RoomClient) {
    this.#client = client;
  }

  /**
   * @param signal closes the line
   * @throws {RtcError} `signaling-lost` when the server does not answer, `signaling-refused` when it says no
   */
  static async open(signal: AbortSignal): Promise<WireClient> {
    const client = new RoomClient();
    await enter(client, RoomId.parse(`wire-${randomId()}`), 'wire', signal);
    return new WireClient(client);
  }

  /** @throws {RtcError} `turn-unavailable`, `signaling-refused` with the server's reason */
  async ask<N extends Askable>(name: N, payload: Payload<N>): Promise<Answer<N>> {
    try {
      return await this.#client.ask(name, payload);
    } catch (error) {
      throw refusal(error);
    }
  }

  /** Calls `handle` for each such event from now on. */
  on<E extends EventName>(event: E, handle: (payload: EventPayload<E>) => void): void {
    this.#client.hear(event, handle);
  }

  /** Calls `handle` when the connection was lost and is there again: what the server kept for it may be gone. */
  onReturn(handle: () => void): void {
    let lost = false;
    this.#client.on('state', ({ state }) => {
      if (state === 'joined' && lost) handle();
      lost = state === 'reconnecting';
    });
  }
}
