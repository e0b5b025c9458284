import { openPicture, type SyntheticVideo } from '../../media/synthetic.ts';
import { listDevices, type Device } from '../../media/camera.ts';
import type { DeviceSource } from '../../media/media-devices.ts';
import { every } from '../../media/ticker.ts';
import { openTone, toneOf } from '../../media/tone.ts';
import { Emitter } from '../emitter.ts';
import { noTracks, sources, type Tracks } from '../engine.ts';
import { keepChoice, ownStorage, readChoices, type ChoiceStorage } from './choices.ts';
import { Input, type InputHost, type InputKind, type Wish } from './input.ts';
import type { Blur, DeviceLists, LocalState } from './local-state.ts';
import { ScreenShare } from './screen-share.ts';
import { canChooseSpeaker, SpeakerChoice } from './speaker.ts';
import { SpeechGate } from './speaking.ts';
import { meterValue, openTrackLevel, type TrackLevel } from './track-level.ts';

export interface LocalMediaOptions {
  /** Stands in the synthetic picture and gives the synthetic tone its pitch; 1 … 40 characters. */
  readonly name: string;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** Where chosen devices are remembered; `localStorage` when left out, nowhere when null. */
  readonly storage?: ChoiceStorage | null;
  /** What is asked for devices; the browser's own when left out. */
  readonly source?: DeviceSource | undefined;
  /**
   * What a camera is asked for, `ideal`; 640 × 360 at 30 frames a second when left out: in a mesh the picture is encoded
   * once for each of the others.
   */
  readonly video?: { readonly width: number; readonly height: number; readonly frameRate: number };
  /** Size and rate of the synthetic picture; 320 × 180 at 15 frames a second when left out. */
  readonly synthetic?: SyntheticVideo;
}

export interface LocalMediaEvents {
  change: LocalState;
  /** What is to be sent now. */
  tracks: Tracks;
  /** Something happened by itself, one sentence: for a live region. */
  notice: string;
  /** The microphone is muted, and somebody speaks into it; once for each time. */
  'muted-speech': null;
}

const VIDEO = { width: 640, height: 360, frameRate: 30 };
const SYNTHETIC: SyntheticVideo = { width: 320, height: 180, frameRate: 15 };
/** How often a muted microphone is listened to, in this page only. */
const LISTEN_MS = 150;
/** Somebody who speaks to the room goes on for longer than a cough. */
const MUTED_SPEECH = { onMs: 600, offMs: 2_000, onLevel: 0.03 };

/**
 * What this participant sends, from the preview before a meeting to its end: the same object survives joining.
 *
 * Nothing here rejects when a device does: what went wrong stands in the state, with help, and what was open stays open.
 */
export class LocalMedia {
  readonly #options: LocalMediaOptions;
  readonly #events = new Emitter<LocalMediaEvents>();
  readonly #source: DeviceSource | undefined;
  readonly #storage: ChoiceStorage | null;
  readonly #microphone: Input;
  readonly #camera: Input;
  readonly #screen: ScreenShare;
  readonly #speaker: SpeakerChoice;
  #name: string;
  #devices: DeviceLists = { audioinput: [], audiooutput: [], videoinput: [] };
  #isHeld = false;
  #wantsBlur = false;
  #tracks: Tracks = noTracks;
  #state: LocalState;
  #refreshes = 0;
  #isReady = false;
  #meter:
    { readonly of: MediaStreamTrack; readonly level: TrackLevel; readonly end: AbortController } | undefined;
  #listening: AbortController | undefined;

  readonly on = this.#events.on;

