import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A call in which both sides send needs two connections, one for each direction.',
  because:
    'A transceiver sends and receives, and the offer says `sendrecv` unless you say otherwise. A second connection works, and pays for ports, checks and keys a second time.',
  wrong: {
    chromium: 'Both see each other, over 2 handshakes',
    firefox: 'Both see each other, over 2 handshakes',
  },
  right: {
    chromium: 'Both see each other, over 1 handshake',
    firefox: 'Both see each other, over 1 handshake',
  },
  limitMs: 10_000,
});
