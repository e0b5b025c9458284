import '../signaling/no-eval.ts';
import * as z from 'zod';
import { Impairment, impairs } from '../../protocol/impairment.ts';
import { RtcError } from '../errors.ts';
import { never } from '../never.ts';

/** What a rule can be about. `configuration` is no message: it is what the code gives to a new connection. */
export const messageKinds = [
  'any',
  'offer',
  'answer',
  'pranswer',
  'candidate',
  'end-of-candidates',
  'configuration',
] as const;
export type MessageKind = (typeof messageKinds)[number];

/** `not-relay`: every type but that one. */
export const candidateTypes = ['host', 'srflx', 'prflx', 'relay', 'not-relay'] as const;

/** What is changed on the way; each where there is such a thing to change. */
export const alterations = ['fingerprint', 'ice-password', 'mid', 'turn-credential'] as const;
export type Alteration = (typeof alterations)[number];

export const MAX_DELAY_MS = 60_000;
export const MAX_NTH = 1_000;
export const MAX_SEED = 0xffff_ffff;
const MAX_RULES = 20;
const MAX_WIRES = 8;
/** Longest text of a plan, in UTF-16 code units: what is longer does not survive in every address bar. */
const MAX_TEXT = 4_000;

const Milliseconds = z.int().min(0).max(MAX_DELAY_MS);
const PeerName = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,19}$/);

const Fault = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('delay'),
    delayMs: Milliseconds,
    /** Up to so many milliseconds more, by the seed. */
    jitterMs: z.exactOptional(Milliseconds),
    /** Later messages of the same direction may pass it. Without it they wait behind it, as in a slow channel. */
    overtaken: z.exactOptional(z.literal(true)),
  }),
  z.strictObject({ do: z.literal('hold'), overtaken: z.exactOptional(z.literal(true)) }),
  z.strictObject({ do: z.literal('drop') }),
  z.strictObject({ do: z.literal('duplicate') }),
  /** It changes places with the next message of its direction. */
  z.strictObject({ do: z.literal('reorder') }),
  /** It arrives under an event name that nobody listens to. */
  z.strictObject({ do: z.literal('rename') }),
  z.strictObject({ do: z.literal('alter'), what: z.enum(alterations) }),
]);
export type Fault = z.infer<typeof Fault>;

const Often = z.discriminatedUnion('is', [
  /** The nth message that fits, counted from 1 for each direction. */
  z.strictObject({ is: z.literal('nth'), nth: z.int().min(1).max(MAX_NTH) }),
  /** With this probability, 0 … 1, by the seed. */
  z.strictObject({ is: z.literal('sometimes'), probability: z.number().min(0).max(1) }),
]);

export const FaultRule = z
  .strictObject({
    /** On the board, but not in force. */
    off: z.exactOptional(z.literal(true)),
    message: z.enum(messageKinds),
    candidateType: z.exactOptional(z.enum(candidateTypes)),
    protocol: z.exactOptional(z.enum(['udp', 'tcp'])),
    from: z.exactOptional(PeerName),
    to: z.exactOptional(PeerName),
    fault: Fault,
    /** Left out: always. */
    often: z.exactOptional(Often),
  })
  .superRefine((rule, context) => {
    const problem = (message: string) => context.addIssue({ code: 'custom', message });
    if (!fits(rule.fault, rule.message))
      problem(`“${faultKey(rule.fault)}” cannot be done to “${rule.message}”`);
    if (rule.message !== 'candidate' && (rule.candidateType ?? rule.protocol))
      problem('only a candidate has a type and a protocol');
    if (rule.message === 'configuration' && (rule.to ?? rule.often))
      problem('a configuration goes to nobody, and is altered always');
  });
export type FaultRule = z.infer<typeof FaultRule>;

/** What our server does to the relayed packets that go from one peer to another. */
export const WireRule = Impairment.extend({ from: PeerName, to: PeerName });
export type WireRule = z.infer<typeof WireRule>;

/**
 * What is to go wrong in a run. The same plan does the same to the same messages: chance comes from the seed.
 *
 * Plain JSON, so that it fits into a link and into a saved run.
 */
export const FaultPlan = z.strictObject({
  seed: z.int().min(0).max(MAX_SEED),
  rules: z.array(FaultRule).max(MAX_RULES),
  /** Each direction at most once. */
  wire: z.exactOptional(z.array(WireRule).max(MAX_WIRES)),
});
export type FaultPlan = z.infer<typeof FaultPlan>;

export const noFaults: FaultPlan = { seed: 1, rules: [] };

/** The rules in force, each with its place in the plan. */
export function activeRules({ rules }: FaultPlan): readonly (readonly [index: number, rule: FaultRule])[] {
  return [...rules.entries()].filter(([, { off }]) => !off);
}

/** The directions whose packets something is done to. */
export const activeWires = ({ wire = [] }: FaultPlan): readonly WireRule[] =>
  wire.filter((rule) => impairs(impairmentOf(rule)));

/** Both directions between two peers, with nothing getting through. */
export const cutBetween = (a: string, b: string): readonly WireRule[] => [
  { from: a, to: b, lossPct: 100 },
  { from: b, to: a, lossPct: 100 },
];

/** Whether a direction lets nothing through. */
export const isCut = ({ wire = [] }: FaultPlan): boolean => wire.some(({ lossPct }) => lossPct === 100);

/** A direction's impairment without its ends. */
export function impairmentOf(rule: WireRule): Impairment {
  const { from: _, to: __, ...impairment } = rule;
  return impairment;
}

/** Whether the plan does anything. */
export const isActive = (plan: FaultPlan): boolean =>
  activeRules(plan).length > 0 || activeWires(plan).length > 0;

/** Whether a fault can be done to a kind of message. */
export function fits(fault: Fault, message: MessageKind): boolean {
  if (fault.do !== 'alter') return message !== 'configuration';
  switch (fault.what) {
    case 'fingerprint':
    case 'ice-password':
      return ['any', 'offer', 'answer', 'pranswer'].includes(message);
    case 'mid':
      return message === 'any' || message === 'candidate';
    case 'turn-credential':
      return message === 'configuration';
    default:
      return never(fault.what);
  }
}

/** A word for a fault: what it does, or what it alters. */
export const faultKey = (fault: Fault): Exclude<Fault['do'], 'alter'> | Alteration =>
  fault.do === 'alter' ? fault.what : fault.do;

/** The plan as text for a link; {@link readPlan} reads it. */
export const planText = (plan: FaultPlan): string => JSON.stringify(plan);

/**
 * Reads a plan from a link.
 *
 * @throws {RtcError} `bad-input` with a sentence that says what is wrong with it
 */
export function readPlan(text: string): FaultPlan {
  if (text.length > MAX_TEXT) {
    throw new RtcError(
      'bad-input',
      `The link’s faults have ${text.length} characters; ${MAX_TEXT} is the most.`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new RtcError('bad-input', 'The link’s faults break off, or are not JSON: copy the whole link.');
  }
  const parsed = FaultPlan.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [, index] = issue?.path ?? [];
  const where = typeof index === 'number' ? ` (fault ${index + 1})` : '';
  throw new RtcError(
    'bad-input',
    `The link’s faults were not understood${where}: ${(issue?.message ?? '').slice(0, 200)}.`,
  );
}

/**
 * A number of 0 … 1 (without 1) that depends on its parts and on nothing else, so that two directions whose messages
 * interleave differently in another run still meet the same faults. FNV-1a, then the finalizer of MurmurHash3.
 */
export function chance(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(parts.join('|'))) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
