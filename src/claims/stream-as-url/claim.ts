import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`video.src = URL.createObjectURL(stream)` shows a stream.',
  because:
    'It did until browsers took it out: a URL is for files and media sources. A stream is given to `srcObject` (mediacapture-main, “MediaStreams in media elements”).',
  wrong: { chromium: 'TypeError', firefox: 'TypeError' },
  right: { chromium: 'playing, 320 pixels wide', firefox: 'playing, 320 pixels wide' },
});
