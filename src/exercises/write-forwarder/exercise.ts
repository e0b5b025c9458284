import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';
import { openSyntheticMedia } from '../../rtc/media/synthetic.ts';
import { number, ofType } from '../../rtc/stats/report.ts';
import type { Forward } from './forward.ts';

const firstViewers = ['bob', 'carol'] as const;
const lateViewers = ['dave', 'erin', 'frank', 'grace'] as const;
const viewers = [...firstViewers, ...lateViewers] as const;
type Viewer = (typeof viewers)[number];

/** So small that no machine is too slow for it. */
const SMALL = { width: 160, height: 90, frameRate: 10 };
const MAX_BPS = 120_000;
const FRAMES = 4;
const MEASURE_MS = 2_000;
const SETTLE_MS = 500;
const AWAY_MS = 800;
const STEP_LIMIT_MS = 6_000;
const LOOK_MS = 50;
/** How much more the second may seem: a busy machine leaves frames out. Sent to each, it would be three times as much. */
const MOST_TIMES = 2;
/** One for each who came, some for those who asked, and what a browser does by itself. */
const MOST_KEY_FRAMES = 16;

interface Facts {
  /** What alice sent with two, and with six viewers, bit/s. */
  readonly uplinkBps: number[];
  /** Packets that the forwarder has sent, by viewer; and where the numbers of one had a gap. */
  readonly sent: Map<string, number>;
  readonly gaps: Map<string, number>;
  /** While bob's page did not show the picture. */
  sentWhileAway: number | undefined;
  /** When bob's page showed it again, by the clock of the timeline. */
  backMs: number | undefined;
  keyFrames: number | undefined;
  step: 'two' | 'six' | 'away' | 'back' | 'over';
  problem: string;
}

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const listed = (names: readonly string[]) => (names.length === 0 ? 'nobody' : names.join(', '));
const kbits = (bps: number) => `${Math.round(bps / 1000)} kbit/s`;

const framesOf = (witness: Witness<Facts>, viewer: Viewer, sinceMs = 0) =>
  witness.frames(viewer).filter(({ peer, atMs }) => peer === 'alice' && atMs >= sinceMs).length;
const seeing = (witness: Witness<Facts>, whom: readonly Viewer[]) =>
  whom.filter((viewer) => framesOf(witness, viewer) >= FRAMES);

/** Frames that a viewer's browser has decoded, as it counts them. */
async function decoded(pc: RTCPeerConnection | undefined): Promise<number> {
  const report = await pc?.getStats();
  return report ? (number(ofType(report, 'inbound-rtp')[0], 'framesDecoded') ?? 0) : 0;
}

async function counted(pc: RTCPeerConnection) {
  const [stat] = ofType(await pc.getStats(), 'outbound-rtp');
  return {
    bytes: number(stat, 'bytesSent') ?? 0,
    keyFrames: number(stat, 'keyFramesEncoded') ?? 0,
    frames: number(stat, 'framesSent') ?? 0,
  };
}

