import type { Observations } from './observations.ts';
import works from './cases/works.json';
import wrongCredential from './cases/wrong-credential.json';
import deadPort from './cases/dead-port.json';
import oneWayFails from './cases/one-way-fails.json';
import udpBlocked from './cases/udp-blocked.json';
import unknownName from './cases/unknown-name.json';
import nothingPasses from './cases/nothing-passes.json';
import quota from './cases/quota.json';
import noPorts from './cases/no-ports.json';
import firefoxLoopback from './cases/firefox-loopback.json';
import symmetric from './cases/symmetric.json';
import noNetwork from './cases/no-network.json';

/** A real run of the check page; `node tests/fixtures/capture-checks.mjs` makes them anew. */
interface Recorded {
  /** Against what it was run. */
  readonly made: string;
  readonly browser: string;
  readonly observations: Observations;
}

export interface Case extends Recorded {
  readonly id: string;
  /** What is the matter, in a few words. */
  readonly truth: string;
  /** What it could be as well, at first sight; the truth is among them. */
  readonly choices: readonly string[];
}

const truths = {
  works: 'Everything works',
  'wrong-credential': 'The credential is refused',
  'dead-port': 'Nobody listens there',
  'one-way-fails': 'It works; one interface has no way to it',
  'udp-blocked': 'UDP is dropped, TCP passes',
  'unknown-name': 'DNS does not know the name',
  'nothing-passes': 'It lends addresses and passes nothing on',
  quota: 'A user may hold one allocation, a call needs two',
  'no-ports': 'The relay has too few ports to lend',
  'firefox-loopback': 'The browser did not ask',
  symmetric: 'The NAT here gives each destination another port',
  'no-network': 'The computer has no network interface',
} as const;
type Id = keyof typeof truths;

/** The files as the capture script wrote them: JSON has no unions, so their types are wider than what is in them. */
const one = (id: Id, recorded: unknown, others: readonly Id[]): Case => ({
  id,
  ...(recorded as Recorded),
  truth: truths[id],
  // By the alphabet, so that the place says nothing.
  choices: [id, ...others].map((key) => truths[key]).toSorted((a, b) => a.localeCompare(b, 'en')),
});

export const cases: readonly Case[] = [
  one('works', works, ['udp-blocked', 'nothing-passes', 'firefox-loopback']),
  one('wrong-credential', wrongCredential, ['dead-port', 'quota', 'udp-blocked']),
  one('dead-port', deadPort, ['wrong-credential', 'unknown-name', 'no-network']),
  one('one-way-fails', oneWayFails, ['dead-port', 'unknown-name', 'nothing-passes']),
  one('udp-blocked', udpBlocked, ['dead-port', 'nothing-passes', 'no-network']),
  one('unknown-name', unknownName, ['dead-port', 'no-network', 'wrong-credential']),
  one('nothing-passes', nothingPasses, ['works', 'udp-blocked', 'quota']),
  one('quota', quota, ['no-ports', 'nothing-passes', 'wrong-credential']),
  one('no-ports', noPorts, ['quota', 'nothing-passes', 'udp-blocked']),
  one('firefox-loopback', firefoxLoopback, ['dead-port', 'no-network', 'unknown-name']),
  one('symmetric', symmetric, ['works', 'one-way-fails', 'no-network']),
  one('no-network', noNetwork, ['dead-port', 'firefox-loopback', 'udp-blocked']),
];
