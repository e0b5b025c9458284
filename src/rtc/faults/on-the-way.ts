import { parseCandidate } from '../ice/candidate.ts';
import type { Parcel } from '../signaling/signaling.ts';
import type { Signal } from '../timeline.ts';
import type { Alteration, FaultRule } from './plan.ts';
import { never } from '../never.ts';

/** Whether a rule is about this message. Chance and counting are the board's business. */
export function isAbout(rule: FaultRule, { from, to, signal }: Parcel): boolean {
  if ((rule.from ?? from) !== from || (rule.to ?? to) !== to) return false;
  switch (rule.message) {
    case 'any':
      return rule.fault.do !== 'alter' || alter(signal, rule.fault.what) !== undefined;
    case 'candidate':
      return (
        'candidate' in signal && isCandidate(signal) && isOfType(rule, signal.candidate?.candidate ?? '')
      );
    case 'end-of-candidates':
      return 'candidate' in signal && !isCandidate(signal);
    case 'configuration':
      return false;
    default:
      return 'description' in signal && signal.description.type === rule.message;
  }
}

const isCandidate = (signal: Signal): boolean =>
  'candidate' in signal && Boolean(signal.candidate?.candidate);

function isOfType({ candidateType, protocol }: FaultRule, text: string): boolean {
  const parsed = parseCandidate(text);
  if (parsed.kind !== 'candidate') return candidateType === undefined && protocol === undefined;
  const { type } = parsed.candidate;
  if (protocol && parsed.candidate.protocol !== protocol) return false;
  return candidateType === 'not-relay' ? type !== 'relay' : (candidateType ?? type) === type;
}

/**
 * Takes the candidates that a rule drops out of a description as well: without trickle they are in nothing else, and
 * with it the first ones may be.
 *
 * @returns undefined when there is none
 */
export function withoutCandidates(rule: FaultRule, signal: Signal): Signal | undefined {
  if (!('description' in signal) || rule.message !== 'candidate' || rule.fault.do !== 'drop')
    return undefined;
  if (rule.often) return undefined; // lines of one text are not messages that can be counted
  const { type, sdp } = signal.description;
  const kept = sdp
    .split('\r\n')
    .filter((line) => !(line.startsWith('a=candidate:') && isOfType(rule, line)))
    .join('\r\n');
  return kept === sdp ? undefined : { description: { type, sdp: kept } };
}

/** The signal with one thing changed; undefined when it has no such thing. */
export function alter(signal: Signal, what: Alteration): Signal | undefined {
  switch (what) {
    case 'fingerprint':
      return alterLines(signal, /^(a=fingerprint:\S+ )([0-9A-F])/gim, (digit) =>
        ((Number.parseInt(digit, 16) + 1) % 16).toString(16).toUpperCase(),
      );
    case 'ice-password':
      return alterLines(signal, /^(a=ice-pwd:)(\S)/gm, (letter) => (letter === 'A' ? 'B' : 'A'));
    case 'mid':
      if (!('candidate' in signal) || !signal.candidate?.candidate) return undefined;
      return { candidate: { ...signal.candidate, sdpMid: 'nowhere', sdpMLineIndex: 999 } };
    case 'turn-credential':
      return undefined;
    default:
      return never(what);
  }
}

function alterLines(signal: Signal, pattern: RegExp, change: (found: string) => string): Signal | undefined {
  if (!('description' in signal)) return undefined;
  const { type, sdp } = signal.description;
  const altered = sdp.replace(pattern, (_, before: string, found: string) => before + change(found));
  return altered === sdp ? undefined : { description: { type, sdp: altered } };
}
