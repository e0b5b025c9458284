import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A further size can be added in the middle of a call, with `setParameters()`.',
  because:
    'How many encodings a sender has is fixed when its transceiver is made. `setParameters()` changes what each of them costs, and turns them off and on: ask for all three in `addTransceiver()`.',
  wrong: { chromium: 'InvalidModificationError', firefox: 'TypeError: Missing rid' },
  right: { chromium: '3 encodings, 1 of them off', firefox: '3 encodings, 1 of them off' },
});
