import { expect, test } from 'vitest';
import { readPlaylist, startIn } from './playlist.ts';

const text = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.000
#EXT-X-PART-INF:PART-TARGET=0.334
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-MAP:URI="init.webm"
#EXTINF:2.000,
7.webm
#EXT-X-PART:DURATION=1.500,URI="8.0.webm",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.500,URI="8.1.webm"
#EXTINF:2.000,
8.webm
#EXT-X-PART:DURATION=0.333,URI="9.0.webm",INDEPENDENT=YES
`;

test('a playlist has segments, and parts of the last ones and of the one that is being made', () => {
  expect(readPlaylist(text)).toEqual({
    targetSec: 2,
    map: 'init.webm',
    partHoldBackSec: 1,
    ended: false,
    segments: [
      { uri: '7.webm', durationSec: 2, sequence: 7 },
      { uri: '8.webm', durationSec: 2, sequence: 8 },
    ],
    parts: [
      { uri: '8.0.webm', durationSec: 1.5, sequence: 8, part: 0 },
      { uri: '8.1.webm', durationSec: 0.5, sequence: 8, part: 1 },
      { uri: '9.0.webm', durationSec: 0.333, sequence: 9, part: 0 },
    ],
  });
  expect(readPlaylist(`${text}#EXT-X-ENDLIST\n`).ended).toBe(true);
});

test.each(['', '#EXTM3U\n', '#EXTM3U\n#EXT-X-TARGETDURATION:2\n'])('%j is no playlist', (bad) => {
  expect(() => readPlaylist(bad)).toThrow();
});

test('playing begins as far from the end as is asked for, and not before there is as much', () => {
  const { segments, parts } = readPlaylist(text);
  expect(startIn(segments, 6)).toBeUndefined();
  expect(startIn(segments, 4)).toBe(0);
  // From the second part of a segment on one could not begin.
  expect(startIn(parts, 0.8)).toBe(0);
  expect(startIn(parts, 0.3)).toBe(2);
});
