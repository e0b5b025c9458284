import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { ofType } from '../../rtc/stats/report.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';

const ENOUGH = 5;

/** The m-sections of bob's offer, as `video recvonly`; undefined before he has made one. */
function offered({ entries }: Witness): string[] | undefined {
  const offer = entries.find(
    (entry) =>
      entry.kind === 'description' &&
      entry.peer === 'bob' &&
      entry.side === 'local' &&
      entry.type === 'offer',
  );
  if (offer?.kind !== 'description') return undefined;
  return offer.sdp
    .split(/^(?=m=)/m)
    .slice(1)
    .map((section) => {
      const direction = /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(section)?.[1] ?? 'sendrecv';
      return `${/^m=(\w+)/.exec(section)?.[1] ?? ''} ${direction}`;
    });
}

export default defineExercise({
  kind: 'complete',
  title: 'Join to watch',
  task: [
    'bob comes to a call that alice is in, and only wants to see and hear her. He has no camera, is not to be asked for one, and he is the one who offers.',
    'Complete `watch()`: bob’s offer asks for one sound and one picture, and promises to send nothing. alice answers with her tracks.',
  ],
  hints: [
    'An offer without an m-section asks for nothing. What makes an m-section without a track?',
    '`addTransceiver(kind, init)` takes a kind in place of a track, and `init` says the direction.',
    "`pc.addTransceiver('audio', { direction: 'recvonly' })`, and the same for video, before the offer is made.",
  ],
  limitMs: 6_000,
  async play({ tools, call }) {
    const alice = tools.createPeer('alice');
    const channel = tools.signaling('alice');
    const stream = await tools.media('alice');
    alice.addEventListener('icecandidate', ({ candidate }) => void channel.send('bob', { candidate }));
    channel.receive(async (_, signal) => {
      if ('candidate' in signal) return alice.addIceCandidate(signal.candidate);
      await alice.setRemoteDescription(signal.description);
      if (signal.description.type !== 'offer') return;
      for (const track of stream.getTracks()) alice.addTrack(track, stream);
      await alice.setLocalDescription();
      await channel.send('bob', { description: alice.localDescription });
    });
    await call('watch', tools);
  },
  checks: [
    {
      id: 'asks',
      title: 'bob’s offer asks for sound and picture, and promises none',
      hint: 'Look at `a=recvonly` in the offer: there has to be one in each m-section.',
      pass(witness) {
        const sections = offered(witness);
        const ok = sections?.toSorted().join() === 'audio recvonly,video recvonly';
        const words = sections?.map((one) => `\`${one}\``).join(', ');
        return {
          ok,
          final: sections !== undefined,
          saw:
            sections === undefined ? 'bob has made no offer.' : `bob’s offer has ${words || 'no m-section'}.`,
          wanted: '`audio recvonly` and `video recvonly`.',
        };
      },
    },
    {
      id: 'frames',
      title: 'alice’s picture arrives',
      hint: 'alice can only put a track into an m-section that bob has offered.',
      pass(witness) {
        const frames = witness.frames('bob').filter(({ peer }) => peer === 'alice').length;
        const sections = offered(witness);
        return {
          ok: frames >= ENOUGH,
          final: sections !== undefined && !sections.some((one) => one.startsWith('video')),
          saw: `bob has seen ${frames} frames of alice’s picture.`,
          wanted: `${ENOUGH} frames.`,
        };
      },
    },
    {
      id: 'nothing',
      title: 'bob sends nothing, and opens no camera',
      when: 'end',
      hint: 'Whoever only watches needs no `media()`.',
      async pass(witness) {
        const opened = witness.bench.shown.some(({ peer, side }) => peer === 'bob' && side === 'local');
        const report = await witness.stats('bob');
        const sent = report ? ofType(report, 'outbound-rtp').length : 0;
        return {
          ok: report !== undefined && !opened && sent === 0,
          saw: `bob ${opened ? 'opened his media' : 'opened no media'}; he sends ${sent} RTP streams.`,
          wanted: 'No media of bob’s, and 0 RTP streams.',
        };
      },
    },
  ],
});
