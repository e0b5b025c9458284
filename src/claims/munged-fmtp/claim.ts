import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'The text of an offer is edited before it is set, and the browser takes it as its own.',
  because:
    'The standard calls it an error (webrtc-pc §4.4.2), and both browsers let this one pass: a parameter of Opus that programs have been adding for years. It asks the other side for something; for what you send yourself there is `setParameters()`.',
  wrong: {
    chromium: 'accepted, stereo=1 is in the local description',
    firefox: 'accepted, stereo=1 is in the local description',
  },
  right: {
    chromium: 'maxBitrate is 20000, and the SDP is the browser’s own',
    firefox: 'maxBitrate is 20000, and the SDP is the browser’s own',
  },
});
