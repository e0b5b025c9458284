/** What a lab's code imports. */
export type { Bench, Seat } from './bench.ts';
export type { CaptureDevices, DeviceSource } from './media/media-devices.ts';
export { openMediaDevices } from './media/media-devices.ts';
export { connected, gatheringComplete, openPeer } from './peer.ts';
