import { cases } from '../../rtc/check/cases.ts';
import { isTurn, type UrlObservation } from '../../rtc/check/observations.ts';
import { verdictOf } from '../../rtc/check/verdict.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';

/** What a test of one URL saw, as the learner gets it. */
interface Seen {
  readonly server: 'stun' | 'turn';
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** Candidates of this server's. */
  readonly candidates: number;
  /** Codes of `icecandidateerror`. */
  readonly errors: readonly number[];
  readonly gathering: 'complete' | 'still going';
  /** Null: none was tried. */
  readonly call: 'bytes came back' | 'nothing passed' | null;
  readonly errorsOfCall: readonly number[];
  readonly hasNetwork: boolean;
  readonly isFirefoxAskingLoopback: boolean;
}

/** The words of the task for each rule of the tester that fires in the twelve cases. */
const words: Readonly<Record<string, string>> = {
  'stun-works': 'works',
  'turn-works': 'works',
  'turn-works-with-errors': 'works',
  'turn-401': 'refused',
  'turn-one-allocation': 'too few allocations',
  'turn-one-port': 'too few allocations',
  'turn-no-path': 'passes nothing',
  'udp-silent': 'no answer',
  'tcp-refused': 'no answer',
  'name-not-found': 'no answer',
  'firefox-loopback': 'not asked',
  'no-network': 'no network',
};

const seenOf = (url: UrlObservation, one: (typeof cases)[number]): Seen => ({
  server: isTurn(url) ? 'turn' : 'stun',
  transport: url.transport,
  candidates: url.gathering.candidates.length,
  errors: url.gathering.errors.map(({ code }) => code),
  gathering:
    url.gathering.ended === 'deadline' || url.gathering.ended === 'stopped' ? 'still going' : 'complete',
  call: url.call && (url.call.outcome === 'bytes' ? 'bytes came back' : 'nothing passed'),
  errorsOfCall: url.call?.errors.map(({ code }) => code) ?? [],
  hasNetwork: one.observations.network === 'up',
  isFirefoxAskingLoopback: one.observations.browser === 'firefox' && url.host.startsWith('127.'),
});

const tests = cases.flatMap((one, index) => {
  const { urls } = verdictOf(one.observations);
  return one.observations.urls.map((url, place) => ({
    id: one.id,
    name: `case ${index + 1}, ${url.url}`,
    seen: seenOf(url, one),
    right: words[urls[place]?.rule ?? ''] ?? '',
  }));
});

interface Facts {
  /** What the learner's function said, in the order of the tests. */
  answers: unknown[];
}

/** A check of the answers to some of the cases. */
const judges = (ids: readonly string[]) => ({
  when: 'end' as const,
  pass({ facts: { answers } }: { facts: Facts }) {
    const asked = tests
      .map((test, index) => ({ ...test, said: answers[index] }))
      .filter(({ id }) => ids.includes(id));
    const wrong = asked.find(({ said, right }) => said !== right);
    const answer = typeof wrong?.said === 'string' ? `“${wrong.said.slice(0, 40)}”` : 'no text';
    return {
      ok: wrong === undefined,
      saw: wrong
        ? `For ${wrong.name} your table says ${answer}.`
        : `${asked.length} of ${asked.length} are right.`,
      wanted: wrong
        ? `“${wrong.right}”. It was made like this: ${cases.find(({ id }) => id === wrong.id)?.made}`
        : 'Each as it was made.',
    };
  },
});

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'Write the rule table',
  task: [
    'Write `judge(seen)`. It gets what a test of one URL saw, for each URL of the twelve recorded cases, and answers with one of these texts: `works`, `refused` (the user name or the credential), `too few allocations`, `passes nothing`, `no answer`, `not asked` (the browser did not use the URL), `no network`.',
    '`seen` has `server` (`stun` or `turn`), `transport`, `candidates` (how many of this server’s), `errors` and `errorsOfCall` (lists of codes), `gathering` (`complete` or `still going`), `call` (`bytes came back`, `nothing passed`, or `null` when none was tried), `hasNetwork` and `isFirefoxAskingLoopback`.',
    'Rules are tried in their order, so ask first what outweighs the rest.',
  ],
  hints: [
    'What can be said when there is no network at all? Nothing about any server: that rule comes first.',
    'Bytes that came back outweigh every error. A relay candidate without them is no success. STUN has no call: there the candidate is the proof.',
    'When an address was lent and nothing passed, the errors of the call tell two cases apart: 486 and 508 mean that the second address was refused.',
  ],
  facts: () => ({ answers: [] }),
  async play({ facts, call }) {
    for (const { seen } of tests) facts.answers.push(await call('judge', seen));
  },
  checks: [
    {
      id: 'works',
      title: 'What works is said to work',
      hint: 'STUN is proved by a candidate, TURN by bytes that came back.',
      ...judges(['works', 'symmetric', 'udp-blocked']),
    },
    {
      id: 'fine',
      title: '701, but fine',
      hint: 'An error of one interface beside a call that works is no fault of the server.',
      ...judges(['one-way-fails']),
    },
    {
      id: 'refused',
      title: 'What was refused is told from what was silent',
      hint: 'A 401 is an answer. 486 and 508 may come with the first allocation or with the second.',
      ...judges(['wrong-credential', 'quota', 'no-ports']),
    },
    {
      id: 'bytes',
      title: 'A relay that passes nothing is found out',
      hint: 'There is a relay candidate. What came of the call?',
      ...judges(['nothing-passes']),
    },
    {
      id: 'silence',
      title: 'No answer is no answer, whatever it looks like',
      hint: 'It is a 701, or gathering that is still going when you stop.',
      ...judges(['dead-port', 'unknown-name']),
    },
    {
      id: 'asked',
      title: 'Nothing is said of a server that nobody asked',
      hint: 'Without a network, and in Firefox on loopback, the server is not to blame.',
      ...judges(['firefox-loopback', 'no-network']),
    },
  ],
});
