import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { callOneWay } from '../../lab-kit/exercise/one-way.ts';
import { openPlace, Rendered } from '../../lab-kit/exercise/rendered.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';
import type { EntryOf } from '../../rtc/timeline.ts';

const ENOUGH_DECODED = 40;

type Facts = { rendered?: Rendered };

const trackEvents = ({ entries }: Pick<Witness<Facts>, 'entries'>) =>
  entries.filter((entry): entry is EntryOf<'track'> => entry.peer === 'bob' && entry.kind === 'track');

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'Two tracks, one after the other',
  task: [
    'alice adds her picture and her tone without saying that they belong together. bob makes a stream of each track as it comes, so the second replaces the first in `srcObject`.',
    'Repair both ends: bob’s browser is to know that the two are one stream, and his `<video>` is to have both.',
  ],
  hints: [
    'What is in `event.streams` at bob’s end, and who decides that?',
    '`addTrack()` takes the streams of a track after the track: their ids cross in the SDP.',
    '`pc.addTrack(track, stream)` at alice’s end, `video.srcObject = streams[0]` at bob’s. It is the same object in both events.',
  ],
  limitMs: 12_000,
  facts: () => ({}),
  async play({ bench, tools, facts, call, signal }) {
    const place = openPlace(signal);
    const video = Object.assign(document.createElement('video'), {
      autoplay: true,
      muted: true,
      playsInline: true,
    });
    place.append(video);
    const received = () =>
      bench.connections
        .get('bob')
        ?.getReceivers()
        .map(({ track }) => track) ?? [];
    facts.rendered = new Rendered(
      () => video,
      received,
      () => bench.timeline.nowMs,
      signal,
    );
    const stream = await tools.media('alice');
    await callOneWay({ tools }, async (alice, bob) => {
      await call('receive', bob, video);
      await call('send', alice, stream);
    });
  },
  checks: [
    {
      id: 'named',
      title: 'Both tracks come with one and the same stream',
      hint: 'The sender says which stream a track belongs to; the receiver cannot know.',
      pass(witness) {
        const events = trackEvents(witness);
        const ids = new Set(events.flatMap(({ streams }) => streams));
        const counts = events.map(({ track, streams }) => `${track}: ${streams.length}`).join(', ');
        return {
          ok: events.length === 2 && events.every(({ streams }) => streams.length === 1) && ids.size === 1,
          saw:
            events.length === 0
              ? 'No track has come.'
              : `Streams of the \`track\` events: ${counts}; ${ids.size} different ${ids.size === 1 ? 'one' : 'ones'} in all.`,
          wanted: 'Two events, each with one stream, and that the same.',
          final: events.length >= 2,
        };
      },
    },
    {
      id: 'both',
      title: 'The video has picture and tone',
      hint: 'Setting `srcObject` again takes away what was there.',
      async pass(witness) {
        const received = witness.bench.connections.get('bob')?.getReceivers() ?? [];
        const tracks = witness.facts.rendered?.tracks ?? [];
        const kinds = received.flatMap(({ track }) => (tracks.includes(track) ? [track.kind] : []));
        return {
          ok: kinds.length === 2,
          saw:
            kinds.length === 0
              ? 'Its `srcObject` has none of the received tracks.'
              : `Its \`srcObject\` has of what was received: ${kinds.join(' and ')}.`,
          wanted: 'Both tracks that bob’s connection received.',
          final: (await witness.framesDecoded('bob')) >= ENOUGH_DECODED,
        };
      },
    },
    {
      id: 'pixels',
      title: 'The picture moves',
      hint: 'Look at the check above: is there a picture in the stream?',
      async pass(witness) {
        const frames = witness.facts.rendered?.frames.filter(({ peer }) => peer === 'alice') ?? [];
        return {
          ok: frames.length >= 5,
          saw: `${frames.length} different frames of alice’s were read from the pixels.`,
          wanted: '5 or more.',
          final: (await witness.framesDecoded('bob')) >= ENOUGH_DECODED,
        };
      },
    },
  ],
});
