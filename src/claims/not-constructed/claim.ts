import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`MediaStream()` gives an empty stream.',
  because: 'It is a class, and wants `new` (mediacapture-main §4.2).',
  wrong: { chromium: 'TypeError', firefox: 'TypeError' },
  right: { chromium: 'a stream with 0 tracks', firefox: 'a stream with 0 tracks' },
});
