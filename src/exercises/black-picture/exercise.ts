import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { callOneWay } from '../../lab-kit/exercise/one-way.ts';
import { openPlace, Rendered } from '../../lab-kit/exercise/rendered.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';

/** What is to be seen is seen by then: as many frames were decoded. */
const ENOUGH_DECODED = 40;

type Facts = { rendered?: Rendered };

const enough = async (witness: Witness<Facts>) => (await witness.framesDecoded('bob')) >= ENOUGH_DECODED;
const received = ({ bench }: Pick<Witness<Facts>, 'bench'>) =>
  bench.connections
    .get('bob')
    ?.getReceivers()
    .map(({ track }) => track) ?? [];

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'The track event fires, and the picture is black',
  task: [
    'bob’s connection is up, `track` fires, frames are decoded, and the page stays black. The code is at fault three times over.',
    'Repair `show()` so that alice’s picture moves in `box`, below the state of the connection. It is judged by the pixels that the `<video>` in the box shows. Playback must start by itself; let it be muted.',
  ],
  hints: [
    'Go through the doctor’s checklist: is the stream in the element that stands in the page at the end? Is the track enabled? Does the element play?',
    '`render()` runs again when the state changes, and makes a new `<video>` that nobody gives the stream to. And a remote track is `muted` when `track` fires: what does the code make of that?',
    'Make the `<video autoplay muted playsinline>` once and change only the text above it. Leave `enabled` alone.',
  ],
  limitMs: 12_000,
  facts: () => ({}),
  async play({ bench, tools, facts, call, signal }) {
    const box = openPlace(signal);
    const stream = await tools.media('alice');
    await callOneWay({ tools }, async (alice, bob) => {
      facts.rendered = new Rendered(
        () => box.querySelector('video'),
        () => received({ bench }),
        () => bench.timeline.nowMs,
        signal,
      );
      for (const track of stream.getTracks()) alice.addTrack(track, stream);
      await call('show', bob, box);
    });
  },
  checks: [
    {
      id: 'decoded',
      title: 'Frames arrive and are decoded',
      hint: 'This much works from the start: is the connection still open, and the received track not stopped?',
      async pass(witness) {
        const frames = await witness.framesDecoded('bob');
        return {
          ok: frames >= 10,
          saw: `bob’s connection has decoded ${frames} frames.`,
          wanted: '10 or more: the network has done its part.',
        };
      },
    },
    {
      id: 'attached',
      title: 'The video in the page has what was received',
      hint: 'Which `<video>` was given the stream, and which one stands in the box now?',
      async pass(witness) {
        const { rendered } = witness.facts;
        const tracks = rendered?.tracks ?? [];
        const isReceived = tracks.some(
          (track) => track.kind === 'video' && received(witness).includes(track),
        );
        const saw = isReceived
          ? 'The `<video>` in the box has the video track that bob’s connection received.'
          : rendered?.paused === undefined
            ? 'There is no `<video>` in the box.'
            : tracks.length === 0
              ? 'The `<video>` in the box has no stream in its `srcObject`.'
              : 'The `<video>` in the box shows something that bob’s connection has not received.';
        return {
          // It must last: the states change several times before the call is up.
          ok:
            isReceived && witness.state('bob') === 'connected' && (await witness.framesDecoded('bob')) >= 20,
          saw,
          wanted: 'The received track in `srcObject`, also after the connection has changed its state.',
          final: await enough(witness),
        };
      },
    },
    {
      id: 'playing',
      title: 'The video plays',
      hint: '`autoplay`, or `await video.play()`; without sound a browser lets it start by itself.',
      async pass(witness) {
        const paused = witness.facts.rendered?.paused;
        return {
          ok: paused === false,
          saw: paused === undefined ? 'There is no `<video>`.' : `\`paused\` is \`${paused}\`.`,
          wanted: '`false`, without anybody pressing a button.',
          final: await enough(witness),
        };
      },
    },
    {
      id: 'pixels',
      title: 'Its pixels change, and they are alice’s',
      hint: 'A track that is not enabled is black, however many frames are decoded.',
      async pass(witness) {
        const frames = witness.facts.rendered?.frames.filter(({ peer }) => peer === 'alice') ?? [];
        return {
          ok: frames.length >= 5,
          saw: `${frames.length} different frames of alice’s were read from the pixels.`,
          wanted: '5 or more.',
          final: await enough(witness),
        };
      },
    },
  ],
});
