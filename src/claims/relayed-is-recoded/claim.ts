import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'Passing a received track on costs next to nothing: the packets are sent on as they came.',
  because:
    'A page has tracks and no packets. What is passed on was decoded and is encoded anew, with an encoder for each further connection: its counters start at the relay.',
  wrong: {
    chromium: 'the relay has encoded frames itself',
    firefox: 'the relay has encoded frames itself',
  },
  limitMs: 10_000,
});
