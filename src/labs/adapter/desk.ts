import { deskOf } from '../../lab-kit/desk.ts';
import type { Probe } from './probes.ts';
import type { Change } from './surface.ts';

/** One probe's answers. */
export interface Row {
  readonly probe: Probe;
  readonly without: string;
  /** With the library, in a page that is the same otherwise. */
  readonly with: string;
}

/** What has been found out so far. */
export interface Found {
  /** Which browser the library takes this one for. */
  readonly detected: string;
  /** What the library has done to its page; what `peerjs` has, and what has changed where nothing was loaded. */
  readonly changes: readonly Change[];
  readonly ofPeerJs: readonly Change[];
  readonly ofNothing: readonly Change[];
  /** How many probes there are; `rows` are those that were put. */
  readonly probes: number;
  readonly rows: readonly Row[];
}

export const adapterDesk = deskOf<never, Found>();
