import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'The result of an asynchronous function goes straight into `srcObject`, without `await`.',
  because: 'What `getUserMedia()` gives is a promise of a stream. The setter takes a stream, or nothing.',
  wrong: { chromium: 'TypeError', firefox: 'TypeError' },
  right: { chromium: 'The picture is 320 wide.', firefox: 'The picture is 320 wide.' },
});
