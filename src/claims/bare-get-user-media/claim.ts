import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`getUserMedia()` is called as if it were a global function.',
  because:
    'It is a method of `navigator.mediaDevices`, and of nothing else. Torn off its object it is refused, too: keep the dot.',
  wrong: {
    chromium: 'ReferenceError: getUserMedia is not defined',
    firefox: 'ReferenceError: getUserMedia is not defined',
  },
  right: {
    chromium:
      "TypeError: Failed to execute 'getUserMedia' on 'MediaDevices': At least one of audio and video must be requested",
    firefox: 'TypeError: audio and/or video is required',
  },
});
