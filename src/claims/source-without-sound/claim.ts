import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A stream that has no audio track yet becomes a silent source, and sound comes when a track is added.',
  because:
    '`createMediaStreamSource()` takes the audio track that is there at that moment, and keeps it. Without one it throws; a track that is added later is not used. Make the node when the track has come.',
  wrong: { chromium: 'InvalidStateError', firefox: 'InvalidStateError' },
  right: { chromium: 'A source with 1 output', firefox: 'A source with 1 output' },
});
