import {
  PART_HOLD_BACK_SEC,
  PART_TARGET_SEC,
  type Part,
  PARTS_OF,
  type Segmenter,
  TARGET_SEC,
} from './segmenter.ts';

/**
 * The playlist of a live stream: RFC 8216, with parts as draft-pantos-hls-rfc8216bis names them. What is in it is WebM, which
 * that document does not know: it is read by our own player, not by Apple's.
 *
 * @param folder of the pieces, relative to the playlist
 */
export function writePlaylist(
  { segments, parts, sequence }: Segmenter,
  folder: string,
  isOver: boolean,
): string {
  const [first] = segments;
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${TARGET_SEC}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${PART_HOLD_BACK_SEC.toFixed(3)}`,
    `#EXT-X-PART-INF:PART-TARGET=${PART_TARGET_SEC.toFixed(3)}`,
    `#EXT-X-MEDIA-SEQUENCE:${first?.sequence ?? sequence}`,
    `#EXT-X-MAP:URI="${folder}/init.webm"`,
  ];
  const partLines = (of: number, list: readonly Part[]) =>
    list.map(
      ({ durationSec, isIndependent }, index) =>
        `#EXT-X-PART:DURATION=${durationSec.toFixed(3)},URI="${folder}/${of}.${index}.webm"${isIndependent ? ',INDEPENDENT=YES' : ''}`,
    );
  for (const [index, segment] of segments.entries()) {
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.startedAtMs).toISOString()}`);
    if (index >= segments.length - PARTS_OF) lines.push(...partLines(segment.sequence, segment.parts));
    lines.push(`#EXTINF:${segment.durationSec.toFixed(3)},`, `${folder}/${segment.sequence}.webm`);
  }
  if (isOver) lines.push('#EXT-X-ENDLIST');
  else lines.push(...partLines(sequence, parts));
  return `${lines.join('\n')}\n`;
}
