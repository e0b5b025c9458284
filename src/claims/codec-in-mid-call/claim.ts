import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`setCodecPreferences()` changes the codec of a running call.',
  because:
    'It says in which order codecs are offered the next time. It does not even make `negotiationneeded` fire. Among the codecs that both have agreed on you may change at once, with `encodings[0].codec` in `setParameters()`.',
  wrong: { chromium: 'negotiationneeded fired 0 times', firefox: 'negotiationneeded fired 0 times' },
  right: { chromium: 'video/VP9 is sent, without an offer', firefox: 'video/VP9 is sent, without an offer' },
  limitMs: 10_000,
});
