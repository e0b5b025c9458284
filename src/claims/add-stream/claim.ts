import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`addStream()` still works, and gives nothing back to work with.',
  because:
    'It left the standard years ago; browsers keep it for old pages. `addTrack()` gives the sender, with which you can replace the track, set a bitrate or stop sending.',
  wrong: { chromium: 'addStream() gave undefined', firefox: 'addStream() gave undefined' },
  right: {
    chromium: 'addTrack() gave an RTCRtpSender of video',
    firefox: 'addTrack() gave an RTCRtpSender of video',
  },
});
