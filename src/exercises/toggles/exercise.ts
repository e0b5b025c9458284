import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';
import { openSyntheticMedia } from '../../rtc/media/synthetic.ts';

/** alice's side of a call that is up. */
export interface Call {
  readonly pc: RTCPeerConnection;
  readonly stream: MediaStream;
  /** The one that is sent; it stays open for the whole call. */
  readonly microphone: MediaStreamTrack;
  /** Opens the camera, as `getUserMedia()` does: a new track each time. */
  readonly openCamera: () => Promise<MediaStreamTrack>;
}

/** What our half waits for before it goes on. */
type Stage = 'call' | 'muted' | 'unmuted' | 'off' | 'on';

interface Facts {
  stage: Stage;
  readonly done: Set<Stage>;
  /** It cannot go on: something is lost for good. */
  isOver: boolean;
  /** When bob's first frames were there; undefined before that. */
  seenAtMs: number | undefined;
  /** Whether a tone was heard: Firefox plays none on a computer without a sound device. */
  hasSound: boolean;
  microphone: MediaStreamTrack | undefined;
  /** Looks at bob's ears that found silence, one after the other. */
  silentLooks: number;
  /** Where the record was when the call was up; undefined before that. */
  upSeq: number | undefined;
  /** bob's last frame, and when the camera was turned off and on. */
  offAtMs: number | undefined;
  onAtMs: number | undefined;
  /** The camera that was on when it was to be turned off. */
  camera: MediaStreamTrack | undefined;
}

/** So long nothing new may come before it counts as nothing. What was under way has arrived by then. */
const STILL_MS = 700;
const SETTLE_MS = 400;
const SILENT_LOOKS = 4;
/** A tone that has not come so long after the first frame will not come. */
const NO_SOUND_MS = 3_000;
/** A camera that has not come so long after it was opened will not come. */
const BACK_MS = 3_000;
const ENOUGH = 3;

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** By the getters of the browser's prototype: a property that the learner's code put on a track changes nothing. */
const isEnabled = (track: MediaStreamTrack | undefined) =>
  track !== undefined &&
  Reflect.get<MediaStreamTrack, 'enabled'>(MediaStreamTrack.prototype, 'enabled', track);
const hasEnded = (track: MediaStreamTrack | undefined) =>
  track !== undefined &&
  Reflect.get<MediaStreamTrack, 'readyState'>(MediaStreamTrack.prototype, 'readyState', track) === 'ended';

/** Whether bob hears alice; without a sound device, whether her microphone is on at all. */
const hears = (witness: Witness<Facts>) =>
  witness.facts.hasSound
    ? witness.toneHz('bob') !== undefined
    : isEnabled(witness.facts.microphone) && !hasEnded(witness.facts.microphone);

function reached(witness: Witness<Facts>, stage: Stage): void {
  witness.facts.done.add(stage);
}

const framesSince = (witness: Witness<Facts>, atMs: number) =>
  witness.frames('bob').filter((frame) => frame.atMs > atMs).length;

