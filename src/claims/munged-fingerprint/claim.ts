import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'What one browser lets pass, the other does, too.',
  because:
    'Which edits are refused is nowhere written down, since the standard refuses all of them. Chromium compares the fingerprint with its own certificate; Firefox does not, and the call fails later, in the handshake. Code that edits is code for one browser and one version.',
  wrong: { chromium: 'InvalidModificationError', firefox: 'accepted' },
});
