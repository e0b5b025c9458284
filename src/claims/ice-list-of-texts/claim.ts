import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`iceServers` is a list of addresses.',
  because:
    'It is a list of objects, since a relay has more to say than its address. Notes also have it with keys inside the list’s brackets, which is no JavaScript at all; or as an object without a list.',
  wrong: { chromium: 'TypeError', firefox: 'TypeError' },
  right: { chromium: 'accepted: stun:stun.example.org', firefox: 'accepted: stun:stun.example.org' },
});
