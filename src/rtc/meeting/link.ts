import type { PeerId } from '../../protocol/signaling.ts';
import type { Bench, Seat } from '../bench.ts';
import type { Envelope, Signal } from '../signaling/signaling.ts';
import type { PeerLabel } from '../timeline.ts';
import { openConnection, type Connection } from './connection.ts';
import { noTracks, type Link, type Tracks } from './engine.ts';
import { patientRules, rules } from './ladder.ts';
import { Line } from './line.ts';
import { packetsReceived, Recorded } from './recorded.ts';

export interface LinkOptions {
  readonly peer: PeerId;
  readonly self: PeerLabel;
  readonly other: PeerLabel;
  /** Whether this end makes the first offer; it is the one that gives way as well. */
  readonly offers: boolean;
  readonly signal: AbortSignal;
  readonly configuration: () => RTCConfiguration;
  readonly tracks: () => Tracks;
  /** Whether the other end says that it sends sound or a picture. */
  readonly sends: () => boolean;
  /** Sends a signal to the other end. */
  readonly post: (signal: Signal) => { readonly id: string; readonly taken: Promise<void> };
}

/**
 * The connection to one other participant, whatever becomes of it.
 *
 * The other end needs no further message for a new connection. Its first offer has another session id in its `o=` line
 * (RFC 9429 §5.2.1), and so the other end knows that the old one is gone.
 */
export class MeshLink extends Recorded implements Link {
  readonly peer: PeerId;
  readonly line = new Line();
  readonly #options: LinkOptions;
  #connection!: Connection;
  #receiver: ((envelope: Envelope) => void) | undefined;
  #tracks: Tracks = noTracks;
  /** The session of the other end that this connection belongs to, and those that are over. */
  #session: string | undefined;
  readonly #over = new Set<string>();
  /** The last offer and its candidates: whoever gives way hears them once more. */
  #sinceOffer: { readonly id: string; readonly signal: Signal }[] = [];

  constructor(options: LinkOptions) {
    const { self, other, signal, offers } = options;
    super({ self, other, signal, arrangement: 'mesh', rules: offers ? rules : patientRules });
    this.#options = options;
    this.peer = options.peer;
    this.begin(offers);
    this.ladder.begin();
  }

  get tracks(): Tracks {
    return this.#tracks;
  }

  /** What came from the other end, in its order. */
  receive(id: string, signal: Signal): void {
    const session = 'description' in signal ? sessionOf(signal.description.sdp) : undefined;
    if (session !== undefined) {
      if (this.#over.has(session)) return; // the last words of a connection that is gone
      const isNew = this.#session !== undefined && session !== this.#session;
      if (isNew && 'description' in signal && signal.description.type === 'offer') this.#giveWay();
      this.#session = session;
    }
    if ('description' in signal && signal.description.type === 'offer') this.#sinceOffer = [];
    this.#sinceOffer.push({ id, signal });
    this.#receiver?.({ id, from: this.other, to: this.self, signal });
  }

  async send(tracks: Tracks): Promise<void> {
    if (this.pc.signalingState !== 'closed') await this.#connection.send(tracks);
  }

  protected override mayRestart(): boolean {
    return this.pc.remoteDescription !== null;
  }

  protected override async received(): Promise<number | undefined> {
    return this.#options.sends() ? packetsReceived(this.pc) : undefined;
  }

  protected override ending(): void {
    if (this.#session !== undefined) this.#over.add(this.#session);
    this.#session = undefined;
    this.line.detach();
  }

  protected override open(bench: Bench, seat: Seat): RTCPeerConnection {
    bench.attach({
      post: ({ signal: posted }) => this.#options.post(posted),
      deliver: (receiver) => (this.#receiver = receiver),
    });
    this.#connection = openConnection({
      bench,
      seat,
      polite: this.#options.offers,
      configuration: this.#options.configuration(),
      tracks: this.#options.tracks,
      onReady: (pc) => this.line.attach(pc),
      onYield: () => {
        const again = this.#sinceOffer;
        this.#session = undefined;
        this.#giveWay();
        for (const { id, signal: kept } of again) this.receive(id, kept);
      },
    });
    const { pc } = this.#connection;
    pc.addEventListener('signalingstatechange', () => this.#takeTracks());
    this.#setTracks(noTracks);
    return pc;
  }

  /** The other end has begun a new connection. */
  #giveWay(): void {
    this.begin(false);
    this.ladder.begin();
    if (this.state.is !== 'connecting')
      this.set({ is: 'rebuilding', attempt: Math.max(1, this.ladder.attempt) });
  }

  #takeTracks(): void {
    const { received } = this.#connection;
    if (received.camera !== this.#tracks.camera) this.#setTracks(received);
  }

  #setTracks(tracks: Tracks): void {
    this.#tracks = tracks;
    this.events.emit('tracks', tracks);
  }
}

/** The session id of a description: the second field of its `o=` line (RFC 8866 §5.2). */
function sessionOf(sdp: string): string | undefined {
  return /^o=\S+ (\d+)/m.exec(sdp)?.[1];
}
