import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`onaddstream` tells of what comes.',
  because:
    'It tells of streams. A second track of the same stream comes without it, and so does a track without a stream. `track` fires for each, and brings its streams and its transceiver (webrtc-pc §5.1.4).',
  wrong: {
    chromium: '2 tracks came; addstream fired 1 time',
    firefox: '2 tracks came; addstream fired 1 time',
  },
  right: { chromium: '2 tracks came; track fired 2 times', firefox: '2 tracks came; track fired 2 times' },
});
