import type { PeerLabel } from '../timeline.ts';
import type { Facts, PeerFacts } from './facts.ts';

/** `problem`: something does not work. `notice`: worth knowing. `good`: it went as one wants it. */
export type Severity = 'problem' | 'notice' | 'good';

/** Something notable in a run. */
export interface Finding {
  /** Which rule found it: `no-remote-candidates`. */
  readonly code: string;
  readonly severity: Severity;
  readonly peer: PeerLabel;
  /** One to three plain sentences, with the numbers and what to look at. */
  readonly text: string;
  /** `seq` of the entry on which it rests. */
  readonly seq: number;
  /** A lesson that explains it, as a path below /lessons/: `connectivity/trickle-ice`. */
  readonly lesson?: Lesson;
}

/** The lessons to which findings lead, and their titles; a test looks whether they exist. */
export const lessons = {
  'connectivity/candidates': 'Candidates',
  'connectivity/checks': 'Checks and nomination',
  'connectivity/ice-restart': 'ICE restart and network change',
  'connectivity/ip-privacy': 'IP privacy and mDNS',
  'connectivity/trickle-ice': 'Trickle ICE',
  'connectivity/turn': 'TURN and the relay policy',
  'orientation/first-call': 'A call in sixty seconds',
  'signaling/by-hand': 'Signaling by hand',
  'signaling/perfect-negotiation': 'Perfect negotiation',
} as const;
export type Lesson = keyof typeof lessons;

/** Looks at one peer, and at the others where it has to. */
export type Rule = (peer: PeerFacts, facts: Facts) => Finding | undefined;

/** How many samples (one a second) make a habit. */
export const HABIT = 5;