  constructor(options: LocalMediaOptions) {
    const { name, signal, storage, source } = options;
    this.#options = options;
    this.#name = name;
    this.#storage = storage === undefined ? ownStorage() : storage;
    // Undefined outside a secure context, whatever its type says.
    this.#source = source ?? (navigator.mediaDevices as DeviceSource | undefined);
    const host = {
      signal,
      source: this.#source,
      changed: () => this.#update(),
      say: (sentence: string) => this.#events.emit('notice', sentence),
    };
    const inputHost = (kind: 'microphone' | 'camera'): InputHost => ({
      ...host,
      refresh: () => this.refreshDevices(),
      isListed: (list, deviceId) => {
        const devices = this.#devices[list];
        if (devices.some((device) => device.deviceId === deviceId)) return true;
        return devices.length > 0 && devices.every((device) => device.deviceId === '') ? 'hidden' : false;
      },
      remembered: () => readChoices(this.#storage)[kind],
    });
    this.#microphone = new Input(this.#microphoneKind(), inputHost('microphone'));
    this.#camera = new Input(this.#cameraKind(), inputHost('camera'));
    this.#screen = new ScreenShare(host);
    this.#speaker = new SpeakerChoice(host, readChoices(this.#storage).speaker);
    this.#state = this.#look();
    this.#isReady = true;
    this.#source?.addEventListener('devicechange', () => void this.refreshDevices(), { signal });
    void this.refreshDevices();
    signal.addEventListener('abort', () => this.#closeMeter(), { once: true });
  }

  get state(): LocalState {
    return this.#state;
  }

  /** What is to be sent now. A muted microphone is there, and silent. */
  get tracks(): Tracks {
    return this.#tracks;
  }

  /** Opens a microphone, or switches to another one. @param wish a device of the list, `{}` for the best, or `synthetic` */
  async openMicrophone(wish: Wish = {}): Promise<void> {
    if ((await this.#microphone.open(wish)) && wish !== 'synthetic' && wish.deviceId)
      keepChoice(this.#storage, { microphone: wish.deviceId });
  }

  /** Opens a camera, or switches to another one. @param wish a device of the list, `{}` for the best, or `synthetic` */
  async openCamera(wish: Wish = {}): Promise<void> {
    if (!(await this.#camera.open(wish))) return;
    if (wish !== 'synthetic' && wish.deviceId) keepChoice(this.#storage, { camera: wish.deviceId });
    if (this.#wantsBlur) await this.setBlur(true);
  }

  /** Lets go of the microphone. To be silent for a while, {@link mute} it: that comes back at once. */
  closeMicrophone(): void {
    this.#microphone.close();
  }

  /** Stops the camera: its light goes out. */
  closeCamera(): void {
    this.#camera.close();
  }

  /** Sends silence, or not. Holds for a microphone that is opened later, too. */
  mute(isMuted: boolean): void {
    this.#microphone.mute(isMuted);
  }

  /** On ⇄ muted; opens what was open last when it is off. */
  async toggleMicrophone(): Promise<void> {
    const { is } = this.#state.microphone;
    if (is !== 'off') return this.mute(is === 'on');
    this.mute(false);
    await this.#microphone.reopen();
  }

  /** On ⇄ off; opens what was open last. */
  async toggleCamera(): Promise<void> {
    if (this.#state.camera.is === 'on') return this.closeCamera();
    if ((await this.#camera.reopen()) && this.#wantsBlur) await this.setBlur(true);
  }

  /** Push to talk: a muted microphone is on until {@link release}. */
  hold(): void {
    this.#hold(true);
  }

  release(): void {
    this.#hold(false);
  }

  #hold(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return;
    this.#isHeld = isHeld;
    this.#microphone.hold(isHeld);
  }

  /** Lets the person choose what to share. To be called first thing in a click. @param options.sound ask for its sound, too */
  shareScreen({ sound = false }: { readonly sound?: boolean } = {}): Promise<void> {
    return this.#screen.share(sound);
  }

  /** Shares a drawn desktop, which says what it is. */
  shareSynthetic(): void {
    this.#screen.shareSynthetic();
  }

  stopScreen(): void {
    this.#screen.stop();
  }

  /** Asks the camera to blur the background, where it can; kept for a camera that is opened later. */
  async setBlur(isOn: boolean): Promise<void> {
    this.#wantsBlur = isOn;
    const { track } = this.#camera;
    if (!track || this.#state.blur.is === 'unsupported') return;
    try {
      await track.applyConstraints({ ...track.getConstraints(), backgroundBlur: isOn });
    } catch {
      this.#events.emit('notice', 'The camera did not change its background.');
    }
    this.#update();
  }

  /** @param deviceId one of the list; empty for the system's own choice */
  async setSpeaker(deviceId: string): Promise<void> {
    const label = this.#devices.audiooutput.find((device) => device.deviceId === deviceId)?.label ?? '';
    if (await this.#speaker.choose({ deviceId, label })) keepChoice(this.#storage, { speaker: deviceId });
  }

  /** Lets the browser show its loudspeakers, where it has a picker (`can.speakerPicker`). To be called in a click. */
  async pickSpeaker(): Promise<void> {
    const speaker = await this.#speaker.pick();
    if (!speaker) return;
    keepChoice(this.#storage, { speaker: speaker.deviceId });
    await this.refreshDevices();
  }

  /** Plays an element on the chosen loudspeaker, now and after each change. @param signal lets it go */
  setSink(element: HTMLMediaElement, signal: AbortSignal): void {
    this.#speaker.attach(element, signal);
  }

  /**
   * Plays a short tone on the chosen loudspeaker.
   *
   * @throws {RtcError} `autoplay-blocked` when the browser wants a click first, `sound-unavailable`
   */
  testTone(): Promise<void> {
    return this.#speaker.testTone();
  }

  /** Another name in the synthetic picture, and another pitch. */
  async rename(name: string): Promise<void> {
    if (name === this.#name) return;
    this.#name = name;
    const { microphone, camera } = this.#state;
    await Promise.all([
      microphone.is !== 'off' &&
        microphone.origin?.from === 'synthetic' &&
        this.#microphone.open('synthetic'),
      camera.is !== 'off' && camera.origin?.from === 'synthetic' && this.#camera.open('synthetic'),
    ]);
  }

  /** How loud the microphone is, as a meter shows it, 0 … 1: also a muted one, which nobody else hears. */
  level(): number {
    return meterValue(this.rawLevel());
  }

  /** How loud the microphone is, RMS, 0 … 1 of full scale: also a muted one. */
  rawLevel(): number {
    const { track } = this.#microphone;
    if (track) this.#meter ??= this.#openMeter(track);
    return this.#meter?.level.read() ?? 0;
  }

  /** Asks the browser for its list of devices anew. It is done by itself after each `devicechange`. */
  async refreshDevices(): Promise<void> {
    const number = ++this.#refreshes;
    let devices: Device[];
    try {
      devices = await listDevices(this.#source);
    } catch {
      return; // the same reason stands in the state of what is opened
    }
    if (number !== this.#refreshes || this.#options.signal.aborted) return; // asked again since
    const of = (kind: MediaDeviceKind) => devices.filter((device) => device.kind === kind);
    this.#devices = {
      audioinput: of('audioinput'),
      audiooutput: of('audiooutput'),
      videoinput: of('videoinput'),
    };
    this.#speaker.listed(this.#devices.audiooutput);
    this.#update();
  }

  #update(): void {
    if (!this.#isReady) return;
    this.#state = this.#look();
    const tracks: Tracks = {
      microphone: this.#microphone.track,
      camera: this.#camera.track,
      screen: this.#screen.picture,
      'screen-audio': this.#screen.sound,
    };
    const before = this.#tracks;
    const isOther = sources.some((source) => tracks[source] !== before[source]);
    if (isOther) this.#tracks = tracks;
    if (before.camera !== tracks.camera) this.#watchCamera(tracks.camera);
    if (this.#meter && this.#meter.of !== tracks.microphone) this.#closeMeter(); // its copy would keep the device open
    this.#listenWhileMuted();
    this.#events.emit('change', this.#state);
    if (isOther) this.#events.emit('tracks', tracks);
  }

  #look(): LocalState {
    return {
      microphone: this.#microphone.state,
      camera: this.#camera.state,
      screen: this.#screen.state,
      blur: blurOf(this.#camera),
      devices: this.#devices,
      speaker: this.#speaker.speaker,
      held: this.#isHeld,
      can: {
        screen: this.#source?.getDisplayMedia !== undefined,
        speaker: canChooseSpeaker(),
        speakerPicker: this.#source?.selectAudioOutput !== undefined,
      },
    };
  }

  /** The system's own switch for the background changes the track's settings. */
  #watchCamera(track: MediaStreamTrack | null): void {
    track?.addEventListener('configurationchange', () => this.#update(), { signal: this.#options.signal });
  }

  #openMeter(track: MediaStreamTrack) {
    const end = new AbortController();
    // A copy, since a muted track is silent for everyone.
    const copy = track.clone();
    copy.enabled = true;
    end.signal.addEventListener('abort', () => copy.stop(), { once: true });
    return { of: track, level: openTrackLevel(copy, end.signal), end };
  }

  #closeMeter(): void {
    this.#meter?.end.abort();
    this.#meter = undefined;
  }

  /** The synthetic tone never pauses, so it is not taken for speech. */
  #listenWhileMuted(): void {
    const { is, origin } = this.#state.microphone;
    const isWanted = is === 'muted' && origin?.from === 'device' && !this.#options.signal.aborted;
    if (isWanted === (this.#listening !== undefined)) return;
    this.#listening?.abort();
    this.#listening = undefined;
    if (!isWanted) return;
    this.#listening = new AbortController();
    const gate = new SpeechGate(MUTED_SPEECH);
    const listen = () => {
      const wasSpeaking = gate.isSpeaking;
      if (gate.take(this.rawLevel(), performance.now()) && !wasSpeaking)
        this.#events.emit('muted-speech', null);
    };
    every(LISTEN_MS, listen, AbortSignal.any([this.#options.signal, this.#listening.signal]));
  }

  #microphoneKind(): InputKind {
    return {
      word: 'microphone',
      permission: 'microphone',
      kind: 'audioinput',
      constraints: (deviceId) => ({
        audio: {
          ...(deviceId !== undefined && { deviceId }),
          echoCancellation: true,
          noiseSuppression: true,
          autoGainControl: true,
        },
      }),
      synthetic: (signal) => openTone(toneOf(this.#name), signal).track,
    };
  }

  #cameraKind(): InputKind {
    const { width, height, frameRate } = this.#options.video ?? VIDEO;
    return {
      word: 'camera',
      permission: 'camera',
      kind: 'videoinput',
      constraints: (deviceId) => ({
        video: {
          ...(deviceId !== undefined && { deviceId }),
          width: { ideal: width },
          height: { ideal: height },
          frameRate: { ideal: frameRate },
        },
      }),
      synthetic: (signal) => openPicture(this.#name, this.#options.synthetic ?? SYNTHETIC, signal).track,
    };
  }
}

/** A browser without `getCapabilities()` cannot; nothing is computed here in its place. @see mediacapture-extensions, backgroundBlur */
function blurOf({ track, state }: Input): Blur {
  const not = (why: string): Blur => ({ is: 'unsupported', why });
  if (!track) return not('The camera is off. Whether it can blur the background is known when it is on.');
  if (state.origin?.from === 'synthetic') return not('A synthetic picture has no background to blur.');
  const can = track.getCapabilities?.().backgroundBlur;
  const isOn = track.getSettings().backgroundBlur === true;
  if (can?.includes(true) && can.includes(false)) return { is: isOn ? 'on' : 'off' };
  if (isOn) return not('The system blurs the background of this camera; it is switched there.');
  return not(
    'This browser offers no blurred background with this camera. It takes a system that blurs for the camera and a browser that passes that on as “backgroundBlur”; Chromium does so on some systems, behind a flag.',
  );
}
