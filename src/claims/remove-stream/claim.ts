import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`removeStream()` takes back what `addStream()` gave.',
  because:
    'Firefox has the one and not the other. Keep the sender that `addTrack()` gives, and take its track off with `removeTrack()`; or turn the transceiver’s direction.',
  wrong: { chromium: 'The senders have 0 tracks left', firefox: 'TypeError' },
  right: { chromium: 'The senders have 0 tracks left', firefox: 'The senders have 0 tracks left' },
});
