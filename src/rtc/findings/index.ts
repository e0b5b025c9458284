import { activeWires } from '../faults/plan.ts';
import type { Entry, PeerLabel } from '../timeline.ts';
import * as connectivity from './connectivity.ts';
import { factsOf, type PeerFacts } from './facts.ts';
import type { Finding, Rule, Severity } from './finding.ts';
import * as media from './media.ts';
import * as negotiation from './negotiation.ts';
import * as wire from './wire.ts';
import { quoted } from './words.ts';

export { lessons, type Finding, type Severity } from './finding.ts';

/** Each says one thing, or nothing. */
const rules: readonly Rule[] = [negotiation, connectivity, wire, media].flatMap((group) =>
  Object.values(group),
);

/** The second explains what the first only states: then the first is left out, for the same peer. */
const explained: readonly (readonly [code: string, by: string])[] = [
  ['wrong-order', 'stable-but-dead'],
  ['ice-failed', 'candidates-too-early'],
  ['ice-failed', 'mdns-unresolved'],
  ['still-checking', 'no-remote-candidates'],
  ['still-checking', 'mdns-unresolved'],
  ['no-remote-candidates', 'relay-only-nothing'],
  ['no-remote-candidates', 'stable-but-dead'],
  ['still-checking', 'stable-but-dead'],
  ['ice-failed', 'stable-but-dead'],
  ['server-silent', 'turn-refused'],
  ['nothing-received', 'one-way'],
  ['turn-refused', 'turn-password'],
  ['turn-refused', 'turn-capacity'],
];

const ranks: Readonly<Record<Severity, number>> = { problem: 0, notice: 1, good: 2 };

/**
 * What is notable in a run, or in a dump: problems first, then what is worth knowing, then what went well.
 *
 * A pure function of the timeline, also of one that is still growing. What has to be waited for (an answer, a candidate)
 * is reported only after some seconds; what may happen once (a lost packet) only when it has become a habit.
 *
 * @param peers the order in which they are named; all that have opened a connection where it is left out
 */
export function findings(entries: readonly Entry[], peers?: readonly PeerLabel[]): readonly Finding[] {
  const facts = factsOf(entries, peers);
  const found = facts.peers.flatMap((peer) => {
    const own = rules.flatMap((rule) => rule(peer, facts) ?? []);
    const has = (code: string) => own.some((each) => each.code === code);
    return own.filter(({ code }) => !explained.some(([one, by]) => one === code && has(by)));
  });
  return together([...captureRefused(facts.page), ...wireImpaired(facts.page), ...found]).toSorted(
    (a, b) => ranks[a.severity] - ranks[b.severity] || a.seq - b.seq,
  );
}

/** The camera, the microphone or the screen was not given. */
function captureRefused(page: PeerFacts): readonly Finding[] {
  const failures = page.of('call-settled').filter(({ outcome }) => !outcome.ok);
  return failures.slice(0, 3).map(({ method, outcome, peer, seq }) => {
    const { name, message } = outcome.ok ? { name: '', message: '' } : outcome;
    return {
      code: 'capture-refused',
      severity: 'problem',
      peer,
      text: `${method}() was refused: ${name}${message ? `, ${quoted(message)}` : ''}. ${whyRefused(name)}`.trim(),
      seq,
    };
  });
}

/** What is measured on a wire that is lossy on purpose says nothing about the network. */
function wireImpaired(page: PeerFacts): readonly Finding[] {
  const set = page.of('fault').filter(({ fault }) => fault === 'impaired');
  const worst = set.findLast(({ plan }) => plan && activeWires(plan).length > 0);
  if (!worst) return [];
  const isOver = set.at(-1) !== worst;
  return [
    {
      code: 'wire-impaired',
      severity: 'notice',
      peer: worst.peer,
      text: `${isOver ? 'For a while relayed packets were' : 'Relayed packets are'} impaired on purpose. ${worst.text}. Loss, round-trip time and picture follow from that, not from the network.`,
      seq: worst.seq,
    },
  ];
}

/** @see mediacapture-main §10.2 */
function whyRefused(name: string): string {
  if (/^NotAllowed|^Permission/.test(name)) return 'Permission was denied, or the page may not ask for it.';
  if (/^NotFound|^DevicesNotFound/.test(name)) return 'There is no such device.';
  if (/^NotReadable|^TrackStart/.test(name))
    return 'The device is there and does not give anything: is it in use?';
  if (/^Over[Cc]onstrained/.test(name)) return 'No device can do what the constraints demand.';
  return '';
}

/** With more than this many of one kind, one line says it for all. */
const MOST_ALIKE = 3;

/** A call with many connections has many good news: they become one. */
function together(found: readonly Finding[]): Finding[] {
  const good = found.filter(({ code }) => code === 'connected');
  const [first] = good;
  if (!first || good.length <= MOST_ALIKE) return [...found];
  const summary = {
    ...first,
    text: `${good.length} connections came up, ${good.map(({ peer }) => peer).join(', ')}.`,
  };
  return [...found.filter(({ code }) => code !== 'connected'), summary];
}
