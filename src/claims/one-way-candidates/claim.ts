import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'One side sends its candidates under a name that nobody listens to, and “it works”.',
  because:
    'The side that has candidates checks them, and the other learns the address from those checks (`prflx`, RFC 8445 §7.3.1.3). Behind NATs the same mistake costs the call. Define the names of your messages once, for both ends.',
  wrong: { chromium: 'connected', firefox: 'connected' },
});