/** Offers and events of alice's since the call was up. */
function negotiated({ entries, facts: { upSeq = Infinity } }: Witness<Facts>): number {
  return entries.filter(
    (entry) =>
      entry.seq > upSeq &&
      (entry.kind === 'negotiation-needed' || (entry.kind === 'description' && entry.side === 'local')),
  ).length;
}

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'Buttons that need no offer',
  task: [
    'alice and bob are in a call. This code mutes the microphone and turns the camera off by taking tracks away, and adds them again later. It works, and each press costs an offer and an answer; with five others it costs ten messages, and one that is lost is a call that hangs.',
    'Repair `setMicrophone()` and `setCamera()`. When muted, bob hears nothing. With the camera off he gets no frame, and the camera is given back: its lamp goes out. Both come back, and nothing is negotiated.',
  ],
  hints: [
    'A track can be silent, and a sender can do without a track. Neither changes what the two have agreed on.',
    '`enabled` is for the microphone. For the camera look at `replaceTrack()` of the sender of the video m-line: which track does it take for “nothing”?',
    'Off: keep `sender.track`, `await sender.replaceTrack(null)`, then `stop()` what you kept. On: `await sender.replaceTrack(await openCamera())`. A sender without a track is found by its transceiver: `receiver.track.kind` is always there.',
  ],
  media: true,
  limitMs: 12_000,
  facts: () => ({
    stage: 'call',
    done: new Set(),
    isOver: false,
    seenAtMs: undefined,
    hasSound: false,
    microphone: undefined,
    silentLooks: 0,
    upSeq: undefined,
    offAtMs: undefined,
    onAtMs: undefined,
    camera: undefined,
  }),
  async play({ bench, tools, facts, call, signal }) {
    const pcs = { alice: tools.createPeer('alice'), bob: tools.createPeer('bob') };
    for (const [self, other] of [
      ['alice', 'bob'],
      ['bob', 'alice'],
    ] as const) {
      const pc = pcs[self];
      const channel = tools.signaling(self);
      const describe = async () => {
        await pc.setLocalDescription();
        await channel.send(other, { description: pc.localDescription });
      };
      pc.addEventListener('icecandidate', ({ candidate }) => void channel.send(other, { candidate }));
      if (self === 'alice') pc.addEventListener('negotiationneeded', () => void describe());
      channel.receive(async (_, message) => {
        if ('candidate' in message) return pc.addIceCandidate(message.candidate);
        await pc.setRemoteDescription(message.description);
        if (message.description.type === 'offer') await describe();
      });
    }
    const stream = await tools.media('alice');
    const [[microphone], [camera]] = [stream.getAudioTracks(), stream.getVideoTracks()];
    if (!microphone || !camera) return;
    for (const track of [microphone, camera]) pcs.alice.addTrack(track, stream);
    Object.assign(facts, { camera, microphone });
    const alice: Call = {
      pc: pcs.alice,
      stream,
      microphone,
      openCamera: () => {
        const [opened] = openSyntheticMedia({ peer: 'alice', signal, audio: false }).stream.getVideoTracks();
        facts.camera = opened;
        return Promise.resolve(opened!);
      },
    };
    const until = async (stage: Stage) => {
      facts.stage = stage;
      while (!signal.aborted && !facts.done.has(stage) && !facts.isOver) await after(50);
      signal.throwIfAborted();
      return !facts.isOver;
    };
    if (!(await until('call'))) return;
    facts.upSeq = bench.timeline.entries.length - 1;
    await call('setMicrophone', alice, false);
    if (!(await until('muted'))) return;
    await call('setMicrophone', alice, true);
    if (!(await until('unmuted'))) return;
    const before = facts.camera;
    await call('setCamera', alice, false);
    facts.camera = before;
    await after(SETTLE_MS);
    facts.offAtMs = bench.timeline.nowMs;
    if (!(await until('off'))) return;
    await call('setCamera', alice, true);
    facts.onAtMs = bench.timeline.nowMs;
    await until('on');
  },
  checks: [
    {
      id: 'call',
      title: 'At first bob sees and hears alice',
      hint: 'That part is ours.',
      pass(witness) {
        const { facts } = witness;
        const { nowMs } = witness.bench.timeline;
        const frames = witness.frames('bob').length;
        if (frames >= ENOUGH) facts.seenAtMs ??= nowMs;
        facts.hasSound ||= witness.toneHz('bob') !== undefined;
        const isSilent = facts.seenAtMs !== undefined && nowMs - facts.seenAtMs > NO_SOUND_MS;
        const ok = frames >= ENOUGH && (facts.hasSound || isSilent);
        if (ok) reached(witness, 'call');
        return {
          ok,
          saw: `bob has seen ${frames} frames and hears ${facts.hasSound ? 'alice’s tone' : 'nothing: is there a sound device?'}`,
          wanted: `${ENOUGH} frames and a tone.`,
        };
      },
    },
    {
      id: 'muted',
      title: 'Muted, bob hears nothing',
      hint: 'A track of sound that is not `enabled` is sent as silence.',
      pass(witness) {
        const { facts } = witness;
        if (facts.upSeq !== undefined && facts.stage === 'muted')
          facts.silentLooks = hears(witness) ? 0 : facts.silentLooks + 1;
        const ok = facts.silentLooks >= SILENT_LOOKS;
        if (ok) reached(witness, 'muted');
        return {
          ok,
          saw:
            facts.upSeq === undefined
              ? 'The call was not up yet.'
              : ok
                ? 'Silence.'
                : 'bob still hears alice.',
          wanted: 'Silence at bob’s end after `setMicrophone(call, false)`.',
        };
      },
    },
    {
      id: 'unmuted',
      title: 'Unmuted, he hears her again',
      hint: 'A track that was stopped stays ended.',
      pass(witness) {
        const isTurn = witness.facts.done.has('muted') && witness.facts.stage !== 'muted';
        const ok = isTurn && hears(witness);
        if (ok) reached(witness, 'unmuted');
        if (!ok && isTurn && hasEnded(witness.facts.microphone)) witness.facts.isOver = true;
        return {
          ok,
          final: witness.facts.isOver,
          saw: isTurn ? (ok ? 'bob hears the tone.' : 'bob hears nothing.') : 'It was not unmuted yet.',
          wanted: 'The tone at bob’s end after `setMicrophone(call, true)`.',
        };
      },
    },
    {
      id: 'off',
      title: 'With the camera off no frame comes, and the lamp is out',
      hint: '`replaceTrack(null)` stops the sending; only `stop()` gives the camera back.',
      pass(witness) {
        const { offAtMs, camera } = witness.facts;
        if (witness.facts.done.has('off')) return { ok: true, saw: 'Nothing came.', wanted: 'Nothing.' };
        const waited = offAtMs !== undefined && witness.bench.timeline.nowMs - offAtMs >= STILL_MS;
        const frames = offAtMs === undefined ? 0 : framesSince(witness, offAtMs);
        const isOut = hasEnded(camera);
        const ok = waited && frames === 0 && isOut;
        if (ok) reached(witness, 'off');
        if (waited && !ok) witness.facts.isOver = true;
        return {
          ok,
          final: witness.facts.isOver,
          saw:
            offAtMs === undefined
              ? 'The camera was not turned off yet.'
              : `${frames} frames came since then; the camera’s track is \`${isOut ? 'ended' : 'live'}\`.`,
          wanted: 'No frame, and a track that is `ended`.',
        };
      },
    },
    {
      id: 'on',
      title: 'With the camera on bob sees her again',
      hint: 'The old track is over. `openCamera()` gives a new one, and the same sender takes it.',
      pass(witness) {
        const { onAtMs } = witness.facts;
        const frames = onAtMs === undefined ? 0 : framesSince(witness, onAtMs);
        const ok = frames >= ENOUGH;
        if (ok) reached(witness, 'on');
        if (!ok && onAtMs !== undefined && witness.bench.timeline.nowMs - onAtMs > BACK_MS)
          witness.facts.isOver = true;
        return {
          ok,
          final: witness.facts.isOver,
          saw: onAtMs === undefined ? 'The camera was not turned on yet.' : `${frames} new frames came.`,
          wanted: `${ENOUGH} new frames.`,
        };
      },
    },
    {
      id: 'same',
      title: 'Nothing was negotiated',
      when: 'end',
      hint: '`addTrack()`, `removeTrack()`, `direction` and `stop()` of a transceiver change what the two have agreed on.',
      pass(witness) {
        const count = negotiated(witness);
        const wasUp = witness.facts.upSeq !== undefined;
        return {
          ok: wasUp && count === 0,
          saw: wasUp
            ? `${count} descriptions and \`negotiationneeded\` events since the call was up.`
            : 'The call was never up.',
          wanted: 'None: the SDP stays as it was.',
        };
      },
    },
  ],
});
