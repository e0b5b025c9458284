import { RtcError } from '../../errors.ts';
import { openDrawnDisplay } from '../../media/drawn-display.ts';
import type { DeviceSource } from '../../media/media-devices.ts';
import { untilAborted } from '../../media/until-aborted.ts';
import type { LocalScreen } from './local-state.ts';

/** Frames a second are enough for slides, and cost a third of a camera's. */
const FRAME_RATE = 15;
/** Each copy of it is encoded once for each of the others. */
const MAX_SIZE = { width: 1920, height: 1080 };

/** What `getDisplayMedia()` can be asked, more than the types of this TypeScript know; browsers skip what they do not. */
interface DisplayOptions extends DisplayMediaStreamOptions {
  readonly monitorTypeSurfaces?: 'include' | 'exclude';
  readonly selfBrowserSurface?: 'include' | 'exclude';
  readonly surfaceSwitching?: 'include' | 'exclude';
  readonly systemAudio?: 'include' | 'exclude';
}

/** Wishes only: the person chooses. @see screen-capture, DisplayMediaStreamOptions */
const optionsFor = (sound: boolean): DisplayOptions => ({
  video: { frameRate: { max: FRAME_RATE }, width: { max: MAX_SIZE.width }, height: { max: MAX_SIZE.height } },
  // What a microphone needs would spoil music.
  audio: sound && { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  monitorTypeSurfaces: 'include',
  selfBrowserSurface: 'exclude', // a meeting that shows itself is a hall of mirrors
  surfaceSwitching: 'include',
  systemAudio: sound ? 'include' : 'exclude',
});

export interface ScreenHost {
  readonly signal: AbortSignal;
  readonly source: DeviceSource | undefined;
  changed(): void;
  say(sentence: string): void;
}

interface Shared {
  readonly picture: MediaStreamTrack;
  readonly sound: MediaStreamTrack | null;
  readonly end: AbortController;
  readonly isSynthetic: boolean;
}

/** What is shared beside the camera: one screen, window or tab at a time, or a drawn desktop. */
export class ScreenShare {
  readonly #host: ScreenHost;
  #shared: Shared | null = null;
  #asking: AbortController | undefined;
  #problem: RtcError | null = null;

  constructor(host: ScreenHost) {
    this.#host = host;
    host.signal.addEventListener('abort', () => this.stop(), { once: true });
  }

  get picture(): MediaStreamTrack | null {
    return this.#shared?.picture ?? null;
  }

  get sound(): MediaStreamTrack | null {
    const sound = this.#shared?.sound;
    return sound?.readyState === 'live' ? sound : null;
  }

  get state(): LocalScreen {
    const common = { opening: this.#asking !== undefined, problem: this.#problem };
    if (!this.#shared) return { is: 'off', ...common };
    const { picture, isSynthetic } = this.#shared;
    return {
      is: 'on',
      ...common,
      label: isSynthetic ? 'Drawn desktop' : labelOf(picture),
      surface: surfaceOf(picture),
      sound: this.sound !== null,
      synthetic: isSynthetic,
    };
  }

  /** Lets the person choose. To be called first thing in a click. What is shared already stays until that is answered. */
  async share(sound: boolean): Promise<void> {
    const { source, signal } = this.#host;
    if (signal.aborted) return;
    const end = this.#ask();
    try {
      if (!source?.getDisplayMedia)
        throw new RtcError('screen-unavailable', 'This browser cannot share a screen.');
      const both = AbortSignal.any([signal, end.signal]);
      const stream = await untilAborted(source.getDisplayMedia(optionsFor(sound)), both, stopAll);
      if (this.#asking !== end) return stopAll(stream);
      const [picture] = stream.getVideoTracks();
      if (!picture) throw new RtcError('screen-unavailable', 'The browser gave no picture.');
      const [voice = null] = stream.getAudioTracks();
      this.#take({ picture, sound: voice, end, isSynthetic: false });
    } catch (error) {
      if (this.#asking !== end) return;
      this.#asking = undefined;
      if (isRefusal(error)) this.#host.say('Nothing new is shared: the question was answered with no.');
      else this.#problem = explain(error);
      this.#host.changed();
    }
  }

  /** Shares a drawn desktop, which says what it is: for a computer without a screen, or a person who would rather not. */
  shareSynthetic(): void {
    const { signal } = this.#host;
    if (signal.aborted) return;
    const end = this.#ask();
    try {
      const { track } = openDrawnDisplay({ signal: AbortSignal.any([signal, end.signal]) });
      this.#take({ picture: track, sound: null, end, isSynthetic: true });
    } catch (error) {
      this.#asking = undefined;
      this.#problem = explain(error);
      this.#host.changed();
    }
  }

  stop(): void {
    this.#asking?.abort();
    this.#asking = undefined;
    this.#problem = null;
    this.#end();
    this.#host.changed();
  }

  #ask(): AbortController {
    this.#asking?.abort();
    this.#problem = null;
    const end = new AbortController();
    this.#asking = end;
    this.#host.changed();
    return end;
  }

  #take(shared: Shared): void {
    const { picture, sound, end } = shared;
    this.#asking = undefined;
    this.#end();
    this.#shared = shared;
    // Sharp text rather than smooth movement, and music rather than speech.
    picture.contentHint = 'detail';
    if (sound) sound.contentHint = 'music';
    const changed = () => this.#host.changed();
    picture.addEventListener('ended', () => this.#endedByBrowser(shared), { signal: end.signal });
    // Chromium lets the person choose another tab while sharing.
    picture.addEventListener('configurationchange', changed, { signal: end.signal });
    sound?.addEventListener('ended', changed, { signal: end.signal });
    end.signal.addEventListener('abort', () => stopAll({ getTracks: () => tracksOf(shared) }), {
      once: true,
    });
    changed();
  }

  /** The browser's own “stop sharing”, or a window that was closed. */
  #endedByBrowser(shared: Shared): void {
    if (this.#shared !== shared) return;
    this.#end();
    this.#host.changed();
    this.#host.say(
      'Your screen is no longer shared: that was ended in the browser, or what was shared is closed.',
    );
  }

  #end(): void {
    const shared = this.#shared;
    this.#shared = null;
    shared?.end.abort();
  }
}

const tracksOf = ({ picture, sound }: Shared) => (sound ? [picture, sound] : [picture]);

function stopAll(stream: Pick<MediaStream, 'getTracks'>): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Chromium calls a screen `screen:0:0` and a tab `web-contents-media-stream://…`: no words for a person. */
function labelOf(picture: MediaStreamTrack): string {
  const known = { monitor: 'A screen', window: 'A window', browser: 'A tab' };
  const surface = surfaceOf(picture);
  return /^(?:screen|window|web-contents-media-stream):/.test(picture.label) || !picture.label
    ? surface
      ? known[surface]
      : 'A screen'
    : picture.label;
}

function surfaceOf(picture: MediaStreamTrack): 'monitor' | 'window' | 'browser' | null {
  const { displaySurface } = picture.getSettings();
  return displaySurface === 'monitor' || displaySurface === 'window' || displaySurface === 'browser'
    ? displaySurface
    : null;
}

/** A person's no. Where the system forbids it the name is the same, and Chromium's words tell. */
const isRefusal = (error: unknown) =>
  error instanceof DOMException && error.name === 'NotAllowedError' && !/system/i.test(error.message);

/** @see screen-capture, getDisplayMedia */
const meanings: Readonly<Record<string, string>> = {
  NotAllowedError: 'The system does not let this browser capture the screen.',
  InvalidStateError: 'Browsers share a screen only right after a click or a key.',
  NotFoundError: 'There is no screen or window to choose from.',
  NotReadableError: 'The system does not let this browser read what was chosen.',
  AbortError: 'The capture did not start.',
};

function explain(error: unknown): RtcError {
  if (error instanceof RtcError) return error;
  const { name = '', message = '' } = error as { name?: string; message?: string };
  return new RtcError(
    'screen-unavailable',
    `${meanings[name] ?? 'The screen could not be captured.'} (${[name, message].filter(Boolean).join(': ')})`,
    { cause: error },
  );
}
