import {
  fits,
  MAX_SEED,
  type Alteration,
  type Fault,
  type FaultPlan,
  type FaultRule,
  type MessageKind,
} from '../../../rtc/faults/plan.ts';
import type { EntryOf, PeerLabel } from '../../../rtc/timeline.ts';
import { fold, type Fold } from './fold.ts';

/** What was done to a run, as its record tells. */
export interface FaultsRecord {
  /** What was to be done, from the last change on. */
  plan: FaultPlan | undefined;
  /** How often each rule of that plan has acted, by its place. */
  readonly acted: Map<number, number>;
  readonly done: EntryOf<'fault'>[];
}

export function faultsFold(): Fold<FaultsRecord> {
  return fold<FaultsRecord>(
    () => ({ plan: undefined, acted: new Map(), done: [] }),
    (record, entry) => {
      if (entry.kind === 'run-started') record.plan = entry.faults;
      if (entry.kind !== 'fault') return;
      record.done.push(entry);
      if (entry.rule !== undefined) record.acted.set(entry.rule, (record.acted.get(entry.rule) ?? 0) + 1);
      if (entry.plan) record.plan = entry.plan;
      if (entry.fault === 'changed') record.acted.clear();
    },
  );
}

/** Choices for what a rule does, each with what it starts from. */
const faults: readonly (readonly [label: string, fault: Fault])[] = [
  ['hold it until I let it go', { do: 'hold' }],
  ['drop it', { do: 'drop' }],
  ['delay it', { do: 'delay', delayMs: 500 }],
  ['deliver it twice', { do: 'duplicate' }],
  ['let the next one pass it', { do: 'reorder' }],
  ['rename its event', { do: 'rename' }],
  ['change its fingerprint', { do: 'alter', what: 'fingerprint' }],
  ['change its ICE password', { do: 'alter', what: 'ice-password' }],
  ['let it name a wrong m-section', { do: 'alter', what: 'mid' }],
  ['give it a wrong TURN credential', { do: 'alter', what: 'turn-credential' }],
];

export const faultsFor = (message: MessageKind): readonly (readonly [label: string, fault: Fault])[] =>
  faults.filter(([, fault]) => fits(fault, message));

/** The same rule about another kind of message; what makes no sense for that kind falls away. */
export function aboutMessage(rule: FaultRule, message: MessageKind): FaultRule {
  const { candidateType, protocol, to, often, ...rest } = rule;
  const fault = fits(rule.fault, message) ? rule.fault : (faultsFor(message)[0]?.[1] ?? rule.fault);
  if (message === 'configuration') return { ...rest, message, fault };
  return {
    ...rest,
    ...(to !== undefined && { to }),
    ...(often && { often }),
    ...(message === 'candidate' && candidateType && { candidateType }),
    ...(message === 'candidate' && protocol && { protocol }),
    message,
    fault,
  };
}

/** A classic: rules to look at, and what to guess before pressing Run. */
export interface Classic {
  readonly name: string;
  readonly guess: string;
  readonly rules: readonly FaultRule[];
}

/** The faults that everybody meets sooner or later. */
export function classics(offerer: PeerLabel, answerer: PeerLabel): readonly Classic[] {
  const there = { from: offerer, to: answerer };
  const back = { from: answerer, to: offerer };
  const altered = (what: Alteration): Fault => ({ do: 'alter', what });
  return [
    {
      name: 'The answer is lost',
      guess: `In which signalingState does ${offerer} stay, and in which ${answerer}?`,
      rules: [{ message: 'answer', ...back, fault: { do: 'drop' } }],
    },
    {
      name: 'The answer is late',
      guess: `Who can find whom before you let the answer go? Look at iceConnectionState of ${answerer}.`,
      rules: [{ message: 'answer', ...back, fault: { do: 'hold' } }],
    },
    {
      name: 'Candidates overtake the description',
      guess: 'What does the browser say to a candidate without a description? Does the call survive it?',
      rules: [{ message: 'offer', ...there, fault: { do: 'delay', delayMs: 500, overtaken: true } }],
    },
    {
      name: 'Every message twice',
      guess: 'Which of the second copies is harmless, and which one is refused?',
      rules: [{ message: 'any', fault: { do: 'duplicate' } }],
    },
    {
      name: 'Only relay candidates',
      guess: 'Without a TURN server, who has a candidate left? Which state says so?',
      rules: [{ message: 'candidate', candidateType: 'not-relay', fault: { do: 'drop' } }],
    },
    {
      name: 'A renamed event',
      guess: `${offerer}’s candidates never arrive, ${answerer}’s do. Is that enough for a path?`,
      rules: [{ message: 'candidate', ...there, fault: { do: 'rename' } }],
    },
    {
      name: 'Another fingerprint',
      guess: 'A path will be found. Which state machine stops, and where?',
      rules: [{ message: 'offer', ...there, fault: altered('fingerprint') }],
    },
    {
      name: 'A wrong ICE password',
      guess: 'Checks will be sent. Who answers them?',
      rules: [{ message: 'any', fault: altered('ice-password') }],
    },
    {
      name: 'A slow channel',
      guess: 'How long will it take to connect? Count the journeys in Messages.',
      rules: [{ message: 'any', fault: { do: 'delay', delayMs: 400, jitterMs: 200 } }],
    },
  ];
}

/** Another seed: whole, and short enough to be read aloud. */
export const newSeed = (): number => Math.floor(Math.random() * Math.min(10_000, MAX_SEED));
