import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A provisional answer (`pranswer`) is in the standard, so it works everywhere.',
  because:
    'Firefox refuses it. What it is good for, a path that is ready before somebody picks up, you also get with a final answer at once and a second exchange later; or by answering `sendrecv` and filling the senders with `replaceTrack()`.',
  wrong: { chromium: 'have-local-pranswer', firefox: 'NotSupportedError' },
  right: {
    chromium: 'stable, and the picture is filled in without an offer',
    firefox: 'stable, and the picture is filled in without an offer',
  },
});
