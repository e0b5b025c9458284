import { refusalOf } from './over-http.ts';
import { type Piece, readPlaylist, startIn } from './playlist.ts';

export interface SegmentsOptions {
  /** Of the room's broadcast, such as `/segments/blue/live.m3u8`. */
  readonly playlist: string;
  readonly token?: string;
  /** Whole segments of two seconds, or parts of a third of a second as soon as they are made. */
  readonly by: 'segments' | 'parts';
  readonly signal: AbortSignal;
}

export interface SegmentPlayer {
  /** Pieces that were fetched and appended. */
  readonly pieces: number;
  /** Resolves when the broadcast has ended; rejects with what went wrong. Aborting resolves it. */
  readonly ended: Promise<void>;
}

const TYPE = 'video/webm; codecs="vp8,opus"';
/** Of what was played, so much is kept, in seconds. */
const KEPT_SEC = 10;

/**
 * Plays a broadcast piece by piece: a playlist is read again and again, and what is new in it is fetched and appended
 * (Media Source Extensions). No connection, no ICE: any web server or cache could send the pieces.
 *
 * Resolves when the first picture can be shown.
 *
 * @throws {HttpRefusal} what the server says; {Error} where the browser does not play WebM by Media Source Extensions
 */
export async function playSegments(
  video: HTMLVideoElement,
  options: SegmentsOptions,
): Promise<SegmentPlayer> {
  const { playlist: address, token, by, signal } = options;
  if (!('MediaSource' in globalThis) || !MediaSource.isTypeSupported(TYPE))
    throw new Error('This browser does not play WebM piece by piece (Media Source Extensions).');
  const get = async (uri: string): Promise<Response> => {
    const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
    const response = await fetch(new URL(uri, new URL(address, location.href)), { headers, signal });
    if (!response.ok) throw await refusalOf(response);
    return response;
  };
  const readFrom = async (query = '') => readPlaylist(await (await get(`${address}${query}`)).text());

  const source = new MediaSource();
  const url = URL.createObjectURL(source);
  signal.addEventListener('abort', () => URL.revokeObjectURL(url), { once: true });
  video.src = url;
  await once(source, 'sourceopen', signal);
  const buffer = source.addSourceBuffer(TYPE);
  const append = async (bytes: ArrayBuffer) => {
    buffer.appendBuffer(bytes);
    await once(buffer, 'updateend', signal);
  };

  let count = 0;
  let last: Piece | undefined;
  const take = async (piece: Piece) => {
    await append(await (await get(piece.uri)).arrayBuffer());
    last = piece;
    count += 1;
  };
  const forget = async () => {
    const old = video.currentTime - KEPT_SEC;
    if (buffer.buffered.length === 0 || buffer.buffered.start(0) > old - KEPT_SEC) return;
    buffer.remove(0, old);
    await once(buffer, 'updateend', signal);
  };
  /** To the right distance from the end: at the beginning, and after a time in which nothing came. */
  const keepUp = (holdBackSec: number) => {
    const { buffered } = buffer;
    if (buffered.length === 0) return;
    const endSec = buffered.end(buffered.length - 1);
    const behindSec = endSec - video.currentTime;
    if (behindSec > 3 * holdBackSec || video.currentTime < buffered.start(0))
      video.currentTime = Math.max(buffered.start(0), endSec - holdBackSec);
  };

  /** One reading of the playlist; true: the broadcast has ended. */
  const step = async (): Promise<boolean> => {
    const list = await readFrom(by === 'parts' && last ? afterIn(last) : '');
    const pieces = by === 'parts' ? list.parts : list.segments;
    const holdBackSec = by === 'parts' ? list.partHoldBackSec : 3 * list.targetSec;
    const next = last ? pieces.findIndex((piece) => isAfter(piece, last!)) : startIn(pieces, holdBackSec);
    if (!last && next !== undefined) await append(await (await get(list.map)).arrayBuffer());
    for (const piece of next === undefined || next < 0 ? [] : pieces.slice(next)) await take(piece);
    if (last) keepUp(holdBackSec);
    await forget();
    if (list.ended) return true;
    // Parts are asked for before they are there, and the server answers when they are; segments are looked for.
    if (by === 'segments' || !last) await pause((list.targetSec * 1000) / 4, signal);
    return false;
  };
  const isThere = () => count > 0;
  let over = false;
  while (!isThere() && !over) over = await step();
  const ended = (async () => {
    try {
      while (!over) over = await step();
      if (source.readyState === 'open') source.endOfStream();
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  })();
  ended.catch(() => {}); // told to whoever waits for it
  return {
    get pieces() {
      return count;
    },
    ended,
  };
}

/** Asks for the playlist that has the next part (draft-pantos-hls-rfc8216bis §6.2.5.2). */
function afterIn({ sequence, part = 0 }: Piece): string {
  return `?_HLS_msn=${sequence}&_HLS_part=${part + 1}`;
}

function isAfter(piece: Piece, last: Piece): boolean {
  if (piece.sequence !== last.sequence) return piece.sequence > last.sequence;
  return (piece.part ?? 0) > (last.part ?? 0);
}

function once(target: EventTarget, name: string, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const refuse = () => reject(signal.reason as Error);
    if (signal.aborted) return refuse();
    signal.addEventListener('abort', refuse, { once: true });
    target.addEventListener(name, (event) => (signal.removeEventListener('abort', refuse), resolve(event)), {
      once: true,
    });
  });
}

function pause(ms: number, signal: AbortSignal): Promise<unknown> {
  const clock = new EventTarget();
  setTimeout(() => clock.dispatchEvent(new Event('over')), ms);
  return once(clock, 'over', signal);
}
