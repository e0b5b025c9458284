import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`stream.stop()` turns the camera off.',
  because:
    'A stream is a group of tracks and has nothing to stop; the method was deprecated in 2015 and went. Stop each track.',
  wrong: { chromium: 'TypeError', firefox: 'TypeError' },
  right: { chromium: 'ended and ended', firefox: 'ended and ended' },
});
