import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Topology } from '../../src/protocol/middlebox.ts';
import { Epoch, PeerId, RoomId, ServerId, SessionToken } from '../../src/protocol/signaling.ts';

/** What the server would otherwise forget over a restart: how its holder stood in the room. */
export interface Standing {
  readonly kind: RoomKind;
  /** False: its holder waits in the lobby. */
  readonly admitted: boolean;
  readonly lobbyOn: boolean;
  /** When its holder became host, in milliseconds since 1970; 0: it is not. */
  readonly hostSinceMs: number;
  readonly joinedAtMs: number;
  readonly topology: Topology;
  readonly auto: boolean;
  /** Since when media travel like that, in milliseconds since 1970; 0: since the room was opened. */
  readonly topologySinceMs: number;
}

export type RoomKind = 'lab' | 'meeting';

/** What a session token says: who sat in which room, on which connection, under which start of the server. */
export interface Session extends Standing {
  readonly server: ServerId;
  readonly room: RoomId;
  readonly peer: PeerId;
  readonly epoch: Epoch;
}

/**
 * Issues and reads session tokens: thirteen fields with dots between, the last one an HMAC-SHA-256 of the others.
 *
 * The server keeps no list of them, so a token outlives a restart as long as the secret does. None of the
 * fields can hold a dot.
 */
export class Sessions {
  readonly server: ServerId;
  readonly #secret: string;

  /** @param secret at least 32 characters; whoever knows it can take any seat */
  constructor(secret: string) {
    this.#secret = secret;
    this.server = ServerId.parse(randomBytes(9).toString('base64url'));
  }

  issue(room: RoomId, peer: PeerId, epoch: Epoch, standing: Standing): SessionToken {
    const { kind, admitted, lobbyOn, hostSinceMs, joinedAtMs, topology, auto, topologySinceMs } = standing;
    const flags = `${kind}.${Number(admitted)}.${Number(lobbyOn)}.${hostSinceMs}.${joinedAtMs}`;
    const routing = `${topology}.${Number(auto)}.${topologySinceMs}`;
    const text = `${this.server}.${room}.${peer}.${epoch}.${flags}.${routing}`;
    return SessionToken.parse(`${text}.${this.#mac(text)}`);
  }

  /** The session of a token that was issued with this secret, or undefined. */
  read(token: SessionToken): Session | undefined {
    const cut = token.lastIndexOf('.');
    const text = token.slice(0, Math.max(cut, 0));
    const mac = Buffer.from(token.slice(cut + 1));
    const expected = Buffer.from(this.#mac(text));
    if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) return undefined;
    const [server, room, peer, epoch, kind, admitted, lobbyOn, hostSinceMs, joinedAtMs, ...routing] =
      text.split('.');
    const [topology, auto, topologySinceMs] = routing;
    // Of an earlier version of this server.
    if (topologySinceMs === undefined) return undefined;
    return {
      server: ServerId.parse(server),
      room: RoomId.parse(room),
      peer: PeerId.parse(peer),
      epoch: Epoch.parse(Number(epoch)),
      kind: kind === 'meeting' ? 'meeting' : 'lab',
      admitted: admitted === '1',
      lobbyOn: lobbyOn === '1',
      hostSinceMs: Number(hostSinceMs),
      joinedAtMs: Number(joinedAtMs),
      topology: Topology.parse(topology),
      auto: auto === '1',
      topologySinceMs: Number(topologySinceMs),
    };
  }

  #mac(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url');
  }
}

/** A new participant's id: 128 random bits, so that nobody guesses another's. */
export function newPeerId(): PeerId {
  return PeerId.parse(randomBytes(16).toString('base64url'));
}
