import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '“It is encrypted from end to end, so the server cannot read it.” It can, when it is one of the ends.',
  because:
    'DTLS proves that the other end holds the key of the certificate that the description names. Whose description it was, nobody has proved: whoever carries it can put their own in its place (RFC 8827 §7).',
  wrong: {
    chromium: 'bob reads: hello, read on the way; both are connected',
    firefox: 'bob reads: hello, read on the way; both are connected',
  },
});
