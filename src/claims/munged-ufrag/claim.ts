import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'An ICE user name of one’s own, written into the offer.',
  because:
    'Both browsers accept it and use it. Servers that recognise their clients by such names rely on it, and it is the edit that browser makers most want to end: a short or guessable name weakens the checks. `restartIce()` gives a new name that is the browser’s.',
  wrong: { chromium: 'accepted: abcdefgh', firefox: 'accepted: abcdefgh' },
  right: { chromium: 'another name, made by the browser', firefox: 'another name, made by the browser' },
});
