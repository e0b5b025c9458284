import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`addTrack(track)` is enough; the receiver gets its stream from the event.',
  because:
    'Without a stream `event.streams` is empty: nothing says which sound belongs to which picture. `addTrack(track, stream)` sends the stream’s id along (webrtc-pc §5.1; RFC 8830).',
  wrong: {
    chromium: 'event.streams.length: 0 and 0',
    firefox: 'event.streams.length: 0 and 0',
  },
  right: {
    chromium: 'event.streams.length: 1 and 1, the same stream: true',
    firefox: 'event.streams.length: 1 and 1, the same stream: true',
  },
});
