import type { Topology } from '../../../protocol/middlebox.ts';
import type { PeerId, Routing, TopologyReason } from '../../../protocol/signaling.ts';
import type { Switched } from '../../../rtc/meeting/switching.ts';
import { never } from '../../../rtc/never.ts';
import { lessons } from './lessons.ts';

/** What can be chosen: a topology that stays, or that the server chooses. */
export const choices = ['auto', 'mesh', 'sfu', 'mcu'] as const;
export type Choice = (typeof choices)[number];

interface ChoiceWords {
  readonly title: string;
  /** What it costs, in one line. */
  readonly cost: string;
  /** Who can read the media. */
  readonly keys: string;
  readonly lesson: string;
}

export const choiceWords: Readonly<Record<Choice, ChoiceWords>> = {
  auto: {
    title: 'Automatic',
    cost: 'A mesh as long as it is cheap, the SFU when it becomes too much for somebody’s machine.',
    keys: 'Who could read the media changes with it, and everybody is told.',
    lesson: lessons.mesh,
  },
  mesh: {
    title: 'Mesh: straight from each to each',
    cost: 'Each page encodes and sends once for each of the others. The server has no part in it.',
    keys: 'Only those who are in the meeting have the keys.',
    lesson: lessons.mesh,
  },
  sfu: {
    title: 'SFU: the server forwards',
    cost: 'Each page sends once. The server passes on what is shown, and no larger than it is shown.',
    keys: 'The server has the keys: it could see and hear everything.',
    lesson: lessons.sfu,
  },
  mcu: {
    title: 'MCU: the server mixes',
    cost: 'Each page sends once and receives one picture and one sound. The server works hardest, and all of it comes later.',
    keys: 'The server has the keys, and does see and hear everything: it could not mix otherwise.',
    lesson: lessons.mcu,
  },
};

/** In the toolbar. */
export const shortNames: Readonly<Record<Topology, string>> = { mesh: 'Mesh', sfu: 'SFU', mcu: 'MCU' };

/** Within a sentence: «through …». */
const through: Readonly<Record<Topology, string>> = {
  mesh: 'straight from each to each, in a mesh',
  sfu: 'through the SFU of this server',
  mcu: 'through the mixer of this server',
};

const keysNow: Readonly<Record<Topology, string>> = {
  mesh: 'Only those who are in the meeting have the keys.',
  sfu: 'The server has the keys.',
  mcu: 'The server has the keys, and sees and hears everything.',
};

/** What somebody is told who comes into a meeting that is no mesh; null for a mesh. */
export const arrivalWords = ({ topology }: Routing): string | null =>
  topology === 'mesh' ? null : `The media of this meeting go ${through[topology]}. ${keysNow[topology]}`;

/** Who has chosen, and whose machine it was: a name, `you`, or null where it is not known. */
export interface Persons {
  readonly host: string | null;
  readonly strained: string | null;
}

/** That the media travel in another way from now on, and why. */
export function changeWords(
  { topology }: Routing,
  why: TopologyReason | null,
  { host, strained }: Persons,
): string {
  const go = `the media go ${through[topology]}`;
  const keys = keysNow[topology];
  switch (why) {
    case 'host':
      if (host === 'you') return `You have chosen it: ${go} from now on. ${keys}`;
      return `${host ?? 'The host'} has chosen it: ${go} from now on. ${keys}`;
    case 'strain': {
      const whose = strained === 'you' ? 'your machine' : `${strained ?? 'somebody'}’s machine`;
      return `The mesh has become too much for ${whose}: ${go} from now on. ${keys}`;
    }
    case 'few':
      return `Few are left, and a mesh is cheap again: ${go} from now on. ${keys}`;
    case 'unavailable':
      return `The server in the middle is not there, or has no seat left: ${go} from now on. ${keys}`;
    case null:
      return `From now on ${go}. ${keys}`;
    default:
      return never(why);
  }
}

/** A gap that was measured, for people: `0.1 s`, `1.4 s`. */
const inSeconds = (ms: number) => `${(ms / 1000).toFixed(ms < 950 ? 2 : 1)} s`;

/**
 * That the media travel in the new way, and how long pictures stood still.
 *
 * @param nameOf of somebody whose picture was seen
 */
export function switchedWords({ to, gaps, isWhole }: Switched, nameOf: (peer: PeerId) => string): string {
  const known = [...gaps].flatMap(([peer, ms]) => (ms === null ? [] : [{ peer, ms }]));
  const [longest] = known.toSorted((a, b) => b.ms - a.ms);
  const there = `Now ${through[to]}.`;
  const missing = isWhole ? '' : ' Something of somebody was still missing when it changed.';
  if (!longest) return `${there}${missing} No picture was in sight that could have stood still.`;
  const whose = known.length > 1 ? `, that of ${nameOf(longest.peer)}` : '';
  return `${there}${missing} A picture stood still for ${inSeconds(longest.ms)} at most${whose}: measured here.`;
}

/** The last change in numbers, for whoever looks it up. */
export function lastChangeWords(
  { from, to, tookMs, gaps }: Switched,
  nameOf: (peer: PeerId) => string,
): string {
  const each = [...gaps].map(([peer, ms]) => `${nameOf(peer)} ${ms === null ? 'not seen' : inSeconds(ms)}`);
  const still = each.length > 0 ? ` Pictures stood still: ${new Intl.ListFormat('en').format(each)}.` : '';
  return `The last change, from ${shortNames[from]} to ${shortNames[to]}, took ${inSeconds(tookMs)}.${still}`;
}

/** That the server may change it by itself, or may no longer. */
export const autoWords = ({ auto }: Routing): string =>
  auto
    ? 'The server now chooses by itself how the media travel.'
    : 'How the media travel now stays as it is until the host changes it.';

/** Why it is as it is, for whoever looks it up. */
export function whyWords({ auto, topology }: Routing, why: TopologyReason | null): string {
  switch (why) {
    case 'host':
      return auto ? 'The host lets the server choose.' : 'The host has chosen it.';
    case 'strain':
      return 'The server has chosen it: the mesh was too much for somebody’s machine.';
    case 'few':
      return 'The server has chosen it: few are left, and a mesh is cheap again.';
    case 'unavailable':
      return 'The server in the middle is not there, or has no seat left.';
    case null:
      if (auto) return 'The server chooses, by what the mesh costs.';
      return topology === 'mesh' ? 'Nobody has chosen anything else.' : 'The host has chosen it.';
    default:
      return never(why);
  }
}

/** Why something cannot be chosen. */
export const missingWords: Readonly<Record<Topology, string>> = {
  mesh: '',
  sfu: 'Not offered: this server forwards no media. Whoever runs it can turn that on.',
  mcu: 'Not offered: this server mixes no media. Whoever runs it can turn that on.',
};
