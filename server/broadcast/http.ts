import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { BroadcastScope } from '../../src/protocol/broadcast.ts';
import { type IceServer, limits, RoomId } from '../../src/protocol/signaling.ts';
import { Bucket, type Rate } from '../signaling/bucket.ts';
import { AddressLimit } from '../stun-turn/address-limit.ts';
import { authorize } from './authorize.ts';
import { setCors } from './cors.ts';
import { readFragment } from './fragment.ts';
import { Problem, sendProblem } from './problem.ts';
import type { BroadcastTokens } from './tokens.ts';

/** What a session holds at the SFU. */
export interface Opened {
  /** With all candidates of the server: none follow (RFC 9725 §4.3.2). */
  readonly answer: string;
  /** ICE credentials of the offer: a fragment with others means a restart. */
  readonly remote: { readonly usernameFragment: string; readonly password: string };
  close(): void;
}

/** What is behind the endpoints. */
export interface Stages {
  /** @throws {Problem} 400, 406, 409, 422, 503 */
  publish(room: RoomId, offer: string, ended: () => void): Promise<Opened>;
  /** @throws {Problem} 400, 406, 409, 422, 503 */
  view(room: RoomId, offer: string, ended: () => void): Promise<Opened>;
}

export interface BroadcastHttpDeps {
  readonly stages: Stages;
  readonly tokens: BroadcastTokens;
  /** Whether anybody is in a room: where nobody is, there is no broadcast. */
  readonly hasRoom: (room: RoomId) => boolean;
  /** STUN and TURN servers for whoever sends the request; none where there are none. */
  readonly iceServers: (room: RoomId, request: IncomingMessage) => Promise<readonly IceServer[]>;
  /** Milliseconds since 1970, of a clock that does not go back. */
  readonly now: () => number;
  readonly log: Logger;
}

export interface BroadcastHttp {
  /** Answers requests below `/whip/` and `/whep/`. False: it is for somebody else. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  readonly sessions: number;
  /** Ends the sessions of rooms in which nobody is any more. */
  tick(): void;
  close(): void;
}

type Protocol = 'whip' | 'whep';

interface Session {
  readonly protocol: Protocol;
  readonly room: RoomId;
  /** The one it was opened with: also after it has expired, it may change and end what it has opened. */
  readonly token: string;
  /** A strong entity tag: it names the ICE session (RFC 9725 §4.3.1). */
  readonly etag: string;
  readonly opened: Opened;
  readonly patches: Bucket;
}

const scopes: Readonly<Record<Protocol, BroadcastScope>> = { whip: 'publish', whep: 'view' };
const SDP = 'application/sdp';
const FRAGMENT = 'application/trickle-ice-sdpfrag';
const MAX_SESSIONS = 500;
/** Of one address: a classroom behind one router, all at once. */
const REQUESTS: Rate = { burst: 200, perSec: 20 };
const PATCHES: Rate = { burst: 30, perSec: 5 };
const RETRY_SEC = '2';

/**
 * The endpoints of WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): `/whip/<room>` and `/whep/<room>`, each session below
 * its endpoint under a name that nobody guesses.
 *
 * Candidates by PATCH are taken and not needed: the media server learns those of a client from its checks. Its ICE session
 * does not restart, which is 422 here and leaves the session as it is (§4.3.3): whoever has another network opens another
 * session.
 */
