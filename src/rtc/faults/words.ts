import type { PeerLabel, Signal } from '../timeline.ts';
import { QUEUE_MS, type Impairment } from '../../protocol/impairment.ts';
import type { Fault, FaultRule, MessageKind, WireRule } from './plan.ts';
import { never } from '../never.ts';

/** What a rule is about, as part of a sentence. */
export const messageWords: Readonly<Record<MessageKind, string>> = {
  any: 'any message',
  offer: 'an offer',
  answer: 'an answer',
  pranswer: 'a provisional answer',
  candidate: 'a candidate',
  'end-of-candidates': 'the end of candidates',
  configuration: 'a connection',
};

export const candidateTypeWords = {
  host: 'host',
  srflx: 'srflx',
  prflx: 'prflx',
  relay: 'relay',
  'not-relay': 'any but relay',
} as const;

/** A rule as a sentence: «When an answer goes from bob to alice: hold it». */
export function ruleWords(rule: FaultRule): string {
  const { message, candidateType, protocol, from, to } = rule;
  const kind = [candidateType && candidateTypeWords[candidateType], protocol].filter(Boolean).join(', ');
  const what = `${messageWords[message]}${kind && ` (${kind})`}`;
  const way = [from && `from ${from}`, to && `to ${to}`].filter(Boolean).join(' ') || 'in any direction';
  if (message === 'configuration')
    return `When ${from ?? 'anybody'} opens a connection: ${faultWords(rule.fault)}`;
  return [`When ${what} goes ${way}: ${faultWords(rule.fault)}`, oftenWords(rule)].filter(Boolean).join(', ');
}

function oftenWords({ often }: FaultRule): string {
  if (!often) return '';
  if (often.is === 'nth') return `only number ${often.nth} of each direction`;
  return `in ${Math.round(often.probability * 100)} % of the cases`;
}

function faultWords(fault: Fault): string {
  switch (fault.do) {
    case 'delay': {
      const jitter = fault.jitterMs ? ` to ${fault.delayMs + fault.jitterMs}` : '';
      return `delay it by ${fault.delayMs}${jitter} ms${fault.overtaken ? ', others may pass' : ''}`;
    }
    case 'hold':
      return `hold it${fault.overtaken ? ', others may pass' : ''}`;
    case 'drop':
      return 'drop it';
    case 'duplicate':
      return 'deliver it twice';
    case 'reorder':
      return 'let the next one pass it';
    case 'rename':
      return 'rename its event';
    case 'alter':
      return `change the ${alterationWords[fault.what]}`;
    default:
      return never(fault);
  }
}

const alterationWords = {
  fingerprint: 'fingerprint',
  'ice-password': 'ICE password',
  mid: 'm-section that it names',
  'turn-credential': 'TURN credential',
} as const;

/** A message on its way: «bob’s answer to alice». */
export function parcelWords(from: PeerLabel, to: PeerLabel, signal: Signal): string {
  return `${from}’s ${signalWord(signal)} to ${to}`;
}

export function signalWord(signal: Signal): string {
  if ('description' in signal) return signal.description.type;
  return signal.candidate?.candidate ? 'candidate' : 'end of candidates';
}

/** What is done to relayed packets, as a sentence: «From alice to bob: 5 % are lost, 150 ms late». */
export function wireWords({ from, to, ...impairment }: WireRule): string {
  const done = Object.entries(impairmentWords)
    .flatMap(([name, words]) => {
      const value = impairment[name as keyof typeof impairmentWords];
      return value ? [words(value, impairment)] : [];
    })
    .join(', ');
  return `From ${from} to ${to}: ${done || 'nothing is done'}`;
}

const impairmentWords: Readonly<
  Record<Exclude<keyof Impairment, 'queueMs'>, (value: number, all: Impairment) => string>
> = {
  lossPct: (percent) => `${percent} % are lost`,
  delayMs: (ms) => `${ms} ms late`,
  jitterMs: (ms) => `up to ${ms} ms of jitter`,
  reorderPct: (percent) => `${percent} % are passed by others`,
  duplicatePct: (percent) => `${percent} % come twice`,
  rateKbps: (kbps, { queueMs = QUEUE_MS }) =>
    `${kbps} kbit/s get through, and what would wait over ${queueMs} ms is dropped`,
};
