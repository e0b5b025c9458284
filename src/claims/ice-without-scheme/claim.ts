import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'The address of a STUN server is its name and its port.',
  because:
    'It is a URL, and begins with what is spoken there: `stun:`, `turn:`, or `turns:` for TLS; without slashes (RFC 7064, RFC 7065).',
  wrong: { chromium: 'SyntaxError', firefox: 'SyntaxError' },
  right: {
    chromium: 'accepted: stun:stun.example.org:3478',
    firefox: 'accepted: stun:stun.example.org:3478',
  },
});
