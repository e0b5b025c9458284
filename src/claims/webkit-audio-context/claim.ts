import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`new webkitAudioContext()` opens an audio context.',
  because:
    'The prefixed name is gone. Old code that “works” has a line before it that falls back to the standard name.',
  wrong: { chromium: 'ReferenceError', firefox: 'ReferenceError' },
  right: { chromium: 'An AudioContext', firefox: 'An AudioContext' },
});
