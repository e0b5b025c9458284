import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A track that is added to `call.peerConnection` reaches the other side.',
  because:
    '`negotiationneeded` fires, and nobody listens: PeerJS makes one offer in the life of a call. A track that takes the place of another one needs no offer: `replaceTrack()`. For one more, make another call.',
  wrong: {
    chromium: 'negotiationneeded fired; offers: 1; bob has 1 track',
    firefox: 'negotiationneeded fired; offers: 1; bob has 1 track',
  },
  limitMs: 10_000,
});
