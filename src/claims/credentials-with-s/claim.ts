import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A relay gets `username` and `credentials`.',
  because:
    'The word is `credential`. What is spelt otherwise is not there, and a `turn:` URL without it is refused as the connection is made (webrtc-pc §4.4.1.5).',
  wrong: { chromium: 'InvalidAccessError', firefox: 'InvalidAccessError' },
  right: { chromium: 'accepted: turn:turn.example.org', firefox: 'accepted: turn:turn.example.org' },
});
