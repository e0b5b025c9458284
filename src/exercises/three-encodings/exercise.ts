import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { openSyntheticMedia } from '../../rtc/media/synthetic.ts';
import { enterRoom, publish, receive } from '../../rtc/middlebox/room.ts';
import { number, ofType, text } from '../../rtc/stats/report.ts';

/** Large enough for three encodings. */
const STUDIO = { width: 960, height: 540, frameRate: 10 };
const LARGE = { width: 960, height: 540 };
const SMALL = { width: 240, height: 135 };
const LOOK_MS = 50;
const STEP_LIMIT_MS = 9_000;

interface Sent {
  readonly rid: string;
  readonly width: number;
}

interface Facts {
  /** What alice's browser sends, by encoding. */
  sent: readonly Sent[];
  /** The width of bob's picture with a small tile, and with a large one, and how long the change took, ms. */
  small: number | undefined;
  large: number | undefined;
  tookMs: number | undefined;
  isOver: boolean;
}

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const told = (sent: readonly Sent[]) =>
  sent.length === 0
    ? 'nothing'
    : sent.map(({ rid, width }) => `${rid || 'no rid'}: ${width} wide`).join(', ');

async function sentBy(pc: RTCPeerConnection): Promise<readonly Sent[]> {
  return ofType(await pc.getStats(), 'outbound-rtp').flatMap((stat) => {
    const width = number(stat, 'frameWidth') ?? 0;
    return width > 0 && (number(stat, 'framesSent') ?? 0) > 0
      ? [{ rid: text(stat, 'rid') ?? '', width }]
      : [];
  });
}

async function widthAt(pc: RTCPeerConnection): Promise<number> {
  const [stat] = ofType(await pc.getStats(), 'inbound-rtp').filter((one) => text(one, 'kind') === 'video');
  return number(stat, 'frameWidth') ?? 0;
}

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'Three sizes of one picture',
  task: [
    'Write `addCamera()`: it gets a fresh connection and a stream with a picture of 960 × 540, and adds the picture so that it is sent in three sizes: whole, half and a quarter of the width.',
    'We publish it to the forwarding server of this site. bob receives it there, first in a small tile and then in a large one.',
  ],
  hints: [
    'With `addTrack()` there is one encoding. Which method takes `sendEncodings`?',
    'Each encoding needs a `rid` of its own, a short name, and says with `scaleResolutionDownBy` by how much it is smaller.',
    "pc.addTransceiver(track, { direction: 'sendonly', streams: [stream], sendEncodings: [{ rid: 'h' }, { rid: 'm', scaleResolutionDownBy: 2 }, { rid: 'l', scaleResolutionDownBy: 4 }] })",
  ],
  peers: ['alice', 'bob'],
  limitMs: 28_000,
  facts: () => ({ sent: [], small: undefined, large: undefined, tookMs: undefined, isOver: false }),
  async play({ bench, tools, facts, call, signal }) {
    const until = async (holds: () => boolean | Promise<boolean>) => {
      const endMs = performance.now() + STEP_LIMIT_MS;
      while (!(await holds()) && performance.now() < endMs) {
        signal.throwIfAborted();
        await after(LOOK_MS);
      }
      return holds();
    };
    try {
      const room = await enterRoom(bench, ['alice', 'bob']);
      const { stream } = openSyntheticMedia({ peer: 'alice', signal, audio: false, video: STUDIO });
      const alice = tools.createPeer('alice');
      await call('addCamera', alice, stream);
      const kind = 'sfu' as const;
      const sections = [{ mid: '0', source: 'camera' as const }];
      await publish(bench, room.seat('alice'), alice, { self: 'alice', server: 'bob', kind, sections });
      await until(async () => (facts.sent = await sentBy(alice)).length >= 3);
      if (new Set(facts.sent.map(({ width }) => width)).size < 3) return;
      const bob = tools.createPeer('bob');
      await receive(bench, room.seat('bob'), bob, { self: 'bob', server: 'alice', kind });
      const want = (size: typeof SMALL) =>
        room.seat('bob').ask('middlebox:want', {
          kind,
          wants: [{ peer: room.seat('alice').peer, source: 'camera', ...size, pinned: false }],
        });
      await want(SMALL);
      await until(async () => (facts.small = await widthAt(bob)) > 0);
      await want(LARGE);
      const sinceMs = performance.now();
      const isLarge = await until(async () => (facts.large = await widthAt(bob)) >= LARGE.width);
      if (isLarge) facts.tookMs = performance.now() - sinceMs;
    } finally {
      facts.isOver = true;
    }
  },
  checks: [
    {
      id: 'three',
      title: 'Three sizes are sent',
      hint: 'Three encodings with different names, and with different sizes.',
      pass: ({ facts: { sent, isOver } }) => ({
        ok: sent.length === 3 && new Set(sent.map(({ width }) => width)).size === 3,
        final: isOver,
        saw: `alice’s browser sends ${told(sent)}.`,
        wanted: 'Three encodings, of which no two are equally wide.',
      }),
    },
    {
      id: 'small',
      title: 'A small tile gets a small picture',
      hint: 'The smallest encoding should be a quarter of the width.',
      pass: ({ facts: { small, isOver } }) => ({
        ok: small !== undefined && small > 0 && small <= 320,
        final: isOver,
        saw: small ? `bob’s picture is ${small} wide in a tile of 240.` : 'bob has not received a picture.',
        wanted: 'At most 320.',
      }),
    },
    {
      id: 'large',
      title: 'A large tile gets the large one',
      hint: 'The largest encoding should not be scaled down at all.',
      pass: ({ facts: { large, tookMs, isOver } }) => ({
        ok: tookMs !== undefined,
        final: isOver,
        saw: large
          ? `bob’s picture is ${large} wide in a tile of 960${tookMs === undefined ? '' : `; the change took ${Math.round(tookMs)} ms`}.`
          : 'bob has not asked for a large one yet.',
        wanted: '960.',
      }),
    },
  ],
});
