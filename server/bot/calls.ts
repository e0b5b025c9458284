import type { Signal } from '../../src/protocol/signaling.ts';
import type { FromBot } from './messages.ts';
import { BotPeer, type PeerOptions } from './peer.ts';
import { UnusableOffer } from './sdp.ts';

type Said = { [Is in FromBot['is']]: Omit<Extract<FromBot, { is: Is }>, 'bot'> }[FromBot['is']];

/** The connections of one bot: one to each page that has made it an offer, and no more than it may hold. */
export class Calls {
  readonly #most: number;
  readonly #open: () => Promise<BotPeer>;
  readonly #say: (message: Said) => void;
  /** `turn`: offers of one page are answered one after the other. */
  readonly #calls = new Map<string, { peer: Promise<BotPeer>; turn: Promise<unknown> }>();
  readonly #peers = new Set<BotPeer>();

  /**
   * @param most    connections at a time
   * @param options of each connection: made anew for it
   */
  constructor(most: number, options: () => Omit<PeerOptions, 'ended'>, say: (message: Said) => void) {
    this.#most = most;
    this.#say = say;
    this.#open = async () => {
      const peer = await BotPeer.open({ ...options(), ended: () => this.#ended(peer) });
      this.#peers.add(peer);
      return peer;
    };
  }

  receive(call: string, signal: Signal): void {
    // Candidates are not needed: a lite agent waits to be checked.
    if ('candidate' in signal || signal.description.type !== 'offer') return;
    const { sdp } = signal.description;
    if (!this.#calls.has(call) && this.#calls.size >= this.#most)
      return this.#say({ is: 'unable', call, why: `the bot is in ${this.#most} calls already` });
    const before = this.#calls.get(call) ?? { peer: this.#begin(call), turn: Promise.resolve() };
    this.#calls.set(call, { ...before, turn: before.turn.then(() => this.#answer(call, sdp)) });
  }

  part(call: string): void {
    void this.#calls.get(call)?.peer.then((peer) => this.#drop(peer));
    if (this.#calls.delete(call)) this.#say({ is: 'counted', calls: this.#calls.size });
  }

  /** Sends what is due by now, on all connections. */
  play(): void {
    for (const peer of this.#peers) peer.play();
  }

  close(): void {
    for (const call of this.#calls.keys()) this.part(call);
  }

  async #answer(call: string, sdp: string): Promise<void> {
    try {
      let peer = await this.#calls.get(call)?.peer;
      if (peer && !peer.continues(sdp)) {
        this.#drop(peer);
        const fresh = this.#begin(call);
        this.#calls.set(call, { turn: Promise.resolve(), ...this.#calls.get(call), peer: fresh });
        peer = await fresh;
      }
      if (peer) this.#say({ is: 'answer', call, sdp: await peer.answer(sdp) });
    } catch (error) {
      const why = error instanceof UnusableOffer ? error.message : `the bot failed: ${String(error)}`;
      this.#say({ is: 'unable', call, why: why.slice(0, 300) });
    }
  }

  #begin(call: string): Promise<BotPeer> {
    const peer = this.#open();
    peer.then(
      () => this.#say({ is: 'counted', calls: this.#calls.size }),
      () => this.#calls.delete(call),
    );
    return peer;
  }

  /** A connection has ended by itself. */
  #ended(peer: BotPeer): void {
    this.#peers.delete(peer);
    for (const [call, { peer: opened }] of this.#calls)
      void opened.then((one) => {
        if (one === peer && this.#calls.get(call)?.peer === opened) this.part(call);
      });
  }

  #drop(peer: BotPeer): void {
    this.#peers.delete(peer);
    peer.close();
  }
}
