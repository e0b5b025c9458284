import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A `VideoFrame` is made of a canvas like a picture, without further ado.',
  because:
    'A frame has a time, a canvas has none, so you must give one, in microseconds. Take that of the frame which you have drawn: picture and sound stay together.',
  wrong: { chromium: 'TypeError', firefox: 'TypeError' },
  right: { chromium: 'A frame at 40000 µs', firefox: 'A frame at 40000 µs' },
});
