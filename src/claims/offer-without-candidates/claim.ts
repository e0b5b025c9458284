import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'Candidates are looked for in what `createOffer()` gives.',
  because:
    'An offer leaves with none; they are found after `setLocalDescription()` and follow one by one (RFC 8838). Where only one message can be sent, wait for `iceGatheringState` to be `complete`, never for a time, and send `pc.localDescription`.',
  wrong: { chromium: '0 candidates', firefox: '0 candidates' },
  right: { chromium: 'It has candidates', firefox: 'It has candidates' },
});
