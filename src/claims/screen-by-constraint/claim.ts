import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: "`chromeMediaSource: 'screen'` captures the screen.",
  because:
    'It was for Chrome, behind a switch, then for its extensions. A page gets an `AbortError` there. Firefox does not know the word, and opens the camera: who wanted to show a slide shows a face. A screen has a method of its own, and the user chooses (screen-capture §5.1).',
  wrong: { chromium: 'AbortError', firefox: 'A camera opened' },
  right: {
    chromium: 'A screen was asked for, and no camera',
    firefox: 'A screen was asked for, and no camera',
  },
  asks: 'camera',
  limitMs: 30_000,
});
