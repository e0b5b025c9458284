import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`remoteStream.addTrack(track, remoteStream)`, as at a connection.',
  because:
    'A `MediaStream` takes one argument, and both browsers pass over the second: it does no harm, but whoever reads it takes the stream for a connection. And none of it is needed: `event.streams[0]` is there already.',
  wrong: { chromium: '1 track', firefox: '1 track' },
  right: { chromium: 'the sender’s stream, with 1 track', firefox: 'the sender’s stream, with 1 track' },
});
