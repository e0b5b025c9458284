import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A WebM file that was recorded in pieces tells its length like any other video.',
  because:
    'Its head was given away before the length was known. Firefox looks for the end by itself, Chromium says Infinity. Seek far beyond the end, and wait for `durationchange`.',
  wrong: { chromium: 'Infinity', firefox: 'A number' },
  right: { chromium: 'A number', firefox: 'A number' },
});
