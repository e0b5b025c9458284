import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`navigator.mozGetUserMedia()` is the word for Firefox.',
  because:
    'It was, and Firefox still has it, so that a page which asks for it first never learns what is wrong with it. It is Firefox alone that has it.',
  wrong: {
    chromium: 'TypeError: navigator.mozGetUserMedia is not a function',
    firefox: 'The error callback ran: OverconstrainedError',
  },
  right: {
    chromium: 'The promise was rejected: OverconstrainedError',
    firefox: 'The promise was rejected: OverconstrainedError',
  },
});
