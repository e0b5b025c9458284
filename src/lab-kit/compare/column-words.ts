import type { ColumnId } from './define.ts';

/** A column's name, and one line on what it is. */
export const columnWords: Readonly<Record<ColumnId, { readonly name: string; readonly what: string }>> = {
  raw: {
    name: 'Raw API',
    what: 'RTCPeerConnection as the browser has it, with our own signaling over Socket.IO.',
  },
  peerjs: {
    name: 'PeerJS',
    what: 'The library, with its own PeerServer in this site’s server.',
  },
  helper: {
    name: 'Peer helper',
    what: 'The raw API behind a small class of our own, with the signaling of the first column.',
  },
  'simple-peer': {
    name: 'simple-peer',
    what: 'A library without a server: its signals go over the signaling of the first column.',
  },
};

/** The columns that can be put beside the first two. */
export const thirdColumns = ['helper', 'simple-peer'] as const satisfies readonly ColumnId[];
export type ThirdColumn = (typeof thirdColumns)[number];
