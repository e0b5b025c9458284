export interface Controls {
  source: 'drawn' | 'picker' | 'old';
  surface: 'any' | 'browser' | 'window' | 'monitor';
  sound: 'no' | 'yes';
  hint: '' | 'motion' | 'detail' | 'text';
  bitrate: 'free' | 'low';
}

/** What `getDisplayMedia()` can be asked, more than the types of this TypeScript know. */
interface DisplayOptions extends DisplayMediaStreamOptions {
  /** Whether whole monitors are offered. */
  monitorTypeSurfaces?: 'include' | 'exclude';
  /** Whether this very tab is offered; endless mirrors otherwise. */
  selfBrowserSurface?: 'include' | 'exclude';
  /** Whether another tab can be chosen while sharing. */
  surfaceSwitching?: 'include' | 'exclude';
  /** Whether the sound of the whole computer is offered with a monitor. */
  systemAudio?: 'include' | 'exclude';
  /** Chromium only. */
  controller?: object;
}

/** Frames a second are enough for slides, and cost a third of a camera's. */
const FRAME_RATE = 15;

/**
 * A wish, not an order: the user may choose something else. Browsers skip members that they do not know.
 *
 * @see screen-capture, DisplayMediaStreamOptions
 */
export function optionsFor({ surface, sound }: Pick<Controls, 'surface' | 'sound'>): DisplayOptions {
  const controller = keepsFocus();
  return {
    video: {
      frameRate: { max: FRAME_RATE },
      ...(surface !== 'any' && { displaySurface: surface }),
    },
    audio: sound === 'yes',
    monitorTypeSurfaces: surface === 'browser' || surface === 'window' ? 'exclude' : 'include',
    selfBrowserSurface: 'include',
    surfaceSwitching: 'include',
    systemAudio: sound === 'yes' ? 'include' : 'exclude',
    ...(controller && { controller }),
  };
}

type Controller = { setFocusBehavior?: (behavior: 'focus-capturing-application') => void };

/** Chromium's `CaptureController` leaves the focus in this page when a tab or window was chosen; undefined elsewhere. */
function keepsFocus(): object | undefined {
  const CaptureController = Reflect.get(globalThis, 'CaptureController') as
    (new () => Controller) | undefined;
  const controller = CaptureController && new CaptureController();
  controller?.setFocusBehavior?.('focus-capturing-application');
  return controller;
}

/** As it was written in 2013. */
export const theOldWay = {
  audio: false,
  video: { mandatory: { chromeMediaSource: 'screen' } },
} as MediaStreamConstraints;

/** So little that size and frame rate cannot both be kept. */
const LOW_BPS = 150_000;

export async function limitBitrate(
  sender: RTCRtpSender,
  { bitrate }: Pick<Controls, 'bitrate'>,
): Promise<void> {
  if (bitrate === 'free') return;
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) encoding.maxBitrate = LOW_BPS;
  await sender.setParameters(parameters);
}
