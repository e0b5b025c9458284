import { openMediaDevices } from '../../rtc/index.ts';
import { lintCalls } from '../../rtc/legacy/calls.ts';
import { findingWords, lintSource, type Finding } from '../../rtc/legacy/source.ts';
import { legacyWords } from '../../rtc/legacy/words.ts';
import { VirtualDevices } from '../../rtc/media/virtual/devices.ts';
import { recordCalls } from '../../rtc/record-calls.ts';
import { defineExercise, type Check } from '../../lab-kit/exercise/define.ts';
import { openPlace, Rendered } from '../../lab-kit/exercise/rendered.ts';
import type { Given, OldConnection, OldNavigator } from './given.ts';

type Peer = 'alice' | 'bob';

interface Facts {
  /** What the linter found in the text. */
  findings?: readonly Finding[];
  /** What is seen in each end's element. */
  readonly rendered: Map<Peer, Rendered>;
  /** The tracks that each end's camera and microphone gave. */
  readonly opened: Map<Peer, readonly MediaStreamTrack[]>;
}

const ENOUGH = 5;
/** It need not answer: both ends are in this page, and host candidates carry the call. */
const STUN_SERVER = '127.0.0.1:3478';

const camera = (peer: Peer, signal: AbortSignal) =>
  new VirtualDevices(signal, [
    {
      kind: 'videoinput',
      deviceId: 'camera',
      groupId: 'desk',
      label: `${peer} (virtual)`,
      modes: [
        { width: 320, height: 180, frameRate: 30 },
        { width: 640, height: 360, frameRate: 30 },
      ],
    },
    { kind: 'audioinput', deviceId: 'microphone', groupId: 'desk', label: `${peer}’s microphone (virtual)` },
  ]);

