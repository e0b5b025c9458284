import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A server that changes nothing but the fingerprint listens to the call.',
  because:
    'It only breaks it: bob compares the certificate of the DTLS handshake with the text (RFC 8122 §5), and alice’s has another hash. To listen, somebody has to hold the key of the certificate that the text speaks of.',
  wrong: { chromium: 'bob’s connection is failed', firefox: 'bob’s connection is failed' },
});