/** In bit/s, had each frame been sent: on a busy machine some are not even drawn. */
async function uplink(pc: RTCPeerConnection): Promise<number> {
  await after(SETTLE_MS); // the key frames of those who have just come
  const before = await counted(pc);
  await after(MEASURE_MS);
  const now = await counted(pc);
  const frames = now.frames - before.frames;
  return frames > 0 ? ((now.bytes - before.bytes) * 8 * SMALL.frameRate) / frames : 0;
}

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'Write the forwarder',
  task: [
    'alice’s browser sends real video to the server of this site, and up to six browsers’ connections wait there to be sent something. The server has the keys and no mind: each packet of alice’s comes to your `onPacket()`, and only what you hand to `forward.send()` goes to a viewer.',
    'Step by step: send each packet to all who are there. Let those who come late begin: they need a key frame. Send nothing to who does not show the picture. And give each viewer packets whose numbers have no gap: the sequence number is in bytes 2 and 3 of the RTP header, the higher byte first. Whatever you do, alice’s upload has to be the same for two and for six.',
  ],
  hints: [
    'Keep a `Map` of the viewers, and in it what each of them needs: whether the picture is shown, and which number comes next.',
    '`packet.slice()` is a copy of your own; `new DataView(copy.buffer).setUint16(2, next)` writes its number. Ask for a key frame when somebody comes, comes back, or asks, and not for each packet.',
    'onPacket: for (const [id, viewer] of viewers) if (viewer.shown) { const copy = packet.slice(); new DataView(copy.buffer).setUint16(2, viewer.next); viewer.next = (viewer.next + 1) & 0xffff; forward.send(id, copy); }',
  ],
  peers: ['alice', ...viewers],
  limitMs: 30_000,
  facts: () => ({
    uplinkBps: [],
    sent: new Map(),
    gaps: new Map(),
    sentWhileAway: undefined,
    backMs: undefined,
    keyFrames: undefined,
    step: 'two',
    problem: '',
  }),
  async play({ bench, tools, facts, call, signal }) {
    const wire = await bench.wire();
    let waiting: { to: string; packet: string }[] = [];
    const flush = () => {
      const packets = waiting.splice(0, 256);
      if (packets.length === 0 || signal.aborted) return;
      wire.ask('forward:send', { packets }).catch((error: unknown) => {
        facts.problem ||= error instanceof Error ? error.message : String(error);
      });
      flush();
    };
    const last = new Map<string, number>();
    const forward: Forward = {
      send(viewer, packet) {
        if (waiting.length === 0) setTimeout(flush);
        waiting.push({ to: viewer, packet: toBase64(packet) });
        const sequence = ((packet[2] ?? 0) << 8) | (packet[3] ?? 0);
        const before = last.get(viewer);
        if (before !== undefined && sequence !== ((before + 1) & 0xffff))
          facts.gaps.set(viewer, (facts.gaps.get(viewer) ?? 0) + 1);
        last.set(viewer, sequence);
        facts.sent.set(viewer, (facts.sent.get(viewer) ?? 0) + 1);
      },
      requestKeyFrame: () => void wire.ask('forward:key-frame', {}).catch(() => {}),
    };
    await call('start', forward);
    let isCalling = Promise.resolve();
    const fail = (error: unknown) => {
      facts.problem ||= error instanceof Error ? error.message : String(error);
    };
    wire.on('forward:packets', ({ packets }) => {
      isCalling = isCalling.then(async () => {
        for (const packet of packets) if (!signal.aborted) await call('onPacket', fromBase64(packet));
      }, fail);
    });
    wire.on('forward:wished', ({ viewer }) => {
      if (!signal.aborted) call('onPictureLoss', viewer).catch(fail);
    });

    const alice = tools.createPeer('alice');
    const { stream } = openSyntheticMedia({ peer: 'alice', signal, audio: false, video: SMALL });
    const [picture] = stream.getVideoTracks();
    alice.addTransceiver(picture ?? 'video', {
      direction: 'sendonly',
      sendEncodings: [{ maxBitrate: MAX_BPS }],
    });
    await alice.setLocalDescription();
    const { sdp } = await wire.ask('forward:publish', { sdp: alice.localDescription?.sdp ?? '' });
    signal.addEventListener('abort', () => void wire.ask('forward:end', {}).catch(() => {}), { once: true });
    await alice.setRemoteDescription({ type: 'answer', sdp });

    const view = async (viewer: Viewer) => {
      const pc = tools.createPeer(viewer);
      const offer = await wire.ask('forward:view', { viewer });
      await pc.setRemoteDescription({ type: 'offer', sdp: offer.sdp });
      await pc.setLocalDescription();
      const { candidates } = await wire.ask('forward:answer', {
        viewer,
        sdp: pc.localDescription?.sdp ?? '',
      });
      for (const candidate of candidates) await pc.addIceCandidate(candidate);
      await until(() => pc.connectionState === 'connected');
      await call('viewerCame', viewer);
    };
    const until = async (holds: () => boolean | Promise<boolean>, limitMs = STEP_LIMIT_MS) => {
      const endMs = performance.now() + limitMs;
      while (!(await holds()) && performance.now() < endMs) {
        signal.throwIfAborted();
        await after(LOOK_MS);
      }
      return holds();
    };
    const allSee = (whom: readonly Viewer[]) => async () => {
      for (const viewer of whom) if ((await decoded(bench.connections.get(viewer))) < FRAMES) return false;
      return true;
    };

    await until(() => alice.connectionState === 'connected');
    for (const viewer of firstViewers) await view(viewer);
    if (!(await until(allSee(firstViewers)))) return void (facts.step = 'over');
    facts.uplinkBps.push(await uplink(alice));
    facts.step = 'six';
    await Promise.all(lateViewers.map(view));
    if (!(await until(allSee(viewers)))) return void (facts.step = 'over');
    facts.uplinkBps.push(await uplink(alice));
    facts.step = 'away';
    await call('show', 'bob', false);
    await after(AWAY_MS / 2); // what was on its way
    const before = facts.sent.get('bob') ?? 0;
    await after(AWAY_MS);
    facts.sentWhileAway = (facts.sent.get('bob') ?? 0) - before;
    facts.step = 'back';
    const seen = await decoded(bench.connections.get('bob'));
    await call('show', 'bob', true);
    facts.backMs = bench.timeline.nowMs;
    await until(async () => (await decoded(bench.connections.get('bob'))) >= seen + 3 * FRAMES);
    facts.keyFrames = (await counted(alice)).keyFrames;
    facts.step = 'over';
  },
  checks: [
    {
      id: 'two',
      title: 'bob and carol see alice',
      hint: 'Does each packet go to each viewer? And is a packet for two of them two packets?',
      pass(witness) {
        const { sent, problem, step } = witness.facts;
        const who = seeing(witness, firstViewers);
        const total = firstViewers.map((viewer) => `${sent.get(viewer) ?? 0} packets to ${viewer}`);
        return {
          ok: who.length === firstViewers.length,
          final: step === 'over',
          saw: `${total.join(', ')}; alice’s counter is seen by ${listed(who)}.${problem ? ` ${problem}` : ''}`,
          wanted: 'Her counter in the pictures of both.',
        };
      },
    },
    {
      id: 'late',
      title: 'Four more come later, and see her, too',
      hint: 'A decoder can begin only with a key frame, and alice’s was long ago. Who asks her for another one?',
      pass(witness) {
        const who = seeing(witness, lateViewers);
        return {
          ok: who.length === lateViewers.length,
          final: witness.facts.step === 'over',
          saw: `Of those who came late, alice’s counter is seen by ${listed(who)}.`,
          wanted: `By ${lateViewers.join(', ')}.`,
        };
      },
    },
    {
      id: 'uplink',
      title: 'alice’s upload is the same for two and for six',
      hint: 'What makes alice send more? Her browser does not know how many are watching.',
      pass({ facts: { uplinkBps, keyFrames, step } }) {
        const [two, six] = uplinkBps;
        const isSame = two !== undefined && six !== undefined && six < two * MOST_TIMES;
        const isCalm = keyFrames !== undefined && keyFrames <= MOST_KEY_FRAMES;
        return {
          ok: isSame && isCalm,
          final: step === 'over',
          saw:
            two === undefined || six === undefined
              ? `Measured: ${uplinkBps.map(kbits).join(', ') || 'nothing yet'}.`
              : `${kbits(two)} with two viewers, ${kbits(six)} with six${keyFrames === undefined ? '' : `; ${keyFrames} key frames in all`}.`,
          wanted: `About the same (a mesh would need three times as much), and at most ${MOST_KEY_FRAMES} key frames: each is worth many other frames.`,
        };
      },
    },
    {
      id: 'page',
      title: 'Who does not show the picture is sent nothing, and sees it again on coming back',
      hint: '`show(viewer, false)`: no packets. `show(viewer, true)`: what does the decoder begin with?',
      pass(witness) {
        const { sentWhileAway, backMs, step } = witness.facts;
        const seen = backMs === undefined ? 0 : framesOf(witness, 'bob', backMs);
        return {
          ok: sentWhileAway === 0 && seen >= FRAMES,
          final: step === 'over',
          saw:
            sentWhileAway === undefined
              ? 'Nobody has looked away yet.'
              : `${sentWhileAway} packets went to bob while he did not show it; ${seen} frames were seen after he came back.`,
          wanted: `None, and ${FRAMES} frames or more.`,
        };
      },
    },
    {
      id: 'numbers',
      title: 'Each viewer’s packets have numbers without a gap',
      when: 'end',
      hint: 'What was not sent to bob must not be missed by bob: his numbers are his own.',
      pass({ facts: { gaps, sent, backMs } }) {
        const count = [...gaps.values()].reduce((sum, one) => sum + one, 0);
        return {
          ok: count === 0 && sent.size === viewers.length && backMs !== undefined,
          saw:
            count > 0
              ? `${count} times a number did not follow the one before: at ${listed([...gaps.keys()])}.`
              : `${sent.size} viewers were sent packets, in order.`,
          wanted: 'Each number one more than the last, also after a while without packets.',
        };
      },
    },
  ],
});
