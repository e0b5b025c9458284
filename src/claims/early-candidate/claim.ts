import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A candidate is added before there is a remote description.',
  because:
    'Which m-section a candidate belongs to is known only when there is one. The call is refused, the candidate is lost. Keep what is early, and add it when `setRemoteDescription()` has resolved.',
  wrong: { chromium: 'InvalidStateError', firefox: 'InvalidStateError' },
  right: { chromium: 'Added.', firefox: 'Added.' },
});
