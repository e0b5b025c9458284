import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'The object of `getParameters()` is kept, and given to `setParameters()` again and again.',
  because:
    'It is good for one call: the browser notes which one it has given out last (`transactionId`). Chromium holds you to it, Firefox lets it pass. Ask anew each time.',
  wrong: { chromium: 'InvalidStateError', firefox: 'accepted twice' },
  right: { chromium: 'accepted twice', firefox: 'accepted twice' },
});
