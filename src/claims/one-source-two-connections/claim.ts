import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A camera that goes to two connections is encoded once and sent twice.',
  because:
    'A track may be given to any number of senders, and none of them takes it from another. But each connection has an encoder and a bandwidth estimate of its own: the work and the upload grow with each one.',
  wrong: { chromium: '1 track, 2 encoders at work', firefox: '1 track, 2 encoders at work' },
  limitMs: 10_000,
});
