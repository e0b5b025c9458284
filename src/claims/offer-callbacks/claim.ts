import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`createOffer(success, failure)` can be awaited like any other.',
  because:
    'With two callbacks it is a legacy overload, whose promise gives nothing (webrtc-pc §4.4.3.1). Half of the code awaits, the other half is called back, and nobody knows in which order.',
  wrong: { chromium: 'The promise gave undefined', firefox: 'The promise gave undefined' },
  right: { chromium: 'The promise gave an offer', firefox: 'The promise gave an offer' },
});
