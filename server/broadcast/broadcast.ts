import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { RoomId } from '../../src/protocol/signaling.ts';
import { newPeerId } from '../signaling/sessions.ts';
import { createRouter } from '../sfu/core/router.ts';
import type { FeedbackKind } from '../sfu/sdp/choose.ts';
import type { Transports } from '../sfu/transport/transport.ts';
import type { IceServers } from '../stun-turn/ice-servers.ts';
import { createBroadcastHttp } from './http.ts';
import { createSegmentsHttp } from './segments/http.ts';
import { BroadcastStages } from './stages.ts';
import type { BroadcastTokens } from './tokens.ts';

export interface BroadcastDeps {
  readonly log: Logger;
  /** Milliseconds since 1970, of a clock that does not go back. */
  readonly now: () => number;
  readonly tokens: BroadcastTokens;
  /** Those of the embedded SFU; undefined where it is off, or could not open its port. */
  readonly transports: () => Transports | undefined;
  readonly feedback: FeedbackKind;
  readonly iceServers: IceServers;
  /** Whether anybody is in a room. */
  readonly hasRoom: (room: RoomId) => boolean;
}

export interface Broadcast {
  /** Answers what is below `/whip/`, `/whep/` and `/segments/`. False: it is for somebody else. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  close(): void;
}

const TICK_MS = 1_000;

/** Broadcasts on the embedded SFU: published by WHIP, watched by WHEP or in segments. Each ends with its room. */
export function createBroadcast(deps: BroadcastDeps): Broadcast {
  const { log, now, tokens, hasRoom } = deps;
  const stages = new BroadcastStages({
    log,
    router: (events) => createRouter({ engine: deps.transports()?.name ?? '', events }),
    transports: deps.transports,
    feedback: deps.feedback,
  });
  const iceServers = async (_: RoomId, request: IncomingMessage) => {
    const { localAddress = '', remoteAddress = '' } = request.socket;
    const page = { local: localAddress, remote: remoteAddress, host: request.headers.host ?? '' };
    const session = deps.iceServers.sessionOf(newPeerId());
    return (await deps.iceServers.give({ session, label: 'broadcast' }, 'direct', page)).servers;
  };
  const sessions = createBroadcastHttp({ stages, tokens, hasRoom, iceServers, now, log });
  const segments = createSegmentsHttp({ stages, tokens, now, log });
  const timer = setInterval(() => {
    sessions.tick();
    segments.tick();
  }, TICK_MS);
  timer.unref();
  return {
    handle: (request, response) => sessions.handle(request, response) || segments.handle(request, response),
    close: () => {
      clearInterval(timer);
      segments.close();
      sessions.close();
      stages.close();
    },
  };
}
