import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A track that is added to the stream while it is recorded is recorded, too.',
  because:
    'A recorder keeps to the tracks that were there at its start; when the stream gets or loses one, it gives up with an error. Record a canvas and a mix, and change what flows into them.',
  wrong: { chromium: 'InvalidModificationError', firefox: 'InvalidModificationError' },
});
