import { RtcError, toRtcError } from '../../errors.ts';
import { openCamera } from '../../media/camera.ts';
import type { DeviceSource } from '../../media/media-devices.ts';
import type { LocalInput, Origin } from './local-state.ts';

/** What to open: a drawn one, a certain device, or whichever the browser thinks best. */
export type Wish = 'synthetic' | { readonly deviceId?: string };

/** What a microphone and a camera do not have in common. */
export interface InputKind {
  readonly word: 'microphone' | 'camera';
  readonly permission: 'microphone' | 'camera';
  readonly kind: 'audioinput' | 'videoinput';
  constraints(deviceId: ConstrainDOMString | undefined): MediaStreamConstraints;
  /** Opens one that needs no device. @throws {RtcError} */
  synthetic(signal: AbortSignal): MediaStreamTrack;
}

/** Whom an input tells, and whom it asks. */
export interface InputHost {
  readonly signal: AbortSignal;
  /** What is asked for devices; undefined where the browser has none, which is explained when it is asked. */
  readonly source: DeviceSource | undefined;
  changed(): void;
  /** Something happened by itself: one sentence for the person. */
  say(sentence: string): void;
  /** Asks the browser for its list anew. */
  refresh(): Promise<void>;
  /** Whether a device is in the list, or may be: before a permission was given ids are hidden. */
  isListed(kind: MediaDeviceKind, deviceId: string): boolean | 'hidden';
  /** What was chosen on an earlier visit. */
  remembered(): string | undefined;
}

/** One open track and its end. */
interface Opened {
  readonly track: MediaStreamTrack;
  readonly origin: Origin;
  readonly end: AbortController;
}

/** A microphone or a camera of this participant: opened, switched, muted, lost and found. */
export class Input {
  readonly #kind: InputKind;
  readonly #host: InputHost;
  #opened: Opened | null = null;
  /** What was open last, to be opened again. */
  #last: Origin | null = null;
  /** The question that is not answered yet; another one takes its place. */
  #asking: AbortController | undefined;
  #problem: RtcError | null = null;
  #isMuted = false;
  #isHeld = false;

  constructor(kind: InputKind, host: InputHost) {
    this.#kind = kind;
    this.#host = host;
    host.signal.addEventListener('abort', () => this.close(), { once: true });
    void this.#watchPermission();
  }

  get track(): MediaStreamTrack | null {
    return this.#opened?.track ?? null;
  }

  get state(): LocalInput {
    const isOff = !this.#opened;
    return {
      is: isOff ? 'off' : this.#isSilent ? 'muted' : 'on',
      origin: this.#opened?.origin ?? this.#last,
      opening: this.#asking !== undefined,
      problem: this.#problem,
    };
  }

  /**
   * Opens, or switches: the new track first, then the old one stops. Where that fails the old one stays, and the state
   * says why. The latest wish counts.
   *
   * @returns whether what was wished for is open now
   */
  open(wish: Wish): Promise<boolean> {
    if (wish === 'synthetic') return this.#change(async (signal) => this.#openSynthetic(signal));
    const { deviceId } = wish;
    if (deviceId) return this.#openDevice({ exact: deviceId });
    const remembered = this.#host.remembered();
    return this.#openDevice(remembered === undefined ? undefined : { ideal: remembered });
  }

