import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`reliable: false` makes a channel of PeerJS drop what is late.',
  because:
    'It only sets `ordered: false` (peerjs 1.5.5, `lib/negotiator.ts`). Both limits stay `null`: what is lost is sent again until it has arrived. A channel of your own on the same connection can have one.',
  wrong: {
    chromium: 'ordered: false, maxRetransmits: null, maxPacketLifeTime: null',
    firefox: 'ordered: false, maxRetransmits: null, maxPacketLifeTime: null',
  },
  right: {
    chromium: 'ordered: false, maxRetransmits: 0, maxPacketLifeTime: null',
    firefox: 'ordered: false, maxRetransmits: 0, maxPacketLifeTime: null',
  },
});
