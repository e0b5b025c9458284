import type { PeerLabel, Signal } from '../timeline.ts';

export type { Signal } from '../timeline.ts';

/** Called for one signal at a time, in the order of sending; the next one waits for the promise. */
export type SignalHandler = (from: PeerLabel, signal: Signal) => void | Promise<void>;

/**
 * One peer's end of the signaling channel: what a lab's code holds in its hands.
 *
 * JSEP leaves open how descriptions and candidates travel (RFC 9429 §3.1). It does need their order: a candidate
 * that overtakes its description is refused, and two offers that are handled at once end in a dead call.
 */
export interface Signaling {
  /** Resolves when the carrier has taken the signal over. @throws {RtcError} `signaling-lost`, `signaling-refused` */
  send(to: PeerLabel, signal: SignalLike): Promise<void>;
  /** Sets the handler. Signals that came before are kept and handed over now. */
  receive(handler: SignalHandler): void;
}

/** What `send` takes: the browser's own objects as they are. */
export type SignalLike =
  | { readonly description: RTCSessionDescription | RTCSessionDescriptionInit | null }
  | { readonly candidate: RTCIceCandidate | RTCIceCandidateInit | null };

/** A signal on its way between two peers. */
export interface Parcel {
  readonly from: PeerLabel;
  readonly to: PeerLabel;
  readonly signal: Signal;
}

/** A parcel with its number. `id` is the same at both ends, so that a ladder can draw the arrow between them. */
export interface Envelope extends Parcel {
  readonly id: string;
}

/**
 * Carries parcels between the peers of one run: inside this page, between two tabs, or through a server.
 *
 * A carrier keeps the order of the parcels of one pair. It delivers only to peers that live in this page.
 */
export interface Carrier {
  /**
   * Takes a parcel. `taken` resolves when it is out of our hands.
   *
   * `taken` rejects with {@link RtcError} `signaling-lost` or `signaling-refused`
   */
  post(parcel: Parcel): { readonly id: string; readonly taken: Promise<void> };
  /** Sets the one receiver of everything that arrives for the peers of this page. */
  deliver(receiver: (envelope: Envelope) => void): void;
}

/** Plain data from the browser's objects, as it crosses the wire. @throws {TypeError} on a missing description */
export function toSignal(like: SignalLike): Signal {
  if ('description' in like) {
    if (!like.description)
      throw new TypeError('there is no description to send: setLocalDescription() comes first');
    return { description: { type: like.description.type, sdp: like.description.sdp ?? '' } };
  }
  const { candidate } = like;
  if (!candidate) return { candidate: null };
  const { candidate: text = '', sdpMid = null, sdpMLineIndex = null, usernameFragment = null } = candidate;
  return { candidate: { candidate: text, sdpMid, sdpMLineIndex, usernameFragment } };
}
