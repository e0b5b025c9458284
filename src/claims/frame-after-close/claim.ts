import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A frame is closed first, so that nobody forgets it, and drawn after that.',
  because: 'A closed frame has given its picture back: it has no size, and cannot be drawn. Close it last.',
  wrong: { chromium: 'InvalidStateError', firefox: 'InvalidStateError' },
  right: { chromium: 'Drawn; its width is 0 now.', firefox: 'Drawn; its width is 0 now.' },
});
