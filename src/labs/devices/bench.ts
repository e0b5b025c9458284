import { deskOf } from '../../lab-kit/desk.ts';
import type { Bench, DeviceSource } from '../../rtc/index.ts';
import { VirtualDevices } from '../../rtc/media/virtual/devices.ts';

export type Controls = { devices: 'virtual' | 'real' };
export type Kind = 'audio' | 'video';

/** What the panel asks for: a device (the browser's choice without an id), a camera that moves, a setting of the camera. */
export type Wish =
  | { readonly kind: Kind; readonly deviceId: string }
  | { readonly moves: true }
  | { readonly set: MediaTrackConstraintSet };

/** What the run has found and opened. */
export interface Found {
  readonly list: readonly MediaDeviceInfo[];
  readonly audio?: MediaStreamTrack | undefined;
  readonly video?: MediaStreamTrack | undefined;
  /** What the last wish was refused with. */
  readonly refused?: DOMException | undefined;
}

export const deviceDesk = deskOf<Wish, Found>();

const benches = new WeakMap<object, VirtualDevices>();

/** Undefined is the browser's own `navigator.mediaDevices`. */
export function devicesOf(bench: Bench<Controls>): DeviceSource | undefined {
  if (bench.controls.devices === 'real') return undefined;
  const devices = new VirtualDevices(bench.signal);
  benches.set(bench, devices);
  return devices;
}

/** The virtual devices of a run, whose plugs the panel pulls; undefined where they are real. */
export const virtualOf = (bench: object): VirtualDevices | undefined => benches.get(bench);
