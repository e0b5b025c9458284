import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A remote track that is muted should be disabled: `track.enabled = !track.muted`.',
  because:
    'Every remote track is muted when `track` fires, and unmutes by itself with the first packets. `enabled` is yours: what you set to false stays false, and black.',
  wrong: { chromium: 'muted is true, so enabled is false', firefox: 'muted is true, so enabled is false' },
  right: { chromium: 'muted is true, enabled stays true', firefox: 'muted is true, enabled stays true' },
});
