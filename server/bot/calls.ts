import type { Signal } from '../../src/protocol/signaling.ts';
import type { FromBot } from './messages.ts';
import { BotPeer, type PeerOptions } from './peer.ts';
import { offeredSections, UnusableOffer } from './sdp.ts';

type Said = { [Is in FromBot['is']]: Omit<Extract<FromBot, { is: Is }>, 'bot'> }[FromBot['is']];

/** The connections of one bot: one to each page that has made it an offer, and no more than it may hold. */
export class Calls {
  readonly #most: number;
  readonly #open: () => Promise<BotPeer>;
  readonly #say: (message: Said) => void;
  /** `turn`: offers of one page are answered one after the other. */
  readonly #calls = new Map<string, { peer: Promise<BotPeer>; turn: Promise<unknown> }>();
  readonly #peers = new Set<BotPeer>();
  /** The connection to a server in the middle: the latest attempt. */
  #published: { readonly attempt: number; peer: BotPeer | undefined } | undefined;

  /**
   * @param most    connections at a time
   * @param options of each connection: made anew for it
   */
  constructor(most: number, options: () => Omit<PeerOptions, 'ended'>, say: (message: Said) => void) {
    this.#most = most;
    this.#say = say;
    this.#open = async () => {
      const peer = await BotPeer.open({ ...options(), ended: (why) => this.#ended(peer, why) });
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
    if (this.#calls.delete(call)) this.#count();
  }

  /** Offers what the bot sends to a server in the middle, on a connection of its own. */
  async publish(attempt: number): Promise<void> {
    this.unpublish();
    const published: { attempt: number; peer: BotPeer | undefined } = { attempt, peer: undefined };
    this.#published = published;
    try {
      const peer = await this.#open();
      if (this.#published !== published) return this.#drop(peer);
      published.peer = peer;
      const sdp = await peer.offer();
      this.#count();
      this.#say({ is: 'offer', attempt, sdp, sections: offeredSections });
    } catch (error) {
      this.#unpublished(attempt, String(error));
    }
  }

  accept(attempt: number, sdp: string): void {
    if (this.#published?.attempt !== attempt) return;
    try {
      this.#published.peer?.accept(sdp);
    } catch (error) {
      this.#unpublished(attempt, error instanceof Error ? error.message : String(error));
    }
  }

  unpublish(): void {
    const { peer } = this.#published ?? {};
    this.#published = undefined;
    if (!peer) return;
    this.#drop(peer);
    this.#count();
  }

  /** Sends what is due by now, on all connections. */
  play(): void {
    for (const peer of this.#peers) peer.play();
  }

  close(): void {
    this.unpublish();
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
      () => this.#count(),
      () => this.#calls.delete(call),
    );
    return peer;
  }

  /** A connection has ended by itself. */
  #ended(peer: BotPeer, why: string): void {
    this.#peers.delete(peer);
    if (this.#published?.peer === peer) return this.#unpublished(this.#published.attempt, why);
    for (const [call, { peer: opened }] of this.#calls)
      void opened.then((one) => {
        if (one === peer && this.#calls.get(call)?.peer === opened) this.part(call);
      });
  }

  #unpublished(attempt: number, why: string): void {
    if (this.#published?.attempt !== attempt) return;
    this.unpublish();
    this.#say({ is: 'unpublished', attempt, why: why.slice(0, 300) });
  }

  #count(): void {
    this.#say({ is: 'counted', calls: this.#calls.size + (this.#published?.peer ? 1 : 0) });
  }

  #drop(peer: BotPeer): void {
    this.#peers.delete(peer);
    peer.close();
  }
}
