import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`signalingState === "stable"` is taken for “connected”; a connection that has never spoken to anybody says it too.',
  because:
    '`stable` only says that no exchange is under way (webrtc-pc §4.3.1). Whether there is a call is what `connectionState` tells.',
  wrong: {
    chromium: 'A call, and connectionState is new',
    firefox: 'A call, and connectionState is new',
  },
});
