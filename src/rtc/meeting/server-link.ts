import type { Leg, MiddleboxKind, ReceivedSection, Source } from '../../protocol/middlebox.ts';
import type { EventPayload, PeerId } from '../../protocol/signaling.ts';
import type { Bench, Seat } from '../bench.ts';
import { RtcError } from '../errors.ts';
import { openPeer } from '../peer.ts';
import { withEnd } from '../middlebox/room.ts';
import { RoomError, type RoomClient } from '../signaling/room-client.ts';
import type { Envelope } from '../signaling/signaling.ts';
import { refusal } from '../signaling/socket.ts';
import { sendOn } from './connection.ts';
import { kindOf, noTracks, sources, type ServerLink, type Tracks } from './engine.ts';
import { rules } from './ladder.ts';
import { packetsReceived, Recorded } from './recorded.ts';
import type { ServerLines } from './server-lines.ts';

/** How this page calls itself in the record. */
const OWN_LABEL = 'you';

/**
 * The layers of a camera, the highest first: Janus numbers them in this order. `L1T1` says that each is one layer,
 * without which VP9 and AV1 put all of them into the first encoding (webrtc-svc §5).
 */
const LAYERS: readonly RTCRtpEncodingParameters[] = [
  { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 1_500_000 },
  { rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
].map((layer) => ({ ...layer, scalabilityMode: 'L1T1' }));

export interface ServerLinkOptions {
  readonly kind: MiddleboxKind;
  readonly room: RoomClient;
  readonly signal: AbortSignal;
  readonly configuration: () => RTCConfiguration;
  /** A request is on its way to the server. */
  readonly sent: (taken: Promise<void>) => void;
}

/** What both connections to a server have in common: requests in place of signals, and no restart of ICE. */
abstract class ToServer extends Recorded implements ServerLink {
  abstract readonly leg: Leg;
  protected readonly options: ServerLinkOptions;
  protected receiver: ((envelope: Envelope) => void) | undefined;
  #sent = 0;

  constructor(options: ServerLinkOptions) {
    const { kind, signal } = options;
    super({ self: OWN_LABEL, other: kind, arrangement: kind, rules, signal });
    this.options = options;
  }

  /** The way to the server was lost and is there again. What was on its way may be lost. */
  returned(isSameSeat: boolean): void {
    if (!isSameSeat || !this.isAgreed) this.rebuild();
    this.setReachable(true);
  }

  /** Whether both ends know all of each other that they need. */
  protected get isAgreed(): boolean {
    return this.pc.remoteDescription !== null;
  }

  /** The server has let go of this connection. */
  dropped(why: string): void {
    this.bench.timeline.append(this.other, { kind: 'note', text: why });
    this.ladder.told('failed');
  }

  /** A server that takes descriptions whole has no use for new credentials of an old connection. */
  protected override mayRestart(): boolean {
    return false;
  }

  protected id(): string {
    return `${this.options.kind}-${this.leg}-${this.number}-${++this.#sent}`;
  }

  /** Asks, and gives up on what asking again does not change. */
  protected async ask<T>(bench: Bench, act: (room: RoomClient) => Promise<T>): Promise<T> {
    const asked = act(this.options.room);
    this.options.sent(asked.then(() => {}));
    try {
      return await asked;
    } catch (error) {
      if (bench === this.bench && error instanceof RoomError && isFinal(error)) {
        this.ladder.giveUp();
        this.set({
          is: 'failed',
          error: new RtcError('signaling-refused', `${error.message}. ${error.help}`),
        });
      }
      throw refusal(error);
    }
  }
}

const isFinal = ({ code }: RoomError): boolean => code !== 'closed' && code !== 'rate-limited';

export interface UpLinkOptions extends ServerLinkOptions {
  readonly tracks: () => Tracks;
  readonly lines: ServerLines;
}

/** The connection on which everything is sent, once. */
export class UpLink extends ToServer {
  readonly leg = 'up';
  readonly #options: UpLinkOptions;

  constructor(options: UpLinkOptions) {
    super(options);
    this.#options = options;
    this.begin(true);
    this.ladder.begin();
  }

  async send(tracks: Tracks): Promise<void> {
    if (this.pc.signalingState !== 'closed') await sendOn(this.pc, tracks);
  }

  protected override received(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  protected override ending(): void {
    this.#options.lines.detach();
  }

  protected override open(bench: Bench, { self, other }: Seat): RTCPeerConnection {
    const { kind, configuration, tracks, lines } = this.#options;
    bench.attach({
      post: ({ signal }) => {
        const id = this.id();
        if (!('description' in signal)) return { id, taken: Promise.resolve() };
        const sections = sources.flatMap((source, index) => {
          const mid = pc.getTransceivers()[index]?.mid;
          return mid ? [{ mid, source }] : [];
        });
        const { sdp } = signal.description;
        const taken = this.ask(bench, (room) => room.ask('middlebox:publish', { kind, sdp, sections }));
        return {
          id,
          taken: taken.then((answer) => {
            const description = { type: 'answer', sdp: answer.sdp } as const;
            this.receiver?.({ id: this.id(), from: other, to: self, signal: { description } });
          }),
        };
      },
      deliver: (receiver) => (this.receiver = receiver),
    });
    const signaling = bench.signaling(self);
    const pc = openPeer(self, bench, configuration());
    const person = new MediaStream();
    const screen = new MediaStream();
    const present = tracks();
    for (const source of sources)
      pc.addTransceiver(present[source] ?? kindOf(source), {
        direction: 'sendonly',
        streams: [source === 'microphone' || source === 'camera' ? person : screen],
        ...(kind === 'sfu' &&
          source === 'camera' && { sendEncodings: LAYERS.map((layer) => ({ ...layer })) }),
      });
    lines.attach(pc);
    signaling.receive(async (_, signal) => {
      if ('description' in signal && pc.signalingState === 'have-local-offer')
        await pc.setRemoteDescription(signal.description);
    });
    const describe = async () => {
      await pc.setLocalDescription();
      await signaling.send(other, { description: pc.localDescription });
    };
    describe().catch((error: unknown) => bench.report(self, error));
    return pc;
  }
}

export interface DownLinkOptions extends ServerLinkOptions {
  /** What is received, by participant; null: of all of them together. */
  readonly onReceived: (received: ReadonlyMap<PeerId | null, Tracks>) => void;
}

type Offer = EventPayload<'middlebox:offer'>;

/** The connection on which everything comes. The server offers, each time there is more or less of it. */
export class DownLink extends ToServer {
  readonly leg = 'down';
  readonly #options: DownLinkOptions;
  /** Offers that were not looked at yet, and the last one: a description comes back from the record without its version. */
  readonly #offers = new Map<string, Offer>();
  #sections: readonly ReceivedSection[] = [];
  /** The session of the server's end, and those that are over. */
  #session: string | undefined;
  readonly #over = new Set<string>();
  /** The server has had our first answer, and has said where it is. */
  #isAnswered = false;

  constructor(options: DownLinkOptions) {
    super(options);
    this.#options = options;
    this.begin(true);
    this.ladder.begin();
  }

  /** What each m-section that carries something belongs to. */
  get sections(): readonly ReceivedSection[] {
    return this.#sections;
  }

  /** An offer of the server. */
  take(offer: Offer): void {
    const session = sessionOf(offer.sdp);
    if (this.#over.has(session)) return; // of a connection that is gone
    // It has begun a new one by itself.
    if (this.#session !== undefined && session !== this.#session) {
      this.begin(false);
      this.ladder.begin();
    }
    this.#session = session;
    this.#offers.set(offer.sdp, offer);
    const [oldest] = this.#offers.keys();
    if (this.#offers.size > 32 && oldest !== undefined) this.#offers.delete(oldest);
    const description = { type: 'offer', sdp: offer.sdp } as const;
    this.receiver?.({ id: this.id(), from: this.other, to: this.self, signal: { description } });
  }

  protected override get isAgreed(): boolean {
    return this.#isAnswered;
  }

  protected override async received(): Promise<number | undefined> {
    return this.#sections.length > 0 ? packetsReceived(this.pc) : undefined;
  }

  protected override ending(): void {
    if (this.#session !== undefined) this.#over.add(this.#session);
    this.#session = undefined;
    this.#offers.clear();
    if (this.#sections.length === 0) return;
    this.#sections = [];
    this.#options.onReceived(new Map());
  }

  protected override open(bench: Bench, { self, other, offers: asks }: Seat): RTCPeerConnection {
    const { kind, configuration } = this.#options;
    this.#isAnswered = false;
    let version = 0;
    bench.attach({
      post: ({ signal }) => {
        const id = this.id();
        if (!('description' in signal)) return { id, taken: Promise.resolve() };
        const answer = { kind, version, sdp: signal.description.sdp };
        const taken = this.ask(bench, (room) => room.ask('middlebox:answer', answer));
        return {
          id,
          taken: taken.then(({ candidates }) => {
            if (bench !== this.bench) return;
            this.#isAnswered = true;
            for (const candidate of withEnd(candidates))
              this.receiver?.({ id: this.id(), from: other, to: self, signal: { candidate } });
          }),
        };
      },
      deliver: (receiver) => (this.receiver = receiver),
    });
    const signaling = bench.signaling(self);
    const pc = openPeer(self, bench, configuration());
    signaling.receive(async (_, signal) => {
      if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
      const offer = this.#offers.get(signal.description.sdp);
      if (!offer || offer.version < version) return; // one that was asked for again, and answered by now
      version = offer.version;
      await pc.setRemoteDescription({ type: 'offer', sdp: offer.sdp });
      await pc.setLocalDescription();
      await signaling.send(other, { description: pc.localDescription });
      this.#sections = offer.sections;
      this.#options.onReceived(receivedOn(pc, offer.sections));
    });
    if (asks) {
      bench.timeline.append(self, { kind: 'note', text: 'asks the server for an offer (middlebox:receive)' });
      this.ask(bench, (room) => room.ask('middlebox:receive', { kind })).catch((error: unknown) =>
        bench.report(self, error),
      );
    }
    return pc;
  }
}

/** The track of each m-section, by whose it is. */
function receivedOn(
  pc: RTCPeerConnection,
  sections: readonly ReceivedSection[],
): ReadonlyMap<PeerId | null, Tracks> {
  const tracks = new Map(pc.getTransceivers().map(({ mid, receiver }) => [mid, receiver.track]));
  const received = new Map<PeerId | null, Record<Source, MediaStreamTrack | null>>();
  for (const { mid, peer, source } of sections) {
    const own = received.get(peer) ?? { ...noTracks };
    received.set(peer, { ...own, [source]: tracks.get(mid) ?? null });
  }
  return received;
}

/** The session id and version of a description's `o=` line; of an offer without one, all are the same. */
const sessionOf = (sdp: string): string => /^o=\S+ (\d+)/m.exec(sdp)?.[1] ?? '';
