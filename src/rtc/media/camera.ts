import { RtcError } from '../errors.ts';
import { explainMediaError, type MediaErrorContext } from './explain-media-error.ts';
import type { DeviceSource } from './media-devices.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * Opens camera and microphone, and turns every way in which that fails into an {@link RtcError} with help.
 *
 * @param constraints as for `getUserMedia()` (mediacapture-main §10.1); ask with `ideal`, look at `getSettings()`
 * @param options.signal stops the tracks. When it aborts while the browser still asks for permission, the promise
 *   rejects at once, and what the browser delivers later is stopped at once.
 * @param options.source what is asked; the browser's own devices when left out
 * @throws {RtcError} `permission-denied`, `permission-dismissed`, `permission-policy`, `permission-system`,
 *   `device-not-found`, `device-in-use`, `constraints-impossible`, `insecure-origin`, `media-unsupported`,
 *   `media-aborted`, `bad-input`, `stopped`
 */
export async function openCamera(
  constraints: MediaStreamConstraints,
  { signal, source }: { signal: AbortSignal; source?: Pick<DeviceSource, 'getUserMedia'> },
): Promise<MediaStream> {
  if (signal.aborted) throw new RtcError('stopped');
  const kinds = { audio: isAsked(constraints.audio), video: isAsked(constraints.video) };
  let stream: MediaStream;
  try {
    // In an insecure context `mediaDevices` is undefined, whatever its type says; the TypeError is explained below.
    stream = await untilAborted((source ?? navigator.mediaDevices).getUserMedia(constraints), signal, stop);
  } catch (error) {
    if (signal.aborted) throw new RtcError('stopped', undefined, { cause: error });
    throw explainMediaError(error, await mediaContext(kinds));
  }
  signal.addEventListener('abort', () => stop(stream), { once: true });
  return stream;
}

/** A camera, microphone or loudspeaker. */
export interface Device {
  readonly kind: MediaDeviceKind;
  /** For `deviceId: { exact }`; empty until a permission was given. */
  readonly deviceId: string;
  /** The device's name; where the browser hides it, words that say so. */
  readonly label: string;
  readonly labelHidden: boolean;
}

/**
 * The devices of this computer. Before a permission was given, browsers show at most one of each kind, without its
 * name: the list of what is plugged in would tell people apart (mediacapture-main §9.2.1).
 * In a background tab Firefox answers only when the tab is shown.
 *
 * @param source what is asked; the browser's own devices when left out
 * @throws {RtcError} `insecure-origin`, `media-unsupported`
 */
export async function listDevices(source?: Pick<DeviceSource, 'enumerateDevices'>): Promise<Device[]> {
  let devices: MediaDeviceInfo[];
  try {
    devices = await (source ?? navigator.mediaDevices).enumerateDevices();
  } catch (error) {
    throw explainMediaError(error, await mediaContext({ audio: true, video: true }));
  }
  return devices.map(({ kind, deviceId, label }) => ({
    kind,
    deviceId,
    label: label || `${deviceWords[kind]} (its name is hidden until you allow the use of one)`,
    labelHidden: label === '',
  }));
}

const deviceWords: Readonly<Record<MediaDeviceKind, string>> = {
  audioinput: 'Microphone',
  audiooutput: 'Loudspeaker',
  videoinput: 'Camera',
};

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

const isAsked = (constraint: boolean | MediaTrackConstraints | undefined) => Boolean(constraint);

/** What the error alone does not say: Chromium and Firefox have the same `NotAllowedError` for very different things. */
export async function mediaContext(kinds: { audio: boolean; video: boolean }): Promise<MediaErrorContext> {
  const features = [
    ...(kinds.video ? (['camera'] as const) : []),
    ...(kinds.audio ? (['microphone'] as const) : []),
  ];
  // Chromium's; Firefox has none that pages can read.
  const policy: { allowsFeature(name: string): boolean } | undefined = Reflect.get(document, 'featurePolicy');
  return {
    secureContext: isSecureContext,
    mediaDevices: 'mediaDevices' in navigator,
    kinds,
    policyForbids: features.filter((feature) => policy?.allowsFeature(feature) === false),
    permissionDenied: (await Promise.all(features.map(isDenied))).includes(true),
  };
}

/** Whether a permission is refused for good: the browser then answers without asking anyone. */
async function isDenied(name: 'camera' | 'microphone'): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name })).state === 'denied';
  } catch {
    return false; // this browser does not tell
  }
}
