import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`navigator.webkitGetUserMedia()` with two callbacks works here, so it works.',
  because:
    'Chromium still has the prefixed method of 2012: asked for nothing, it complains of its argument. Firefox has never had it. The standard’s method gives a promise and is in every browser.',
  wrong: {
    chromium: "TypeError: Failed to execute 'webkitGetUserMedia' on 'Navigator'",
    firefox: 'TypeError: navigator.webkitGetUserMedia is not a function',
  },
  right: { chromium: 'The promise was rejected: TypeError', firefox: 'The promise was rejected: TypeError' },
});
