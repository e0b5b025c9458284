import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'The offer is sent while `setLocalDescription(offer)` is still under way.',
  because:
    'Mostly that goes well. Here the other side was faster: its offer is in force, ours is refused, the error is lost, and the offer is on its way all the same. Await, and send `pc.localDescription`: it is what is in force.',
  wrong: { chromium: 'sent: offer; in force here: none', firefox: 'sent: offer; in force here: none' },
  right: { chromium: 'sent: answer; in force here: answer', firefox: 'sent: answer; in force here: answer' },
});
