import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A chat and a call with the same peer share one connection in PeerJS.',
  because:
    'Each `connect()` and each `call()` makes an `RTCPeerConnection` of its own, with its own offer, ICE and DTLS. In the raw API, channels and tracks are sections of one connection.',
  wrong: { chromium: '2 connections', firefox: '2 connections' },
  right: { chromium: '1 connection', firefox: '1 connection' },
});
