import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'To go from the camera to the screen one removes the one track and adds the other.',
  because:
    'That changes two m-sections, and both sides have to negotiate before the screen is seen. `replaceTrack()` exchanges what is sent in the section that is there; no offer is due (webrtc-pc §5.2).',
  wrong: {
    chromium: 'negotiationneeded: 1, m-sections in the next offer: 2',
    firefox: 'negotiationneeded: 1, m-sections in the next offer: 2',
  },
  right: {
    chromium: 'negotiationneeded: 0, m-sections in the next offer: 1',
    firefox: 'negotiationneeded: 0, m-sections in the next offer: 1',
  },
});
