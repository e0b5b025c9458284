import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '“WebRTC uses UDP, so what is lost is lost.” Then a browser would not offer formats for sending lost packets again.',
  because:
    '`rtx` sends packets again on request (RFC 4588), `red` and `ulpfec` carry redundancy so that some need no request. What makes media different is a deadline: a packet that would come too late is not waited for.',
  wrong: { chromium: 'rtx, red, ulpfec', firefox: 'rtx, red, ulpfec' },
});
