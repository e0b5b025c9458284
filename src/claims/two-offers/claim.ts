import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'Two offers meet, each side sets the other’s and answers it: both end `stable`, and there is no call.',
  because:
    'Setting the other’s offer takes the own one back (RFC 9429 §4.1.10.2), so each answer comes to an offer that is gone. One of the two has to give way, and only one.',
  wrong: {
    chromium: 'Both answers: InvalidStateError, InvalidStateError; states: stable, stable',
    firefox: 'Both answers: InvalidStateError, InvalidStateError; states: stable, stable',
  },
  right: {
    chromium: 'One answer, taken; states: stable, stable',
    firefox: 'One answer, taken; states: stable, stable',
  },
});
