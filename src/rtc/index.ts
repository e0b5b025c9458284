/** What a lab's code imports. */
export type { Bench, Seat } from './bench.ts';
export { RtcError } from './errors.ts';
export { connected, gatheringComplete, openPeer } from './peer.ts';
export type { Signaling } from './signaling/signaling.ts';
