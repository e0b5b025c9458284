import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'Offers are ignored unless `signalingState` is `stable`, at both ends, and both wait for ever.',
  because:
    'That makes two impolite peers. The same line with `&& !polite` is the pattern: one ignores, the other gives way.',
  wrong: { chromium: 'have-local-offer, have-local-offer', firefox: 'have-local-offer, have-local-offer' },
  right: { chromium: 'stable, stable', firefox: 'stable, stable' },
});
