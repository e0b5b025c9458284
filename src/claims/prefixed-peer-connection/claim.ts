import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`webkitRTCPeerConnection` is a class by itself.',
  because:
    'In Chromium it is a second name of the very same class, kept for old pages. Elsewhere there is nothing of this name, and Firefox has dropped its own `mozRTCPeerConnection`.',
  wrong: { chromium: 'the same class as RTCPeerConnection', firefox: 'ReferenceError' },
  right: { chromium: 'a new RTCPeerConnection, stable', firefox: 'a new RTCPeerConnection, stable' },
});
