import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'An element that is given a stream plays it.',
  because:
    'It loads, knows the size, and waits. Set `autoplay`, with `muted` so that no click is needed, or await `play()`.',
  wrong: { chromium: 'loaded, paused is true', firefox: 'loaded, paused is true' },
  right: { chromium: 'loaded, paused is false', firefox: 'loaded, paused is false' },
});
