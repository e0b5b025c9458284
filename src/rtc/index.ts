/** What a lab's code imports. */
export type { Bench, Seat } from './bench.ts';
export { connected, gatheringComplete, openPeer } from './peer.ts';
