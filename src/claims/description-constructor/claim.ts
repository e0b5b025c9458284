import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`createOffer()` gives an `RTCSessionDescription`, and what comes must be made one.',
  because:
    'It gives a plain object with `type` and `sdp`, and every method takes one (webrtc-pc §4.6.2). The wrap is from the days before; it does nothing.',
  wrong: {
    chromium: 'An offer is an Object; wrapped and set: have-local-offer',
    firefox: 'An offer is an Object; wrapped and set: have-local-offer',
  },
  right: {
    chromium: 'An offer is an Object; set: have-local-offer',
    firefox: 'An offer is an Object; set: have-local-offer',
  },
});
