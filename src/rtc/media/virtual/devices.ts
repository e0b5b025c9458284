import { RtcError } from '../../errors.ts';
import type { DeviceSource } from '../media-devices.ts';
import { openPicture } from '../synthetic.ts';
import { hash, openTone } from '../tone.ts';
import {
  capabilitiesOf,
  selectCamera,
  selectSettings,
  supported,
  type CameraModel,
  type CameraSettings,
} from './select-settings.ts';

/** A camera that is drawn. */
export interface VirtualCamera extends CameraModel {
  readonly kind: 'videoinput';
}

/** A microphone that hears a tone. */
export interface VirtualMicrophone {
  readonly kind: 'audioinput';
  readonly deviceId: string;
  readonly groupId: string;
  readonly label: string;
}

export type VirtualDevice = VirtualCamera | VirtualMicrophone;

/** What a desk may have. The picture of each bears its name, and each microphone hears a tone of its own. */
export const deskDevices = {
  laptopCamera: {
    kind: 'videoinput',
    deviceId: 'laptop-camera',
    groupId: 'laptop',
    label: 'Laptop camera (virtual)',
    facingMode: 'user',
    modes: [
      { width: 640, height: 480, frameRate: 30 },
      { width: 1280, height: 720, frameRate: 30 },
    ],
  },
  deskCamera: {
    kind: 'videoinput',
    deviceId: 'desk-camera',
    groupId: 'desk',
    label: 'Desk camera (virtual)',
    modes: [
      { width: 640, height: 360, frameRate: 30 },
      { width: 1920, height: 1080, frameRate: 30 },
    ],
  },
  laptopMicrophone: {
    kind: 'audioinput',
    deviceId: 'laptop-microphone',
    groupId: 'laptop',
    label: 'Laptop microphone (virtual)',
  },
  headset: {
    kind: 'audioinput',
    deviceId: 'headset',
    groupId: 'headset',
    label: 'Headset (virtual)',
  },
} as const satisfies Record<string, VirtualDevice>;

/**
 * Cameras and microphones that nobody has: `navigator.mediaDevices` in shape and behaviour, with drawn pictures and
 * tones behind it, and with plugs that can be pulled.
 *
 * As in a browser, names and ids are hidden until something was opened (mediacapture-main §9.2.1), a track whose
 * device is pulled out ends with the event `ended`, and `devicechange` follows. Constraints select settings as the
 * standard describes it, see `select-settings.ts`.
 */
export class VirtualDevices extends EventTarget implements DeviceSource {
  readonly #signal: AbortSignal;
  readonly #plugged = new Map<string, VirtualDevice>();
  /** Ends what each device gives. One signal for each: Firefox marks dependent signals one after the other. */
  readonly #cables = new Map<string, { readonly cut: AbortController; readonly signal: AbortSignal }>();
  #isAllowed = false;

  /** @param signal ends everything @param devices that are plugged in from the start */
  constructor(signal: AbortSignal, devices: readonly VirtualDevice[] = Object.values(deskDevices)) {
    super();
    this.#signal = signal;
    for (const device of devices) this.#plugged.set(device.deviceId, device);
  }

  isPlugged(deviceId: string): boolean {
    return this.#plugged.has(deviceId);
  }

