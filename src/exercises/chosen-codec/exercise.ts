import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';
import { linked, number, ofType, text } from '../../rtc/stats/report.ts';
import type { EntryOf } from '../../rtc/timeline.ts';

const WANTED = 'video/VP9';
const ENOUGH = 5;

/** What bob decodes: the codec of the stream in which pictures come. */
async function decodedBy(witness: Witness): Promise<{ codec: string | undefined; frames: number }> {
  const report = await witness.stats('bob');
  const inbound = report ? ofType(report, 'inbound-rtp').filter(({ kind }) => kind === 'video') : [];
  const [busiest] = inbound.toSorted(
    (a, b) => (number(b, 'framesDecoded') ?? 0) - (number(a, 'framesDecoded') ?? 0),
  );
  return {
    codec: report && text(linked(report, busiest, 'codecId'), 'mimeType'),
    frames: number(busiest, 'framesDecoded') ?? 0,
  };
}

/** The first way in which a text was not the browser's own; undefined when all of them were. */
function touched({ entries }: Witness): string | undefined {
  const own = entries.filter(
    (entry): entry is EntryOf<'description'> =>
      entry.kind === 'description' && entry.peer === 'alice' && entry.side === 'local',
  );
  for (const entry of entries) {
    if (entry.peer !== 'alice') continue;
    if (entry.kind === 'call' && entry.method === 'setLocalDescription' && entry.args.length > 0)
      return 'alice called `setLocalDescription()` with a text of her own.';
    if (entry.kind !== 'signal-sent' || !('description' in entry.signal)) continue;
    const { sdp } = entry.signal.description;
    if (!own.some((description) => description.sdp === sdp))
      return 'alice sent another text than the one that is her local description.';
  }
  return undefined;
}

export default defineExercise({
  kind: 'complete',
  title: 'A codec of your choice',
  task: [
    'alice sends bob her picture, and the browser would choose VP8. Make the two of them use **VP9**.',
    'Not a letter of SDP may be edited: `setLocalDescription()` is called without an argument, and what alice sends is her local description as it is. bob’s end is ours.',
  ],
  hints: [
    'Codecs are chosen for a transceiver, before the offer is made. What does `addTransceiver()` give back?',
    '`RTCRtpReceiver.getCapabilities("video").codecs` is the list; `setCodecPreferences()` takes it in another order.',
    'Put those whose `mimeType` is `video/VP9` in front, and leave the others behind them: `rtx` is needed, too.',
  ],
  limitMs: 6_000,
  async play({ tools, call }) {
    const bob = tools.createPeer('bob');
    const channel = tools.signaling('bob');
    bob.addEventListener('icecandidate', ({ candidate }) => void channel.send('alice', { candidate }));
    channel.receive(async (_, signal) => {
      if ('candidate' in signal) return bob.addIceCandidate(signal.candidate);
      await bob.setRemoteDescription(signal.description);
      if (signal.description.type !== 'offer') return;
      await bob.setLocalDescription();
      await channel.send('alice', { description: bob.localDescription });
    });
    await call('call', tools);
  },
  checks: [
    {
      id: 'codec',
      title: 'bob decodes VP9',
      hint: 'The answerer takes the first codec of the offer that suits: in which order are they offered?',
      async pass(witness) {
        const { codec, frames } = await decodedBy(witness);
        const isWrong = codec !== undefined && codec !== WANTED && frames >= ENOUGH;
        return {
          ok: codec === WANTED && frames >= ENOUGH,
          final: isWrong,
          saw: codec
            ? `bob has decoded ${frames} frames of \`${codec}\`.`
            : 'No picture of alice’s has reached bob.',
          wanted: `${ENOUGH} frames of \`${WANTED}\`, by bob’s own statistics.`,
        };
      },
    },
    {
      id: 'untouched',
      title: 'The SDP is the browser’s own',
      when: 'end',
      hint: 'There is a method for it. The text is its result.',
      pass(witness) {
        const problem = touched(witness);
        const made = witness.entries.some(({ peer, kind }) => peer === 'alice' && kind === 'description');
        return {
          ok: made && problem === undefined,
          saw:
            problem ??
            (made ? 'What alice set and sent is what the browser made.' : 'alice has set no description.'),
          wanted: '`setLocalDescription()` without an argument, and `pc.localDescription` as it is.',
        };
      },
    },
  ],
});
