import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'Messages are put in order by the text of `toUTCString()`.',
  because:
    'It begins with the name of the weekday and has no milliseconds: as text it does not sort, and within a second all are alike. `toISOString()` sorts as it stands.',
  wrong: { chromium: 'second, third, first', firefox: 'second, third, first' },
  right: { chromium: 'first, second, third', firefox: 'first, second, third' },
});
