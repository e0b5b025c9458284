import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'An ICE server has a `url`.',
  because:
    'Both browsers take it for `urls`, though the tests of the platform want a `TypeError`. With `urls`, the standard’s word, a server can have several addresses.',
  wrong: { chromium: 'accepted: stun:stun.example.org', firefox: 'accepted: stun:stun.example.org' },
  right: {
    chromium: 'accepted: stun:stun.example.org,stun:stun.example.org:443',
    firefox: 'accepted: stun:stun.example.org,stun:stun.example.org:443',
  },
});
