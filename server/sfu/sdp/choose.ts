/** What is made of a publisher's m-section: which codec, which layers. */
import type { Codec, Extensions, ProducerOptions } from '../core/types.ts';
import { parameter, type Section } from './read.ts';

/** Feedback for the bandwidth estimation of a publisher. `remb`: the SFU says what it takes, and delays do not count. */
export const feedbackKinds = ['transport-cc', 'remb'] as const;
export type FeedbackKind = (typeof feedbackKinds)[number];

/** What is agreed on for one m-section of the connection up. */
export interface Chosen {
  readonly codec: Codec;
  readonly extensions: Extensions;
  readonly rids: readonly string[];
  readonly feedback: ProducerOptions['feedback'];
}

/** Undefined: its m-section is refused, for it offers nothing that can be forwarded or sends nothing at all. */
export function choose(section: Section, feedback: FeedbackKind): Chosen | undefined {
  const codec = section.codecs.find(isUsable);
  const sends = section.direction === 'sendrecv' || section.direction === 'sendonly';
  if (!section.isAlive || !codec || !sends) return undefined;
  const { mid, rid, repairedRid, absSendTime, transportCc, audioLevel } = section.extensions;
  const name = feedback === 'remb' ? 'goog-remb' : 'transport-cc';
  const hasFeedback = section.feedback.has(name) && (feedback === 'remb' || transportCc !== undefined);
  return {
    codec,
    extensions: {
      ...(mid !== undefined && { mid }),
      ...(section.rids.length > 0 && rid !== undefined && { rid }),
      ...(section.rids.length > 0 && repairedRid !== undefined && { repairedRid }),
      ...(absSendTime !== undefined && section.kind === 'video' && { absSendTime }),
      ...(hasFeedback && feedback === 'transport-cc' && transportCc !== undefined && { transportCc }),
      ...(section.kind === 'audio' && audioLevel !== undefined && { audioLevel }),
    },
    rids: fromLowest(section.rids),
    feedback: hasFeedback ? name : 'none',
  };
}

/** Baseline, Main and High, by `profile_idc` (RFC 6184 §8.1). */
const H264_PROFILE = /^(42|4d|64)[0-9a-f]{4}$/i;

/**
 * Streams that every browser can take apart again: of H.264 the packetization with fragments (RFC 6184 §6.3), of VP9
 * and AV1 the profile of 8 bits (RFC 9628 §6: absent means 0).
 */
function isUsable({ name, clockRate, channels, parameters }: Codec): boolean {
  switch (name) {
    case 'opus':
      return clockRate === 48_000 && channels === 2;
    case 'H264':
      return (
        clockRate === 90_000 &&
        parameter(parameters, 'packetization-mode') === '1' &&
        H264_PROFILE.test(parameter(parameters, 'profile-level-id') ?? '')
      );
    case 'VP9':
      return clockRate === 90_000 && (parameter(parameters, 'profile-id') ?? '0') === '0';
    case 'AV1':
      return clockRate === 90_000 && (parameter(parameters, 'profile') ?? '0') === '0';
    default:
      return clockRate === 90_000;
  }
}

/**
 * Layers from the lowest to the highest. The description does not tell: names that say it are believed (l m h, q h f,
 * low mid high, numbers), else the order of the list, in which the most preferred is first (RFC 8853 §5.2).
 */
export function fromLowest(rids: readonly string[]): string[] {
  for (const names of [
    ['l', 'm', 'h'],
    ['q', 'h', 'f'],
    ['low', 'mid', 'high'],
    ['low', 'medium', 'high'],
    ['0', '1', '2', '3'],
    ['r0', 'r1', 'r2', 'r3'],
  ])
    if (rids.every((rid) => names.includes(rid)))
      return [...rids].sort((a, b) => names.indexOf(a) - names.indexOf(b));
  return rids.toReversed();
}
