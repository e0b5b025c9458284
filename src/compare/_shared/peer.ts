import type { Participant } from '../../lab-kit/compare/define.ts';
import type { Signal } from '../../protocol/signaling.ts';
import { join } from './signaling.ts';

/** What is in the channel before `send()` waits, in bytes. */
const HIGH_WATER = 256 * 1024;

/** What a peer tells. `gone`: the other end has closed, by its own will; then this one is closed, too. */
export interface PeerHandlers {
  onstream?(stream: MediaStream): void;
  ontext?(text: string): void;
  onbytes?(bytes: ArrayBuffer): void | Promise<void>;
  onstate?(state: RTCPeerConnectionState | 'gone'): void;
}

/** One for each of the others, in their order, once all of them are there. */
export async function meet(
  me: Participant,
  handlers: (other: string) => PeerHandlers,
  channel: RTCDataChannelInit = {},
): Promise<readonly [Peer, ...Peer[]]> {
  const signaling = await join(me);
  const peers = new Map(
    me.others.map((other) => {
      const post = (signal: Signal) => signaling.send(other, signal);
      return [other, new Peer(me, other, post, handlers(other), channel)] as const;
    }),
  );
  signaling.receive((from, signal) => peers.get(from)?.take(signal));
  return [...peers.values()] as [Peer, ...Peer[]];
}

/** A connection to one other participant, and what every application ends up writing around it. */
export class Peer {
  /** In reach, for all that this class does not do. */
  readonly pc: RTCPeerConnection;
  readonly channel: RTCDataChannel;
  readonly opened: Promise<void>;
  readonly #begins: boolean;
  readonly #post: (signal: Signal) => Promise<void>;
  readonly #handlers: PeerHandlers;
  #makingOffer = false;
  #ignoreOffer = false;
  #isSettingRemoteAnswerPending = false;
  #isClosing = false;

  constructor(
    me: Participant,
    other: string,
    post: (signal: Signal) => Promise<void>,
    handlers: PeerHandlers,
    channel: RTCDataChannelInit,
  ) {
    this.#begins = me.name < other; // [1]
    this.#post = post;
    this.#handlers = handlers;
    this.pc = new RTCPeerConnection(me.configuration);
    this.channel = this.pc.createDataChannel('peer', { ...channel, negotiated: true, id: 0 }); // [2]
    this.channel.binaryType = 'arraybuffer';
    this.channel.bufferedAmountLowThreshold = HIGH_WATER / 2;
    this.opened = new Promise((resolve) => this.channel.addEventListener('open', () => resolve()));
    this.channel.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') handlers.ontext?.(data);
      else void handlers.onbytes?.(data as ArrayBuffer);
    });
    this.channel.addEventListener('close', () => this.#gone());
    this.pc.addEventListener('track', ({ streams: [stream] }) => stream && handlers.onstream?.(stream));
    this.pc.addEventListener('icecandidate', ({ candidate }) => void post({ candidate }));
    this.pc.addEventListener('negotiationneeded', () => {
      if (this.#begins || this.pc.remoteDescription) void this.#describe(); // [3]
    });
    this.pc.addEventListener('connectionstatechange', () => this.#watch());
    me.signal.addEventListener('abort', () => this.pc.close());
  }

  /** Handles a signal of the other end. One at a time: the next one after the promise (webrtc-pc §10.7). */
  async take(signal: Signal): Promise<void> {
    const { pc } = this;
    if (pc.signalingState === 'closed') return;
    if ('candidate' in signal) {
      return pc.addIceCandidate(signal.candidate).catch((error: unknown) => {
        if (!this.#ignoreOffer) throw error; // [4]
      });
    }
    const isOffer = signal.description.type === 'offer';
    const isReady =
      !this.#makingOffer && (pc.signalingState === 'stable' || this.#isSettingRemoteAnswerPending);
    this.#ignoreOffer = isOffer && !isReady && this.#begins; // [5]
    if (this.#ignoreOffer) return;
    this.#isSettingRemoteAnswerPending = !isOffer;
    await pc.setRemoteDescription(signal.description).finally(() => {
      this.#isSettingRemoteAnswerPending = false;
    });
    if (isOffer) await this.#describe();
  }

  addStream(stream: MediaStream): void {
    for (const track of stream.getTracks()) this.pc.addTrack(track, stream);
  }

  /** Sends another track of the same kind in its place. Nothing is negotiated. */
  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    await this.pc
      .getSenders()
      .find((sender) => sender.track?.kind === track.kind)
      ?.replaceTrack(track);
  }

  /** Resolves when there is room for more: whoever awaits it has back-pressure. */
  async send(data: string | ArrayBufferView<ArrayBuffer>): Promise<void> {
    await this.opened;
    if (typeof data === 'string') this.channel.send(data);
    else this.channel.send(data);
    if (this.channel.bufferedAmount <= HIGH_WATER) return;
    await new Promise((resolve) =>
      this.channel.addEventListener('bufferedamountlow', resolve, { once: true }),
    );
  }

  /** Says goodbye, waits until the other end has heard it or a second has gone by, and closes. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.channel.addEventListener('close', resolve));
    this.#isClosing = true;
    this.channel.close(); // [6]
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1_000))]);
    this.pc.close();
  }

  async #describe(): Promise<void> {
    try {
      this.#makingOffer = true;
      await this.pc.setLocalDescription();
    } finally {
      this.#makingOffer = false;
    }
    await this.#post({ description: this.pc.localDescription! });
  }

  #watch(): void {
    const { connectionState } = this.pc;
    this.#handlers.onstate?.(connectionState);
    if (connectionState === 'disconnected' || connectionState === 'failed') this.pc.restartIce(); // [7]
  }
  #gone(): void {
    if (this.#isClosing) return;
    this.pc.close();
    this.#handlers.onstate?.('gone');
  }
}
/*
[1] Both know each other's names, so nobody has to be asked who begins. Who begins is impolite in a collision.
[2] Both ends open the channel with the same number, so nothing has to be announced in it (RFC 8832). It is there in every
    peer, since the goodbye goes over it.
[3] At first only one offers. What the other has added by then goes into its answer, and what does not fit there is
    offered when that is done: negotiationneeded fires again (webrtc-pc §4.7.3). From then on either may offer.
[4] A candidate of an offer that was ignored belongs nowhere. Any other one that is refused is an error.
[5] Two offers have crossed. The impolite end takes no notice; at the polite one setRemoteDescription() takes its own back.
[6] The channel is closed at both ends, by a message of SCTP (RFC 8831 §6.7). A page that is killed cannot say so.
[7] New addresses, the same connection: negotiationneeded fires. If this fails as well, it is tried again.
*/
