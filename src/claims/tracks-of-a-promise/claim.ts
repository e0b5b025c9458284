import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'The `await` before `getUserMedia()` is missing: a promise has no tracks.',
  because:
    'It returns a promise of a stream (mediacapture-main §10.1.1), because somebody has to be asked first.',
  wrong: { chromium: 'TypeError', firefox: 'TypeError' },
  right: { chromium: '2 tracks', firefox: '2 tracks' },
});
