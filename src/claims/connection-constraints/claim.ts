import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`DtlsSrtpKeyAgreement` and `RtpDataChannels` choose how a connection is made.',
  because:
    'They did when there was a choice. Today media is encrypted with keys from DTLS (RFC 8827) and data goes over SCTP (RFC 8831), always. The constructor takes one argument; a second is passed over.',
  wrong: { chromium: 'There is a fingerprint of DTLS', firefox: 'There is a fingerprint of DTLS' },
  right: { chromium: 'There is a fingerprint of DTLS', firefox: 'There is a fingerprint of DTLS' },
});