const sees = (peer: Peer, other: Peer): Check<Facts> => ({
  id: `${peer}-sees`,
  title: `${peer} sees ${other}`,
  hint: `A stream is given to \`srcObject\`. Are ${other}’s tracks on the connection before ${other}’s description is made?`,
  pass({ facts }) {
    const frames = facts.rendered.get(peer)?.frames.filter((frame) => frame.peer === other).length ?? 0;
    return {
      ok: frames >= ENOUGH,
      saw: `${peer}’s element has shown ${frames} frames of ${other}’s picture.`,
      wanted: `${ENOUGH} frames, in the element \`remote\`.`,
    };
  },
});

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'A call of 2013',
  task: [
    'A whole call, as it stood in tutorials of 2013: callbacks, prefix-less but old `getUserMedia()`, `mandatory`, `addStream()`, a URL for a stream, and an ICE server in the words of its time. It means well. Today it does not get beyond its first line.',
    'Make it a call of today: no word in it that a standard has dropped, and sound and picture both ways. At least 320 wide, 640 where that can be had. What you are given stands in for the page: a `navigator` with a drawn camera which still has both methods, and `stunServer`, a name and a port.',
    'It is judged by what is seen at both ends, and by the linter of the museum: of your text, and of what you say to the browser.',
  ],
  hints: [
    'Begin where it breaks: the configuration. `urls`, with `stun:` in front, and no second argument. Then paste the rest into the linter of the museum and go from line to line.',
    'Make `call()` an `async` function. Await the stream, add each track with its stream, then listen for signals: so nothing is answered before the tracks are there.',
    '`pc.ontrack = ({ streams: [stream] }) => { remote.srcObject = stream; }`, `await pc.setLocalDescription()`, and send `pc.localDescription`. `{ width: { min: 320, ideal: 640 } }`.',
  ],
  limitMs: 12_000,
  facts: () => ({ rendered: new Map(), opened: new Map() }),
  async play({ bench, tools, facts, source, call, signal }) {
    facts.findings = lintSource(source).findings;
    const place = openPlace(signal);
    const given = (peer: Peer): Given => {
      const remote = Object.assign(document.createElement('video'), { muted: true, autoplay: true });
      place.append(remote);
      const received = () =>
        bench.connections
          .get(peer)
          ?.getReceivers()
          .map(({ track }) => track) ?? [];
      facts.rendered.set(
        peer,
        new Rendered(
          () => remote,
          received,
          () => bench.timeline.nowMs,
          signal,
        ),
      );
      const devices = openMediaDevices(peer, bench, camera(peer, signal));
      const { getUserMedia } = devices;
      const open = async (constraints: MediaStreamConstraints) => {
        const stream = await getUserMedia.call(devices, constraints);
        facts.opened.set(peer, stream.getTracks());
        return stream;
      };
      const navigator: OldNavigator = {
        mediaDevices: { getUserMedia: (constraints = {}) => open(constraints) },
        // As in Chromium: it still does what it did.
        getUserMedia: (_, success, failure) =>
          void camera(peer, signal).getUserMedia({ audio: true, video: true }).then(success, failure),
      };
      recordCalls(peer, bench, navigator, ['getUserMedia']);
      return {
        createPeer: (configuration) => {
          const pc = tools.createPeer(peer, configuration) as object as OldConnection;
          return recordCalls(peer, bench, pc, ['addStream']);
        },
        navigator,
        remote,
        channel: tools.signaling(peer),
        stunServer: STUN_SERVER,
      };
    };
    await Promise.all([
      call('call', given('alice'), 'bob', true),
      call('call', given('bob'), 'alice', false),
    ]);
  },
  checks: [
    {
      id: 'text',
      title: 'No dead word in the text',
      when: 'end',
      hint: 'The linter of the museum says it of each line, with what is said today.',
      pass({ facts: { findings } }) {
        const [first] = findings ?? [];
        return {
          ok: findings?.length === 0,
          saw: first
            ? `${findings?.length} found. ${findingWords(first)}`
            : findings
              ? 'None was found.'
              : 'It was not read.',
          wanted: 'None of the words that the linter knows.',
        };
      },
    },
    {
      id: 'calls',
      title: 'Nothing old is said to the browser',
      when: 'end',
      hint: 'What was called is read from the record, so it does not matter how it is spelt in the text.',
      pass({ entries }) {
        const [first] = lintCalls(entries);
        return {
          ok: first === undefined,
          saw: first
            ? `\`${first.method}(${first.args.join(', ')})\` was called: ${legacyWords[first.id].was}.`
            : 'No call of an old method, and no old argument.',
          wanted: 'Methods and arguments of today’s standards.',
        };
      },
    },
    {
      id: 'server',
      title: 'The STUN server is named as the standard names it',
      when: 'end',
      hint: '`urls`, and `stun:` in front of what you were given.',
      pass({ entries }) {
        const [opened] = entries.filter((entry) => entry.kind === 'peer-opened');
        const servers = opened?.kind === 'peer-opened' ? opened.configuration.iceServers : undefined;
        const urls = servers?.flatMap((server) => server.urls ?? []) ?? [];
        return {
          ok: urls.includes(`stun:${STUN_SERVER}`),
          saw: !opened
            ? 'No connection was made.'
            : urls.length === 0
              ? 'The connection has no `urls`.'
              : `The connection has ${urls.map((url) => `\`${url}\``).join(', ')}.`,
          wanted: `\`stun:${STUN_SERVER}\` at each end.`,
        };
      },
    },
    {
      id: 'camera',
      title: 'The camera gives 640',
      when: 'end',
      hint: '`min` is what must be, `ideal` what would be nice.',
      pass(witness) {
        const widths = (['alice', 'bob'] as const).map(
          (peer) =>
            witness.facts.opened
              .get(peer)
              ?.find(({ kind }) => kind === 'video')
              ?.getSettings().width,
        );
        const asked = witness.entries.some(
          (entry) =>
            entry.kind === 'call' &&
            entry.method === 'getUserMedia' &&
            entry.args.join().includes('"min":320'),
        );
        return {
          ok: asked && widths.every((width) => width === 640),
          saw: `alice’s camera gives ${widths[0] ?? 'nothing'}, bob’s ${widths[1] ?? 'nothing'}; a \`min\` of 320 was ${asked ? '' : 'not '}asked for.`,
          wanted: '640 from both, with a `min` of 320.',
        };
      },
    },
    sees('alice', 'bob'),
    sees('bob', 'alice'),
    {
      id: 'sound',
      title: 'Sound comes with it, in the same stream',
      when: 'soon',
      hint: 'Add each track with its stream, and show that of the event, `streams[0]`.',
      pass({ facts }) {
        const kinds = (['alice', 'bob'] as const).map((peer) =>
          (facts.rendered.get(peer)?.tracks ?? [])
            .map(({ kind }) => kind)
            .toSorted()
            .join(' and '),
        );
        return {
          ok: kinds.every((kind) => kind === 'audio and video'),
          saw: `alice’s element holds ${kinds[0] || 'nothing'}, bob’s ${kinds[1] || 'nothing'}.`,
          wanted: 'Audio and video at both ends.',
        };
      },
    },
  ],
});
