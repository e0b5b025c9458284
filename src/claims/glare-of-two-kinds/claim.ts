import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'In the middle of a call alice adds sound and bob a picture, at the same moment. Chromium does not clear away all of bob’s offer, and refuses hers.',
  because:
    'Both new m-sections would have the same place, and what the rolled back one had agreed on (its header extensions) stays behind. Make the sections for sound and picture at the start, and change only directions and tracks later.',
  wrong: {
    chromium: 'InvalidAccessError',
    firefox: 'Agreed; bob still has something to offer: true',
  },
  right: {
    chromium: 'Agreed; alice’s sound is sendonly, bob has 2 sections',
    firefox: 'Agreed; alice’s sound is sendonly, bob has 2 sections',
  },
});
