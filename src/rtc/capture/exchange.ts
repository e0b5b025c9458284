import type { PeerLabel, Signal } from '../timeline.ts';

/** A signal as one end recorded it. Labels are those of connections where they are known, else of participants. */
export interface Crossing {
  /** The same at both ends. */
  readonly id: string;
  readonly from: PeerLabel;
  readonly to: PeerLabel;
}

/** What is needed of a connection to know which signals are its own. */
export type Described = Pick<RTCPeerConnection, 'localDescription' | 'remoteDescription' | 'signalingState'>;

interface Posted {
  readonly crossing: Crossing;
  readonly text: string;
}

/** Signals that have not arrived, of one direction, at most: the oldest one is forgotten. */
const MOST_POSTED = 500;

/**
 * Tells which signals of the participants of a run belong together, whatever carries them: a frame that leaves one
 * page and a frame that reaches another one are the same signal when they say the same. Which of a participant's
 * connections it is for is told by the ICE user name fragment in it (RFC 8839 §5.4).
 */
export class Exchange {
  readonly #participants = new Set<PeerLabel>();
  readonly #ids = new Map<string, PeerLabel>();
  readonly #connections = new Map<PeerLabel, Map<PeerLabel, Described>>();
  readonly #posted = new Map<string, Posted[]>();
  #count = 0;

  join(participant: PeerLabel): void {
    this.#participants.add(participant);
  }

  /** Another connection of a participant. @param label under which it is recorded */
  add(participant: PeerLabel, label: PeerLabel, pc: Described): void {
    const own = this.#connections.get(participant);
    if (own) own.set(label, pc);
    else this.#connections.set(participant, new Map([[label, pc]]));
  }

  /** A server knows a participant by this id. What is no name of a participant is ignored. */
  know(id: string, participant: PeerLabel): void {
    if (this.#participants.has(participant)) this.#ids.set(id, participant);
  }

  /** A signal leaves a participant; undefined when nobody can tell for whom it is. @param to id of the receiver */
  post(participant: PeerLabel, to: string | undefined, signal: Signal): Crossing | undefined {
    const receiver = this.#otherOf(participant, to);
    if (receiver === undefined) return undefined;
    const fragment = fragmentOf(signal);
    const from = this.#find(participant, (pc) => names(pc.localDescription, fragment)) ?? participant;
    const crossing = { id: `frame-${++this.#count}`, from, to: this.#facing(from, participant, receiver) };
    const key = `${participant} ${receiver}`;
    const waiting = this.#posted.get(key) ?? [];
    this.#posted.set(key, waiting);
    if (waiting.push({ crossing, text: textOf(signal) }) > MOST_POSTED) waiting.shift();
    return crossing;
  }

  /** A signal reaches a participant; undefined when nobody can tell from whom. @param from id of the sender */
  take(participant: PeerLabel, from: string | undefined, signal: Signal): Crossing | undefined {
    const sender = this.#otherOf(participant, from);
    if (sender === undefined) return undefined;
    const waiting = this.#posted.get(`${sender} ${participant}`) ?? [];
    const text = textOf(signal);
    const place = waiting.findIndex((posted) => posted.text === text);
    const [posted] = place < 0 ? [] : waiting.splice(place, 1);
    const origin = posted?.crossing.from ?? sender;
    const fragment = fragmentOf(signal);
    const to =
      this.#find(participant, (pc) => names(pc.remoteDescription, fragment)) ??
      this.#facing(origin, sender, participant);
    return { id: posted?.crossing.id ?? `frame-${++this.#count}`, from: origin, to };
  }

  /** Who is meant: by the id, or the only other one. */
  #otherOf(participant: PeerLabel, id: string | undefined): PeerLabel | undefined {
    const known = id === undefined ? undefined : this.#ids.get(id);
    if (known !== undefined && known !== participant) return known;
    const others = [...this.#participants].filter((one) => one !== participant);
    return others.length === 1 ? others[0] : undefined;
  }

  /** The connection of `other` that has exchanged descriptions with this one, or `other` itself. */
  #facing(label: PeerLabel, participant: PeerLabel, other: PeerLabel): PeerLabel {
    const pc = this.#connections.get(participant)?.get(label);
    if (!pc || pc.signalingState === 'closed') return other;
    const local = fragmentIn(pc.localDescription?.sdp);
    const remote = fragmentIn(pc.remoteDescription?.sdp);
    const faces = ({ localDescription, remoteDescription }: Described) =>
      names(remoteDescription, local) || names(localDescription, remote);
    return this.#find(other, faces) ?? other;
  }

  /** The last open one that fits; asking a closed one for its descriptions throws in Firefox. */
  #find(participant: PeerLabel, fits: (pc: Described) => boolean): PeerLabel | undefined {
    const own = [...(this.#connections.get(participant) ?? [])];
    return own.findLast(([, pc]) => pc.signalingState !== 'closed' && fits(pc))?.[0];
  }
}

const textOf = (signal: Signal): string =>
  'description' in signal
    ? `${signal.description.type} ${signal.description.sdp}`
    : `${signal.candidate?.sdpMid ?? ''} ${signal.candidate?.candidate ?? ''}`;

function fragmentOf(signal: Signal): string | undefined {
  if ('description' in signal) return fragmentIn(signal.description.sdp);
  const { usernameFragment, candidate = '' } = signal.candidate ?? {};
  return usernameFragment ?? / ufrag (\S+)/.exec(candidate)?.[1];
}

const fragmentIn = (sdp: string | undefined): string | undefined =>
  sdp === undefined ? undefined : /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];

/** Whether a description has m-sections with that user name fragment. */
const names = (description: RTCSessionDescription | null, fragment: string | undefined): boolean =>
  fragment !== undefined && (description?.sdp.split(/\r?\n/).includes(`a=ice-ufrag:${fragment}`) ?? false);
