import { openSyntheticMedia } from '../../rtc/media/synthetic.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';

const ENOUGH = 3;
/** As five letters of it stand in the pixels. */
const SCREEN = 'scree';

interface Facts {
  /** `seq` of the last entry before the screen was shared; undefined before that. */
  sharedSeq: number | undefined;
  sawCamera: boolean;
  sawScreen: boolean;
}

const countOf = ({ frames }: { frames: readonly { peer: string }[] }, peer: string) =>
  frames.filter((frame) => frame.peer === peer).length;

/** The frames of alice's that came after the screen. */
function backAgain(witness: Witness<Facts>): number {
  const frames = witness.frames('bob');
  const last = frames.findLastIndex(({ peer }) => peer === SCREEN);
  return last < 0 ? 0 : frames.length - 1 - last;
}

function needed({ entries, facts }: Witness<Facts>): number {
  const { sharedSeq } = facts;
  if (sharedSeq === undefined) return 0;
  return entries.filter(
    ({ seq, peer, kind }) => seq > sharedSeq && peer === 'alice' && kind === 'negotiation-needed',
  ).length;
}

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'From the camera to the screen and back',
  task: [
    'alice and bob are in a call. When alice shares her screen, this code takes the camera’s track away and adds the screen’s; when she ends it, the other way round. bob gets a new m-section each time, and both negotiate.',
    'Repair `share()` and `unshare()`: bob sees the screen, then the camera again, and nobody has to negotiate. The rest of the call is ours; it would answer `negotiationneeded` with an offer.',
  ],
  hints: [
    'What bob agreed to is a video, not a camera. Which method of `RTCRtpSender` exchanges the one for the other?',
    'The sender that sends the camera is in `pc.getSenders()`; its track is of kind `video`.',
    'Do not stop the camera: its track is needed again.',
  ],
  limitMs: 6_000,
  facts: () => ({ sharedSeq: undefined, sawCamera: false, sawScreen: false }),
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
    for (const track of stream.getTracks()) pcs.alice.addTrack(track, stream);
    const until = async (holds: () => boolean) => {
      while (!signal.aborted && !holds()) await new Promise((resolve) => setTimeout(resolve, 50));
      signal.throwIfAborted();
    };
    await until(() => facts.sawCamera);
    facts.sharedSeq = bench.timeline.entries.length - 1;
    const [screen] = openSyntheticMedia({ peer: 'screen', signal, audio: false }).stream.getVideoTracks();
    await call('share', pcs.alice, screen, stream);
    await until(() => facts.sawScreen);
    await call('unshare', pcs.alice, stream.getVideoTracks()[0], stream);
  },
  checks: [
    {
      id: 'camera',
      title: 'At first bob sees alice’s camera',
      hint: 'That part is ours.',
      pass(witness) {
        const frames = countOf({ frames: witness.frames('bob') }, 'alice');
        witness.facts.sawCamera ||= frames >= ENOUGH;
        return {
          ok: frames >= ENOUGH,
          saw: `bob has seen ${frames} frames of the camera.`,
          wanted: `${ENOUGH} frames.`,
        };
      },
    },
    {
      id: 'screen',
      title: 'bob sees the screen',
      hint: 'A track that no sender has does not leave the page.',
      pass(witness) {
        const frames = countOf({ frames: witness.frames('bob') }, SCREEN);
        witness.facts.sawScreen ||= frames >= ENOUGH;
        return {
          ok: frames >= ENOUGH,
          saw: `bob has seen ${frames} frames of the screen.`,
          wanted: `${ENOUGH} frames.`,
        };
      },
    },
    {
      id: 'back',
      title: 'After that he sees the camera again',
      hint: 'A track that was stopped stays ended: a camera would have to be opened again.',
      pass(witness) {
        const frames = backAgain(witness);
        return {
          ok: frames >= ENOUGH,
          saw: `bob has seen ${frames} frames of the camera since the screen.`,
          wanted: `${ENOUGH} frames.`,
        };
      },
    },
    {
      id: 'events',
      title: 'Nobody has to negotiate',
      when: 'end',
      hint: '`addTrack()` and `removeTrack()` change what the two have agreed on. Which call does not?',
      pass(witness) {
        const count = needed(witness);
        const shared = witness.facts.sharedSeq !== undefined;
        return {
          ok: shared && count === 0,
          saw: shared
            ? `Since the screen was shared, \`negotiationneeded\` has fired ${count} times.`
            : 'The screen was never shared.',
          wanted: '0 times.',
        };
      },
    },
  ],
});
