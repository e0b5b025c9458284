import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`applyConstraints()` makes any track smaller.',
  because:
    'Chromium cuts and scales the track of a canvas too. Firefox takes constraints for cameras, microphones and screens only, and names none in its refusal. Where it matters, draw the size that you want, or let the sender scale it.',
  wrong: {
    chromium: 'The track is 160 × 90.',
    firefox: 'OverconstrainedError, constraint “”',
  },
});
