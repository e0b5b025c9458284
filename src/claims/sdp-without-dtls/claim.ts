import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A browser is given a description as telephones used it: `RTP/AVP`, without fingerprint and without the keys of ICE.',
  because:
    'Media without protection is forbidden (RFC 8827 §6.5). User name, password, fingerprint, `setup` and `rtcp-mux` are no decoration: without them a browser refuses the text. Which one it misses first differs.',
  wrong: {
    chromium:
      "InvalidAccessError: Failed to execute 'setRemoteDescription' on 'RTCPeerConnection': Failed to set remote offer sdp: Called with SDP without DTLS fingerprint",
    firefox: 'InvalidAccessError: Invalid description, no ice-ufrag attribute',
  },
  right: { chromium: 'have-remote-offer', firefox: 'have-remote-offer' },
});
