import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'You clean up when `connectionstatechange` says `closed`, after your own `close()`.',
  because:
    '`close()` sets the states and fires nothing on the connection (webrtc-pc §4.4.1.1). Clean up where you call it. The other side hears nothing either: tell it over signaling.',
  wrong: {
    chromium: 'No event; connectionState is closed.',
    firefox: 'No event; connectionState is closed.',
  },
});