  plug(device: VirtualDevice): void {
    if (this.#plugged.has(device.deviceId)) return;
    this.#plugged.set(device.deviceId, device);
    this.dispatchEvent(new Event('devicechange'));
  }

  unplug(deviceId: string): void {
    if (!this.#plugged.delete(deviceId)) return;
    this.#cables.get(deviceId)?.cut.abort();
    this.#cables.delete(deviceId);
    this.dispatchEvent(new Event('devicechange'));
  }

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    const all = [...this.#plugged.values()];
    if (this.#isAllowed) return all.map(infoOf);
    const kinds = new Set(all.map(({ kind }) => kind));
    return [...kinds].map((kind) => infoOf({ kind, deviceId: '', groupId: '', label: '' }));
  }

  getSupportedConstraints(): MediaTrackSupportedConstraints {
    return Object.fromEntries(supported.map((name) => [name, true]));
  }

  /**
   * @throws {TypeError} when nothing is asked for
   * @throws {DOMException} `NotFoundError`, `OverconstrainedError` with its `constraint`
   */
  async getUserMedia({ audio = false, video = false }: MediaStreamConstraints = {}): Promise<MediaStream> {
    if (!audio && !video) throw new TypeError('At least one of audio and video must be requested');
    if (this.#signal.aborted) throw new RtcError('stopped');
    const camera = video ? this.#chooseCamera(toSet(video)) : undefined;
    const microphone = audio ? this.#chooseMicrophone(toSet(audio)) : undefined;
    this.#isAllowed = true;
    return new MediaStream([
      ...(microphone ? [this.#openMicrophone(microphone)] : []),
      ...(camera ? [this.#openCamera(camera.camera, camera.settings, toSet(video))] : []),
    ]);
  }

  #chooseCamera(constraints: MediaTrackConstraints) {
    const cameras = [...this.#plugged.values()].filter((device) => device.kind === 'videoinput');
    if (cameras.length === 0) throw notFound();
    const selected = selectCamera(cameras, constraints);
    if (!selected.ok) throw overconstrained(selected.constraint);
    return selected;
  }

  #chooseMicrophone({ deviceId }: MediaTrackConstraints): VirtualMicrophone {
    const microphones = [...this.#plugged.values()].filter((device) => device.kind === 'audioinput');
    const [first] = microphones;
    if (!first) throw notFound();
    const wish: ConstrainDOMStringParameters =
      typeof deviceId === 'object' && !Array.isArray(deviceId)
        ? deviceId
        : { ...(deviceId !== undefined && { ideal: deviceId }) };
    const named = (ids: unknown) =>
      microphones.find((device) => [ids].flat().some((id) => id === device.deviceId));
    if (wish.exact === undefined) return named(wish.ideal) ?? first;
    const exact = named(wish.exact);
    if (!exact) throw overconstrained('deviceId');
    return exact;
  }

  #openCamera(camera: VirtualCamera, first: CameraSettings, asked: MediaTrackConstraints): MediaStreamTrack {
    const picture = openPicture(camera.label.replace(' (virtual)', ''), first, this.#cable(camera.deviceId));
    let settings = first;
    let constraints = asked;
    const applyConstraints = async (wanted: MediaTrackConstraints = {}) => {
      const selected = selectSettings(camera, wanted);
      if (!selected.ok) throw overconstrained(selected.constraint);
      settings = selected.settings;
      constraints = wanted;
      picture.resize(settings);
    };
    return this.#dress(picture.track, camera, {
      applyConstraints,
      getCapabilities: () => capabilitiesOf(camera),
      getConstraints: () => constraints,
      getSettings: () => ({ ...settings }),
      clone: () => this.#openCamera(camera, settings, constraints),
    });
  }

  #openMicrophone(microphone: VirtualMicrophone): MediaStreamTrack {
    const { deviceId, groupId } = microphone;
    const { track } = openTone(300 + (hash(deviceId) % 600), this.#cable(deviceId));
    return this.#dress(track, microphone, {
      getSettings: () => ({ deviceId, groupId }),
      clone: () => this.#openMicrophone(microphone),
    });
  }

  /** Gives a captured track the face of a device’s, and an end when the plug is pulled. */
  #dress(track: MediaStreamTrack, { deviceId, label }: VirtualDevice, face: Partial<MediaStreamTrack>) {
    const members = { ...face, label };
    for (const [name, value] of Object.entries(members))
      Object.defineProperty(track, name, { value, configurable: true, writable: true });
    const cable = this.#cable(deviceId);
    const stop = track.stop.bind(track);
    const tellEnd = ownEnd(track);
    let isStopped = false;
    const stopByCode = () => {
      isStopped ||= !cable.aborted; // what plays the tone stops it, too, when the plug is pulled
      stop();
    };
    const onPulled = () => {
      stop();
      // stop() fires no event; a device that is gone does.
      if (!this.#signal.aborted && !isStopped) tellEnd();
    };
    cable.addEventListener('abort', onPulled, { once: true });
    Object.defineProperty(track, 'stop', { value: stopByCode, configurable: true, writable: true });
    return track;
  }

  #cable(deviceId: string): AbortSignal {
    const known = this.#cables.get(deviceId);
    if (known) return known.signal;
    const cut = new AbortController();
    const signal = AbortSignal.any([this.#signal, cut.signal]);
    this.#cables.set(deviceId, { cut, signal });
    return signal;
  }
}

/**
 * Gives a track an `ended` that we can fire: Firefox does not deliver an event that a page dispatches on the track of a
 * canvas. @returns fires it
 */
function ownEnd(track: MediaStreamTrack): () => void {
  const ends = new EventTarget();
  const native = {
    addEventListener: track.addEventListener.bind(track),
    removeEventListener: track.removeEventListener.bind(track),
  };
  for (const method of ['addEventListener', 'removeEventListener'] as const)
    Object.defineProperty(track, method, {
      configurable: true,
      writable: true,
      value: (...args: [string, EventListenerOrEventListenerObject, boolean | AddEventListenerOptions]) =>
        args[0] === 'ended' ? ends[method](...args) : native[method](...args),
    });
  let onended: ((event: Event) => void) | null = null;
  Object.defineProperty(track, 'onended', {
    configurable: true,
    get: () => onended,
    set: (handler: unknown) => {
      onended = typeof handler === 'function' ? (handler as typeof onended) : null;
    },
  });
  return () => {
    const event = new Event('ended');
    for (const name of ['target', 'currentTarget']) Object.defineProperty(event, name, { value: track });
    onended?.call(track, event);
    ends.dispatchEvent(event);
  };
}

const toSet = (asked: boolean | MediaTrackConstraints): MediaTrackConstraints =>
  typeof asked === 'boolean' ? {} : asked;

type Info = Pick<MediaDeviceInfo, 'deviceId' | 'groupId' | 'kind' | 'label'>;

function infoOf({ deviceId, groupId, kind, label }: Info): MediaDeviceInfo {
  const info = { deviceId, groupId, kind, label };
  return { ...info, toJSON: () => info };
}

const notFound = () => new DOMException('Requested device not found', 'NotFoundError');

const overconstrained = (constraint: string) =>
  Object.assign(new DOMException('Cannot satisfy constraints', 'OverconstrainedError'), { constraint });
