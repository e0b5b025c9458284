import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'When somebody mutes or turns the camera off, the track’s `mute` event fires at the other end.',
  because:
    'The other end reads `muted` when no RTP may come or none has come for the first time. Silence and black frames are media like any other, and a sender without a track leaves the receiver’s as it was. Say it in a message.',
  wrong: {
    chromium: 'sent: nothing; muted at the other end: false',
    firefox: 'sent: nothing; muted at the other end: false',
  },
  limitMs: 10_000,
});
