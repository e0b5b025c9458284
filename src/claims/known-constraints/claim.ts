import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`aspectRatio: { exact: 1 }` gives a square, or an error.',
  because:
    'Only where the browser knows the word. One that it does not know is passed over, `exact` or not, so ask `getSupportedConstraints()` before you rely on it, or ask for width and height.',
  wrong: { chromium: 'aspectRatio is known', firefox: 'aspectRatio is passed over' },
  right: { chromium: 'width and height are known', firefox: 'width and height are known' },
});
