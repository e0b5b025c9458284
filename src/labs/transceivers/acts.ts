import type { Bench } from '../../rtc/bench.ts';
import { RtcError } from '../../rtc/errors.ts';
import { openCamera } from '../../rtc/media/camera.ts';
import { openSyntheticMedia } from '../../rtc/media/synthetic.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import type { Direction } from './table.ts';

/** What a sender can be given. */
export const sources = {
  audio: { own: 'its own sound', none: 'nothing' },
  video: { own: 'its own picture', screen: 'a drawn “screen”', camera: 'the camera', none: 'nothing' },
} as const;
export type Source = 'own' | 'screen' | 'camera' | 'none';

const names = new WeakMap<MediaStreamTrack, Source>();
/** What each sender had first, and what was opened for it since: to go back to it without asking again. */
const had = new WeakMap<RTCRtpSender, Map<Source, MediaStreamTrack>>();
const held = new WeakMap<RTCRtpTransceiver, RTCRtpTransceiverDirection>();

/** What a track is, as the table calls it. */
export const sourceOf = (track: MediaStreamTrack): Source => names.get(track) ?? 'own';

/** Adds a track of a peer's own, in a stream of its own. */
export function addMedia(bench: Bench, peer: PeerLabel, kind: 'audio' | 'video'): void {
  const pc = connectionOf(bench, peer);
  const { stream } = openSyntheticMedia({
    peer,
    signal: bench.signal,
    audio: kind === 'audio',
    ...(kind === 'audio' && { video: false }),
  });
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
}

/** Asks to receive one more, and sends nothing in it. */
export function addReceiver(bench: Bench, peer: PeerLabel): void {
  connectionOf(bench, peer).addTransceiver('video', { direction: 'recvonly' });
}

/** Says what a peer wants from now on. The browser fires `negotiationneeded` where the other side has to agree. */
export function direct(bench: Bench, peer: PeerLabel, mid: string, direction: Direction): void {
  const transceiver = transceiverOf(bench, peer, mid);
  note(bench, peer, `transceiver ${mid}: direction = '${direction}'`);
  transceiver.direction = direction;
}

/** Puts all of a peer's transceivers on hold, or takes them off it, in one task. */
export function hold(bench: Bench, peer: PeerLabel): void {
  const live = liveOf(bench, peer);
  const isHeld = isOnHold(bench, peer);
  note(bench, peer, isHeld ? 'hold ends: each direction as before' : "hold: direction = 'inactive' for all");
  for (const transceiver of live) {
    if (!isHeld) held.set(transceiver, transceiver.direction);
    transceiver.direction = isHeld ? (held.get(transceiver) ?? 'sendrecv') : 'inactive';
  }
}

export function isOnHold(bench: Bench, peer: PeerLabel): boolean {
  const live = bench.connections.has(peer) ? liveOf(bench, peer) : [];
  return live.length > 0 && live.every(({ direction }) => direction === 'inactive');
}

/**
 * Gives a sender another track, or none. No offer is due: the other side sees another picture in the same stream.
 *
 * @throws {RtcError} what opening the camera ends with
 */
export async function replace(bench: Bench, peer: PeerLabel, mid: string, source: Source): Promise<void> {
  const { sender } = transceiverOf(bench, peer, mid);
  const before = sender.track;
  const known = had.get(sender) ?? new Map<Source, MediaStreamTrack>();
  had.set(sender, known);
  if (before) known.set(sourceOf(before), before);
  const track = source === 'none' ? null : (known.get(source) ?? (await open(bench, source)));
  if (track) names.set(track, source);
  await sender.replaceTrack(track);
  // What the peer's own small picture shows is this stream: it goes with the sender.
  const preview = bench.shown.findLast((one) => one.peer === peer && one.side === 'local')?.stream;
  if (!preview) return;
  for (const one of known.values()) preview.removeTrack(one);
  if (track) preview.addTrack(track);
}

/** Ends a transceiver for good. Its m-section stays, with port 0, until another one takes its place. */
export function stop(bench: Bench, peer: PeerLabel, mid: string): void {
  note(bench, peer, `transceiver ${mid}: stop()`);
  transceiverOf(bench, peer, mid).stop();
}

async function open(bench: Bench, source: Source): Promise<MediaStreamTrack> {
  const { signal } = bench;
  const stream =
    source === 'camera'
      ? await openCamera({ video: true }, { signal })
      : openSyntheticMedia({ peer: 'screen', signal, audio: false }).stream;
  const [track] = stream.getVideoTracks();
  if (!track) throw new RtcError('media-unsupported');
  return track;
}

function connectionOf(bench: Bench, peer: PeerLabel): RTCPeerConnection {
  const pc = bench.connections.get(peer);
  if (!pc || bench.signal.aborted) throw new RtcError('stopped');
  return pc;
}

function transceiverOf(bench: Bench, peer: PeerLabel, mid: string): RTCRtpTransceiver {
  const found = liveOf(bench, peer).find((transceiver) => transceiver.mid === mid);
  if (!found) throw new RtcError('stopped', `${peer} has no transceiver with the mid ${mid} any more.`);
  return found;
}

const liveOf = (bench: Bench, peer: PeerLabel): RTCRtpTransceiver[] =>
  connectionOf(bench, peer)
    .getTransceivers()
    .filter(({ direction }) => direction !== 'stopped');

/** `direction` is an attribute: no call that the record could hold. */
function note(bench: Bench, peer: PeerLabel, text: string): void {
  bench.timeline.append(peer, { kind: 'note', text });
}