export function createBroadcastHttp(deps: BroadcastHttpDeps): BroadcastHttp {
  const { stages, tokens, now, log } = deps;
  const sessions = new Map<string, Session>();
  const requests = new AddressLimit(REQUESTS, deps.now());

  function end(id: string): void {
    const session = sessions.get(id);
    if (!sessions.delete(id)) return;
    session?.opened.close();
  }

  function handle(request: IncomingMessage, response: ServerResponse): boolean {
    const [, protocol, name = '', id, ...more] = (request.url ?? '').replace(/\?.*$/s, '').split('/');
    if (protocol !== 'whip' && protocol !== 'whep') return false;
    setCors(response);
    answer(protocol, name, more.length > 0 ? '' : id, request, response).catch((error: unknown) => {
      request.resume();
      if (!(error instanceof Problem)) log.error({ err: error }, `a request to ${protocol} failed`);
      sendProblem(response, error instanceof Problem ? error : new Problem(500, 'The server failed.'));
    });
    return true;
  }

  /** @param id of a session; undefined: the endpoint */
  async function answer(
    protocol: Protocol,
    name: string,
    id: string | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (!requests.take(request.socket.remoteAddress ?? '', now()))
      throw new Problem(429, 'Too many requests came from your address.', { 'Retry-After': RETRY_SEC });
    const room = RoomId.safeParse(name).data;
    if (!room || id === '')
      throw new Problem(404, `There is no ${protocol.toUpperCase()} endpoint at this address.`);
    const methods = ['OPTIONS', 'GET', 'HEAD', ...(id === undefined ? ['POST'] : ['PATCH', 'DELETE'])];
    switch (request.method) {
      case 'OPTIONS':
        response.setHeader('Allow', methods.join(', '));
        response.setHeader('Access-Control-Allow-Methods', methods.join(', '));
        response.setHeader(...(id === undefined ? acceptPost : acceptPatch));
        response.setHeader('Content-Length', '0');
        response.end();
        return;
      case 'GET':
      case 'HEAD':
        // Neither has a representation (RFC 9725 §4.1).
        if (id !== undefined) sessionAt(protocol, room, id);
        return finish(response, 204);
      case 'POST':
        if (id === undefined) return open(protocol, room, request, response);
        break;
      case 'PATCH':
        if (id !== undefined) return patch(sessionAt(protocol, room, id), request, response);
        break;
      case 'DELETE':
        if (id === undefined) break;
        // An entity tag is ignored here: the session is meant, not its ICE session (§4.3.1).
        authorized(request, protocol, room, sessionAt(protocol, room, id).token);
        end(id);
        return finish(response, 200);
      default:
    }
    throw new Problem(405, `Here one may ${methods.join(', ')}.`, { Allow: methods.join(', ') });
  }

  function sessionAt(protocol: Protocol, room: RoomId, id: string): Session {
    const session = sessions.get(id);
    if (session?.room !== room || session.protocol !== protocol)
      throw new Problem(404, 'There is no such session, or it has ended.');
    return session;
  }

  function authorized(request: IncomingMessage, protocol: Protocol, room: RoomId, own?: string): string {
    const scope = scopes[protocol];
    return authorize(request, { tokens, room, scope, nowMs: now(), ...(own !== undefined && { own }) });
  }

  async function open(
    protocol: Protocol,
    room: RoomId,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const token = authorized(request, protocol, room);
    needType(request, SDP, acceptPost);
    if (!deps.hasRoom(room)) throw new Problem(404, 'Nobody is in this room.');
    const offer = await bodyOf(request, limits.sdpLength);
    if (sessions.size >= MAX_SESSIONS)
      throw new Problem(503, 'The server has as many sessions as it takes.', { 'Retry-After': '30' });
    const id = randomBytes(16).toString('base64url');
    let ended = false;
    const opened = await stages[protocol === 'whip' ? 'publish' : 'view'](room, offer, () => {
      ended = true;
      end(id);
    });
    // The client may have gone meanwhile.
    if (ended || request.socket.destroyed) {
      opened.close();
      throw new Problem(503, 'The session ended while it was being made.', { 'Retry-After': RETRY_SEC });
    }
    const etag = `"${randomBytes(9).toString('base64url')}"`;
    sessions.set(id, { protocol, room, token, etag, opened, patches: new Bucket(PATCHES, now()) });
    const servers = await deps.iceServers(room, request).catch(() => []);
    response.statusCode = 201;
    response.setHeader('Content-Type', SDP);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Location', `/${protocol}/${room}/${id}`);
    response.setHeader('ETag', etag);
    response.setHeader(...acceptPatch);
    if (servers.length > 0) response.setHeader('Link', servers.flatMap(linksOf));
    response.end(opened.answer);
    log.info({ protocol, room, sessions: sessions.size }, 'a broadcast session began');
  }

  async function patch(session: Session, request: IncomingMessage, response: ServerResponse): Promise<void> {
    authorized(request, session.protocol, session.room, session.token);
    needType(request, FRAGMENT, acceptPatch);
    if (!session.patches.take(now()))
      throw new Problem(429, 'Too many changes in a short time.', { 'Retry-After': RETRY_SEC });
    const condition = request.headers['if-match'];
    if (condition === undefined)
      throw new Problem(428, 'A PATCH names in If-Match the entity tag of the ICE session that it means.');
    if (!matches(condition, session.etag))
      throw new Problem(412, 'The entity tag in If-Match is not that of the ICE session.');
    const { usernameFragment, password } = readFragment(await bodyOf(request, limits.sdpLength));
    const { remote } = session.opened;
    if (usernameFragment !== remote.usernameFragment || password !== remote.password)
      throw new Problem(
        422,
        'This session takes candidates, but its ICE session does not restart: open another session.',
      );
    finish(response, 204);
  }

  return {
    handle,
    get sessions() {
      return sessions.size;
    },
    tick: () => {
      for (const [id, { room }] of sessions) if (!deps.hasRoom(room)) end(id);
    },
    close: () => {
      for (const id of sessions.keys()) end(id);
    },
  };
}

const acceptPost: [string, string] = ['Accept-Post', SDP];
const acceptPatch: [string, string] = ['Accept-Patch', FRAGMENT];

function needType(request: IncomingMessage, type: string, accept: readonly [string, string]): void {
  const sent = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (sent !== type) throw new Problem(415, `The content is to be ${type}.`, { [accept[0]]: accept[1] });
}

/** The strong comparison of RFC 9110 §8.8.3.2: a weak tag never matches. */
function matches(condition: string, etag: string): boolean {
  return condition
    .slice(0, 1_000)
    .split(',')
    .map((text) => text.trim())
    .some((text) => text === '*' || text === etag);
}

/** @throws {Problem} 413 */
async function bodyOf(request: IncomingMessage, maxBytes: number): Promise<string> {
  const tooLarge = () =>
    new Problem(413, `The content is longer than ${maxBytes} bytes.`, { Connection: 'close' });
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(400, 'The request was cut off.');
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A server as `Link` header fields name it (RFC 9725 §4.6), one for each of its addresses. */
function linksOf({ urls, username, credential }: IceServer): string[] {
  const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  const account =
    username === undefined || credential === undefined
      ? ''
      : `; username=${quoted(username)}; credential=${quoted(credential)}; credential-type="password"`;
  return urls.map((url) => `<${url}>; rel="ice-server"${account}`);
}

function finish(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.setHeader('Cache-Control', 'no-store');
  if (status !== 204) response.setHeader('Content-Length', '0');
  response.end();
}
