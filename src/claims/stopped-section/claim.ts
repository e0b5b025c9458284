import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'What is stopped leaves the SDP.',
  because:
    'The order of the m-sections is what both sides rely on, so none is ever removed. A stopped one stays with port 0 until a new transceiver takes its place, with a new mid (RFC 9429 §5.2.2).',
  wrong: {
    chromium: 'before 2 sections, after 2, 1 of them with port 0',
    firefox: 'before 2 sections, after 2, 1 of them with port 0',
  },
  right: {
    chromium: 'after the next transceiver 2 sections, mids 0 and 2',
    firefox: 'after the next transceiver 2 sections, mids 0 and 2',
  },
});
