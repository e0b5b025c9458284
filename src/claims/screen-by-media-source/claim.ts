import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: "`mediaSource: 'screen'` captures the screen.",
  because:
    'The same story, the other way round. Firefox knows its own word and looks among the screens, where none has this id. Chromium does not know it, and looks among the cameras.',
  wrong: {
    chromium: 'It was looked for among the cameras: OverconstrainedError',
    firefox: 'It was looked for among the screens',
  },
  right: {
    chromium: 'A screen was asked for, and no camera',
    firefox: 'A screen was asked for, and no camera',
  },
});
