import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'With `MediaStreamTrackProcessor` every browser hands out the frames of a track.',
  because:
    'Chromium has it on the window, Firefox nowhere, and the standard wants it in workers only. An element that plays the track gives frames in both.',
  wrong: { chromium: 'A frame', firefox: 'ReferenceError' },
  right: { chromium: 'A frame', firefox: 'A frame' },
});
