import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`{ reliable: false }` makes a data channel that may lose messages.',
  because:
    'That was the word before data channels went over SCTP. It is passed over, and the channel keeps order and repeats what is lost. In PeerJS `reliable` is a word of the library.',
  wrong: { chromium: 'ordered: true, maxRetransmits: null', firefox: 'ordered: true, maxRetransmits: null' },
  right: { chromium: 'ordered: false, maxRetransmits: 0', firefox: 'ordered: false, maxRetransmits: 0' },
});
