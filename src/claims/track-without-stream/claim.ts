import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`addTrack(track)` without a stream, and `new MediaStream([event.track])` for each event.',
  because:
    'The `track` event fires once for each track. A new stream for each puts the second in the place of the first. Name the stream when you add, and use `event.streams[0]`: the same object each time, and sound and picture are kept in step.',
  wrong: {
    chromium: '2 events, streams 0 and 0; the element has 1 of 2 tracks',
    firefox: '2 events, streams 0 and 0; the element has 1 of 2 tracks',
  },
  right: {
    chromium: '2 events, streams 1 and 1; the element has 2 of 2 tracks',
    firefox: '2 events, streams 1 and 1; the element has 2 of 2 tracks',
  },
});
