import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`ended` fires when my own button calls `track.stop()`, so one handler is enough for both buttons.',
  because:
    'The event tells a page what it cannot know. Whoever stops a track knows it already (mediacapture-main, “ended”): let both ways call one function of yours.',
  wrong: {
    chromium: 'readyState is ended, the event fired 0 times',
    firefox: 'readyState is ended, the event fired 0 times',
  },
  right: { chromium: 'sharing has ended', firefox: 'sharing has ended' },
});
