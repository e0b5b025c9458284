import type { IncomingMessage } from 'node:http';
import type { BroadcastScope } from '../../src/protocol/broadcast.ts';
import type { RoomId } from '../../src/protocol/signaling.ts';
import { Problem } from './problem.ts';
import type { BroadcastTokens } from './tokens.ts';

interface Wanted {
  readonly tokens: BroadcastTokens;
  readonly room: RoomId;
  readonly scope: BroadcastScope;
  readonly nowMs: number;
  /** A token that is good in any case, though it has expired: what it has opened is asked for. */
  readonly own?: string;
}

const doings: Readonly<Record<BroadcastScope, string>> = { publish: 'publishing', view: 'watching' };

/**
 * The bearer token of a request (RFC 6750 §2.1).
 *
 * @throws {Problem} 401 without a token that is worth something, 403 with one for something else (§3.1)
 */
export function authorize(request: IncomingMessage, { tokens, room, scope, nowMs, own }: Wanted): string {
  const [scheme = '', token = ''] = (request.headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() !== 'bearer' || token === '')
    throw new Problem(401, 'The request has no bearer token: a member of the room asks for one.', {
      'WWW-Authenticate': 'Bearer realm="broadcast"',
    });
  if (token === own) return token;
  const grant = token.length <= 300 ? tokens.read(token) : undefined;
  if (!grant || grant.expiresAtMs <= nowMs)
    throw new Problem(401, 'The token is not one of this server, or it has expired: ask for another one.', {
      'WWW-Authenticate': 'Bearer realm="broadcast", error="invalid_token"',
    });
  if (grant.room !== room || grant.scope !== scope)
    throw new Problem(403, `The token is not for ${doings[scope]} in this room.`, {
      'WWW-Authenticate': 'Bearer realm="broadcast", error="insufficient_scope"',
    });
  return token;
}
