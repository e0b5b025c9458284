import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A wrong address of a STUN server is told when the connection is made.',
  because:
    'The port was 19302, and it is the letter l, no 1. No constructor can know that. It is found out while gathering: the event `icecandidateerror` with 701, after up to 40 seconds, and no candidate `srflx`.',
  wrong: {
    chromium: 'accepted: stun:stun.l.google.com:1902,stun:stun.1.google.com:19302',
    firefox: 'accepted: stun:stun.l.google.com:1902,stun:stun.1.google.com:19302',
  },
});
