import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { RoomId } from '../../../src/protocol/signaling.ts';
import { AddressLimit } from '../../stun-turn/address-limit.ts';
import { authorize } from '../authorize.ts';
import { setCors } from '../cors.ts';
import { Problem, sendProblem } from '../problem.ts';
import type { BroadcastStages } from '../stages.ts';
import type { BroadcastTokens } from '../tokens.ts';
import { LiveSegments } from './live.ts';

export interface SegmentsHttpDeps {
  readonly stages: BroadcastStages;
  readonly tokens: BroadcastTokens;
  /** Milliseconds since 1970, of a clock that does not go back. */
  readonly now: () => number;
  readonly log: Logger;
}

export interface SegmentsHttp {
  /** Answers requests below `/segments/`. False: it is for somebody else. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Lets go of what nobody asks for. */
  tick(): void;
  close(): void;
}

/** Of one address: each player asks for some six things a second. */
const REQUESTS = { burst: 600, perSec: 300 };
/** So long after the last request, or after its end, a broadcast is cut no more and its pieces are gone, in milliseconds. */
const UNASKED_MS = 30_000;
/** A playlist is waited for no longer (draft-pantos-hls-rfc8216bis §6.2.5.2: three target durations). */
const WAIT_MS = 6_000;
const MAX_LIVE = 50;

interface Live {
  readonly segments: LiveSegments;
  askedMs: number;
}

/** Broadcasts in segments: `/segments/<room>/live.m3u8`, and what it names below that. */
export function createSegmentsHttp({ stages, tokens, now, log }: SegmentsHttpDeps): SegmentsHttp {
  const lives = new Map<RoomId, Live>();
  const requests = new AddressLimit(REQUESTS, now());

  function liveOf(room: RoomId): Live {
    const there = lives.get(room);
    // Another broadcast may have begun since the one that is over.
    if (there && !(there.segments.isOver && stages.has(room))) {
      there.askedMs = now();
      return there;
    }
    if (!there && lives.size >= MAX_LIVE)
      throw new Problem(503, 'As many broadcasts are cut into segments as may be.', { 'Retry-After': '30' });
    const live: Live = {
      segments: new LiveSegments(stages, room, () => (live.askedMs = now())),
      askedMs: now(),
    };
    lives.set(room, live);
    return live;
  }

  async function answer(request: IncomingMessage, response: ServerResponse, path: string[]): Promise<void> {
    if (!requests.take(request.socket.remoteAddress ?? '', now()))
      throw new Problem(429, 'Too many requests came from your address.', { 'Retry-After': '2' });
    const [name = '', first = '', second, ...more] = path;
    const room = RoomId.safeParse(name).data;
    const isPlaylist = first === 'live.m3u8' && second === undefined;
    if (!room || more.length > 0 || (!isPlaylist && second === undefined))
      throw new Problem(404, 'There are no segments at this address.');
    if (request.method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Methods', 'OPTIONS, GET, HEAD');
      response.setHeader('Content-Length', '0');
      response.end();
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new Problem(405, 'Here one may OPTIONS, GET, HEAD.', { Allow: 'OPTIONS, GET, HEAD' });
    authorize(request, { tokens, room, scope: 'view', nowMs: now() });
    if (isPlaylist) return sendPlaylist(request, response, room);
    const piece = lives.get(room);
    const bytes = piece?.segments.folder === first ? piece.segments.piece(second ?? '') : undefined;
    if (!piece || !bytes)
      throw new Problem(404, 'This piece is not there, or not any more: only the last ones are kept.');
    piece.askedMs = now();
    response.setHeader('Content-Type', 'video/webm');
    // It never changes; with the token it is nobody else's.
    response.setHeader('Cache-Control', 'private, max-age=60, immutable');
    send(request, response, bytes);
  }

  async function sendPlaylist(
    request: IncomingMessage,
    response: ServerResponse,
    room: RoomId,
  ): Promise<void> {
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    const [sequence, part] = ['_HLS_msn', '_HLS_part'].map((name) => {
      const text = searchParams.get(name);
      if (text !== null && !/^\d{1,9}$/.test(text)) throw new Problem(400, `${name} is no whole number.`);
      return text === null ? undefined : Number(text);
    });
    if (part !== undefined && sequence === undefined) throw new Problem(400, '_HLS_part is of no _HLS_msn.');
    const { segments } = liveOf(room);
    const late = new Problem(503, 'It did not come in time.', { 'Retry-After': '1' });
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await Promise.race([
        segments.until(sequence === undefined ? undefined : { sequence, part }),
        new Promise((_, reject) => {
          timer = setTimeout(() => reject(late), WAIT_MS);
        }),
      ]);
    } finally {
      clearTimeout(timer);
    }
    response.setHeader('Content-Type', 'application/vnd.apple.mpegurl');
    response.setHeader('Cache-Control', 'no-store');
    send(request, response, Buffer.from(segments.playlist));
  }

  return {
    handle: (request, response) => {
      const [, prefix, ...path] = (request.url ?? '').replace(/\?.*$/s, '').split('/');
      if (prefix !== 'segments') return false;
      setCors(response);
      answer(request, response, path).catch((error: unknown) => {
        request.resume();
        if (!(error instanceof Problem)) log.error({ err: error }, 'a request for segments failed');
        sendProblem(response, error instanceof Problem ? error : new Problem(500, 'The server failed.'));
      });
      return true;
    },
    tick: () => {
      for (const [room, { segments, askedMs }] of lives) {
        if (now() - askedMs < UNASKED_MS) continue;
        lives.delete(room);
        segments.close();
      }
    },
    close: () => {
      for (const { segments } of lives.values()) segments.close();
      lives.clear();
    },
  };
}

function send(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
  response.setHeader('Content-Length', String(bytes.length));
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
