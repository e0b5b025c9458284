import type { Run } from '../bench.ts';
import { RtcError } from '../errors.ts';
import { recordCalls, recordOf } from '../record-calls.ts';
import type { PeerLabel } from '../timeline.ts';
import { untilAborted } from './until-aborted.ts';

/** The part of `navigator.mediaDevices` that labs use. */
export interface CaptureDevices
  extends
    EventTarget,
    Pick<MediaDevices, 'enumerateDevices' | 'getDisplayMedia' | 'getSupportedConstraints' | 'getUserMedia'> {
  /** Firefox only, so far. */
  selectAudioOutput?: (options?: { deviceId?: string }) => Promise<MediaDeviceInfo>;
}

/** What stands in for them: the same shape; a screen it need not have. */
export type DeviceSource = Omit<CaptureDevices, 'getDisplayMedia'> & Partial<CaptureDevices>;

/**
 * `navigator.mediaDevices`, recorded: each call with its arguments and outcome, each track's `mute`, `unmute` and
 * `ended`, each `devicechange`. A stepped run waits in front of each call. What it opens stops with the bench.
 *
 * @param source what is recorded: the browser's own, or an object of the same shape (devices that are drawn, a refusal
 *   that is wanted)
 * @throws {RtcError} `insecure-origin` or `media-unsupported` where the browser has none; `stopped` after the run's end
 */
export function openMediaDevices(
  peer: PeerLabel,
  bench: Run,
  source: DeviceSource = ownDevices(),
): CaptureDevices {
  if (bench.signal.aborted) throw new RtcError('stopped');
  const record = recordOf(peer, bench);
  const keep = async (asked: Promise<MediaStream>) => {
    const stream = await untilAborted(asked, bench.signal, stopAll);
    for (const track of stream.getTracks()) keepTrack(peer, bench, track);
    return stream;
  };
  const devices: DeviceSource = Object.assign(new EventTarget(), {
    getUserMedia: (constraints?: MediaStreamConstraints) => keep(source.getUserMedia(constraints)),
    enumerateDevices: () => source.enumerateDevices(),
    getSupportedConstraints: () => source.getSupportedConstraints(),
    ...(source.getDisplayMedia && {
      getDisplayMedia: (options?: DisplayMediaStreamOptions) => keep(source.getDisplayMedia!(options)),
    }),
    ...(source.selectAudioOutput && {
      selectAudioOutput: (options?: { deviceId?: string }) => source.selectAudioOutput!(options),
    }),
  });
  const onChange = () => {
    record({ kind: 'device-change' });
    devices.dispatchEvent(new Event('devicechange'));
  };
  source.addEventListener('devicechange', onChange, { signal: bench.signal });
  const methods = ['getUserMedia', 'getDisplayMedia', 'enumerateDevices', 'selectAudioOutput'] as const;
  return recordCalls(peer, bench, devices, methods, mediaWords) as CaptureDevices;
}

/**
 * Records a track that the run has opened by itself: `applyConstraints()`, `stop()`, `clone()` with its copy, and the
 * events `mute`, `unmute` and `ended`. The track stays the caller's.
 */
export function recordTrack(peer: PeerLabel, bench: Run, track: MediaStreamTrack): MediaStreamTrack {
  const record = recordOf(peer, bench);
  const kind = track.kind === 'audio' ? 'audio' : 'video';
  for (const [event, state] of [
    ['mute', 'muted'],
    ['unmute', 'unmuted'],
    ['ended', 'ended'],
  ] as const) {
    const note = () => record({ kind: 'track-state', track: kind, mid: null, state });
    track.addEventListener(event, note, { signal: bench.signal });
  }
  recordCalls(peer, bench, track, ['applyConstraints', 'stop']);
  return recordCalls(peer, bench, track, ['clone'], (copy) => {
    recordTrack(peer, bench, copy as MediaStreamTrack);
    return `${kind} track`;
  });
}

function keepTrack(peer: PeerLabel, bench: Run, track: MediaStreamTrack): void {
  const stop = track.stop.bind(track); // the browser's: the end of a run is no call of the lab's code
  bench.signal.addEventListener('abort', stop, { once: true });
  recordTrack(peer, bench, track);
}

/** @throws {RtcError} `insecure-origin`, `media-unsupported` */
function ownDevices(): CaptureDevices {
  // Undefined outside a secure context, whatever its type says (mediacapture-main §10.1).
  const own: CaptureDevices | undefined = navigator.mediaDevices;
  if (own) return own;
  throw new RtcError(isSecureContext ? 'media-unsupported' : 'insecure-origin');
}

/** What a call gave, for the record: names of devices, no ids. */
function mediaWords(result: unknown): string {
  if (Array.isArray(result)) return result.map((device) => deviceWords(device as MediaDeviceInfo)).join(', ');
  return result instanceof MediaStream
    ? result.getTracks().map(trackWords).join(', ')
    : deviceWords(result as MediaDeviceInfo);
}

function trackWords(track: MediaStreamTrack): string {
  const { width, height } = track.getSettings();
  const size = width && height ? ` ${width}×${height}` : '';
  return `${track.kind} track “${track.label}”${size}`;
}

const deviceWords = ({ kind, label }: MediaDeviceInfo): string =>
  label ? `${kind} “${label}”` : `${kind} without a name`;

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
