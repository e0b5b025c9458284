import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { callOneWay } from '../../lab-kit/exercise/one-way.ts';
import { openPlace, Rendered } from '../../lab-kit/exercise/rendered.ts';
import { DESK, openDrawnDisplay } from '../../rtc/media/drawn-display.ts';

interface Facts {
  rendered?: Rendered;
  camera?: MediaStreamTrack;
  /** When `share()` was called, by the clock of the timeline. */
  sharedMs?: number;
  /** When the screen's track was ended, by the clock of the timeline. */
  endedMs?: number;
}

const ENOUGH = 5;
/** How long bob may wait to see the screen, and then the camera, in milliseconds. */
const PATIENCE_MS = 3_500;

const seen = ({ rendered, endedMs = Infinity }: Facts) => ({
  screen: rendered?.frames.filter(({ peer, atMs }) => peer === DESK && atMs < endedMs).length ?? 0,
  camera: rendered?.frames.filter(({ peer, atMs }) => peer === 'alice' && atMs > endedMs).length ?? 0,
});

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'Back to the camera when sharing ends',
  task: [
    'alice is in a call with bob and sends her camera. `share()` sends the screen instead. When the user presses the browser’s own “Stop sharing”, the screen’s track ends, and bob is to see her camera again: without a new offer, and on the same sender.',
    'The screen is a drawn one, and its “Stop sharing” is pressed by us.',
  ],
  hints: [
    'The sender can be given another track without negotiation: look at how the screen came to be sent.',
    'The page is told by an event of the track: not `mute`, and not of the stream.',
    '`await sender.replaceTrack(screen)`, and on `ended` `sender.replaceTrack(camera)`. Do not stop the camera meanwhile.',
  ],
  limitMs: 12_000,
  facts: () => ({}),
  async play({ bench, tools, facts, call, signal }) {
    const stream = await tools.media('alice');
    const [camera] = stream.getVideoTracks();
    if (!camera) return;
    facts.camera = camera;
    const video = Object.assign(document.createElement('video'), { muted: true, autoplay: true });
    openPlace(signal).append(video);
    const { alice, bob } = await callOneWay({ tools }, (from, to) => {
      to.addEventListener('track', ({ streams: [received] }) => (video.srcObject = received ?? null));
      from.addTrack(camera, stream);
    });
    const received = () => bob.getReceivers().map(({ track }) => track);
    facts.rendered = new Rendered(
      () => video,
      received,
      () => bench.timeline.nowMs,
      signal,
    );
    await bench.timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' }, signal);

    const display = openDrawnDisplay({ signal, width: 640, height: 360 });
    facts.sharedMs = bench.timeline.nowMs;
    await call('share', alice, camera, display.track);
    const limitMs = bench.timeline.nowMs + PATIENCE_MS;
    while (seen(facts).screen < ENOUGH && bench.timeline.nowMs < limitMs && !signal.aborted)
      await new Promise((resolve) => setTimeout(resolve, 30));
    display.endByBrowser();
    facts.endedMs = bench.timeline.nowMs;
  },
  checks: [
    {
      id: 'screen',
      title: 'bob sees the screen',
      hint: 'The sender of the camera can send another track.',
      pass({ facts }) {
        const { screen } = seen(facts);
        return {
          ok: screen >= ENOUGH,
          saw: `${screen} frames of the screen were read from the pixels at bob’s end, before it ended.`,
          wanted: `${ENOUGH} or more.`,
          final: facts.endedMs !== undefined,
        };
      },
    },
    {
      id: 'camera',
      title: 'Then bob sees the camera again',
      hint: 'Who is told when the browser’s button is pressed? And is the camera still open?',
      pass({ facts, bench }) {
        const { camera } = seen(facts);
        return {
          ok: camera >= ENOUGH,
          saw: `${camera} frames of alice’s camera were read after the screen’s track had ended; the camera’s track is \`${facts.camera?.readyState ?? 'not there'}\`.`,
          wanted: `${ENOUGH} or more, within some seconds.`,
          final: facts.endedMs !== undefined && bench.timeline.nowMs > facts.endedMs + PATIENCE_MS,
        };
      },
    },
    {
      id: 'offers',
      title: 'Nothing was negotiated anew',
      when: 'end',
      hint: '`addTrack()` and `removeTrack()` ask for an offer. `replaceTrack()` does not.',
      pass({ entries, facts: { sharedMs = 0 } }) {
        const since = entries.filter(({ peer, atMs }) => peer === 'alice' && atMs > sharedMs);
        const wanted = since.filter(({ kind }) => kind === 'negotiation-needed').length;
        const offers = since.filter((entry) => entry.kind === 'description' && entry.side === 'local').length;
        return {
          ok: wanted === 0 && offers === 0,
          saw: `\`negotiationneeded\` fired ${wanted} ${wanted === 1 ? 'time' : 'times'} since \`share()\` was called; alice has made ${offers} more ${offers === 1 ? 'offer' : 'offers'}.`,
          wanted: 'Neither of them: bob’s track stays the same, and what it shows changes.',
        };
      },
    },
  ],
});