  /** Opens what was open last; the first time, what the browser thinks best. */
  reopen(): Promise<boolean> {
    if (!this.#last) return this.open({});
    return this.#last.from === 'synthetic'
      ? this.open('synthetic')
      : this.#openDevice({ ideal: this.#last.deviceId });
  }

  /** Stops it: the light goes out. */
  close(): void {
    this.#asking?.abort();
    this.#asking = undefined;
    this.#problem = null;
    this.#opened?.end.abort();
    this.#opened = null;
    this.#host.changed();
  }

  /** Silence, or not, without a question and without a new offer. Holds for what is opened later, too. */
  mute(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.#setEnabled();
  }

  /** Push to talk. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#setEnabled();
  }

  get #isSilent(): boolean {
    return this.#isMuted && !this.#isHeld;
  }

  #setEnabled(): void {
    if (this.#opened) this.#opened.track.enabled = !this.#isSilent;
    this.#host.changed();
  }

  #openDevice(deviceId: ConstrainDOMString | undefined): Promise<boolean> {
    const { source } = this.#host;
    return this.#change(async (signal) => {
      const stream = await openCamera(this.#kind.constraints(deviceId), {
        signal,
        ...(source && { source }),
      });
      const [track] = stream.getTracks();
      if (!track) throw new RtcError('unexpected', 'The browser gave a stream without a track.');
      const id = track.getSettings().deviceId ?? '';
      return { track, origin: { from: 'device', deviceId: id, label: track.label || this.#kind.word } };
    });
  }

  #openSynthetic(signal: AbortSignal): Omit<Opened, 'end'> {
    const track = this.#kind.synthetic(signal);
    const label = this.#kind.kind === 'audioinput' ? 'Synthetic tone' : 'Synthetic picture';
    return { track, origin: { from: 'synthetic', label } };
  }

  async #change(open: (signal: AbortSignal) => Promise<Omit<Opened, 'end'>>): Promise<boolean> {
    const { signal } = this.#host;
    if (signal.aborted) return false;
    this.#asking?.abort();
    const end = new AbortController();
    this.#asking = end;
    this.#problem = null;
    this.#host.changed();
    try {
      const opened = await open(AbortSignal.any([signal, end.signal]));
      if (this.#asking !== end) return false; // what was opened has been stopped by its signal
      this.#asking = undefined;
      this.#take({ ...opened, end });
      return true;
    } catch (error) {
      if (this.#asking !== end) return false;
      this.#asking = undefined;
      this.#problem = toRtcError(error);
      this.#host.changed();
      return false;
    }
  }

  #take(opened: Opened): void {
    const before = this.#opened;
    const { track, origin, end } = opened;
    this.#opened = opened;
    this.#last = origin;
    track.enabled = !this.#isSilent;
    if (origin.from === 'device') {
      track.addEventListener('ended', () => void this.#lose(opened), { signal: end.signal });
      track.addEventListener('mute', () => this.#noteMute(opened), { signal: end.signal });
      track.addEventListener('unmute', () => this.#noteMute(opened), { signal: end.signal });
      if (track.muted) this.#noteMute(opened);
    }
    this.#host.changed();
    before?.end.abort();
    void this.#host.refresh(); // names are shown from the first permission on
  }

  /** Not the person's own mute: a switch on the device, a key, the browser's menu. */
  #noteMute({ track }: Opened): void {
    if (this.#opened?.track !== track) return;
    const wasMuted = this.#problem?.code === 'device-muted';
    if (track.muted) {
      const what = this.#kind.kind === 'audioinput' ? 'no sound' : 'no picture';
      this.#problem = new RtcError('device-muted', `“${track.label}” gives ${what} at the moment.`);
    } else if (wasMuted) this.#problem = null;
    if (track.muted !== wasMuted) this.#host.changed();
  }

  /** The device is gone, or may not be used any longer. */
  async #lose(opened: Opened): Promise<void> {
    if (this.#opened !== opened) return;
    const { origin } = opened;
    const searching = new AbortController();
    this.#opened = null;
    opened.end.abort();
    this.#asking ??= searching; // the person may be choosing another one already
    this.#host.changed();
    await this.#host.refresh();
    const isForbidden = await this.#isForbidden(origin);
    if (this.#asking !== searching) return; // the person was faster
    this.#asking = undefined;
    if (isForbidden) return this.#forbid();
    if (await this.#openDevice(undefined)) {
      const place = this.#opened as Opened | null;
      this.#host.say(`“${origin.label}” is gone. “${place?.origin.label ?? ''}” has taken its place.`);
      return;
    }
    if (!this.#problem) return; // the person was faster
    this.#problem = new RtcError(
      'device-lost',
      `“${origin.label}” is gone, and there is no other ${this.#kind.word}.`,
      {
        cause: this.#problem,
      },
    );
    this.#host.changed();
    this.#host.say(this.#problem.message);
  }

  #forbid(): void {
    const sentence = `The permission to use the ${this.#kind.word} was taken away.`;
    this.close();
    this.#problem = new RtcError('permission-denied', sentence);
    this.#host.changed();
    this.#host.say(sentence);
  }

  /** Browsers end the track either way, and do not say why. */
  async #isForbidden(origin: Origin): Promise<boolean> {
    const state = await permissionState(this.#kind.permission);
    if (state === 'denied') return true;
    if (state !== 'prompt' || origin.from !== 'device') return false;
    // A permission that was reset takes the ids away; a device that was pulled out is not in the list.
    return this.#host.isListed(this.#kind.kind, origin.deviceId) !== false;
  }

  async #watchPermission(): Promise<void> {
    const { signal } = this.#host;
    let status: PermissionStatus;
    try {
      status = await navigator.permissions.query({ name: this.#kind.permission });
    } catch {
      return; // this browser does not tell
    }
    const onChange = () => {
      if (status.state === 'denied') {
        if (this.#opened?.origin.from === 'device') this.#forbid();
      } else if (this.#problem?.code === 'permission-denied') {
        this.#problem = null;
        this.#host.say(`The ${this.#kind.word} may be used again.`);
        this.#host.changed();
      }
      void this.#host.refresh();
    };
    if (!signal.aborted) status.addEventListener('change', onChange, { signal });
  }
}

async function permissionState(name: 'microphone' | 'camera'): Promise<PermissionState | undefined> {
  try {
    return (await navigator.permissions.query({ name })).state;
  } catch {
    return undefined;
  }
}
