/** One piece of media that can be fetched: a segment, or a part of the one that is still being made. */
export interface Piece {
  readonly uri: string;
  readonly durationSec: number;
  /** Media sequence number of its segment. */
  readonly sequence: number;
  /** Which part of its segment; undefined: it is the whole of it. */
  readonly part?: number;
}

/** A playlist of a live stream: RFC 8216, with the parts of draft-pantos-hls-rfc8216bis. */
export interface Playlist {
  readonly targetSec: number;
  /** Of what each piece needs before it (`EXT-X-MAP`). */
  readonly map: string;
  readonly segments: readonly Piece[];
  /** Those of the last segments, and of the one that is being made. Empty where there are none. */
  readonly parts: readonly Piece[];
  /** How far from the end a player of parts stays, in seconds. */
  readonly partHoldBackSec: number;
  readonly ended: boolean;
}

/** @throws {Error} for what is no playlist of media */
export function readPlaylist(text: string): Playlist {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  if (lines[0] !== '#EXTM3U') throw new Error('this is no playlist: it does not begin with #EXTM3U');
  const segments: Piece[] = [];
  const parts: Piece[] = [];
  let sequence = 0;
  let part = 0;
  let durationSec = 0;
  let targetSec = 0;
  let partHoldBackSec = 0;
  let map = '';
  let ended = false;
  for (const line of lines) {
    const [, tag = '', value = ''] = /^#([A-Z-]+0?)(?::(.*))?$/.exec(line) ?? [];
    const attribute = (name: string) => new RegExp(`(?:^|,)${name}=(?:"([^"]*)"|([^,]*))`).exec(value);
    const text = (name: string) => attribute(name)?.[1] ?? attribute(name)?.[2] ?? '';
    if (!line.startsWith('#')) {
      segments.push({ uri: line, durationSec, sequence });
      sequence += 1;
      part = 0;
    } else if (tag === 'EXT-X-TARGETDURATION') targetSec = Number(value);
    else if (tag === 'EXT-X-MEDIA-SEQUENCE') sequence = Number(value);
    else if (tag === 'EXT-X-MAP') map = text('URI');
    else if (tag === 'EXTINF') durationSec = Number.parseFloat(value);
    else if (tag === 'EXT-X-SERVER-CONTROL') partHoldBackSec = Number(text('PART-HOLD-BACK'));
    else if (tag === 'EXT-X-PART') {
      parts.push({ uri: text('URI'), durationSec: Number(text('DURATION')), sequence, part });
      part += 1;
    } else if (tag === 'EXT-X-ENDLIST') ended = true;
  }
  if (!(targetSec > 0) || map === '')
    throw new Error('the playlist has no EXT-X-TARGETDURATION or no EXT-X-MAP');
  return { targetSec, map, segments, parts, partHoldBackSec, ended };
}

/**
 * Where fetching begins: with so much before the end that the next piece is there when it is needed, which is three target
 * durations (RFC 8216 §6.3.3), or with parts what the server asks for. Of parts, those before in the same segment come
 * first: only a segment's first part begins with a picture that needs no other.
 *
 * @returns an index into the pieces; undefined while there is not as much yet
 */
export function startIn(pieces: readonly Piece[], holdBackSec: number): number | undefined {
  let sec = 0;
  for (let index = pieces.length - 1; index >= 0; index--) {
    const { durationSec, part = 0 } = pieces[index]!;
    sec += durationSec;
    if (sec >= holdBackSec && part === 0) return index;
  }
  return undefined;
}
