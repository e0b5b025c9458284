import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`createOffer()` is given one callback, and the callback never runs.',
  because:
    'A single argument is read as options. The legacy form needs two callbacks (webrtc-pc §4.4.3.1); today you await a promise, and need not even make the offer yourself.',
  wrong: { chromium: 'The callback did not run.', firefox: 'The callback did not run.' },
  right: { chromium: 'have-local-offer', firefox: 'have-local-offer' },
});
