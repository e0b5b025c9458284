import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Epoch, PeerId, RoomId, ServerId, SessionToken } from '../../src/protocol/signaling.ts';

/** What a session token says: who sat in which room, on which connection, under which start of the server. */
export interface Session {
  readonly server: ServerId;
  readonly room: RoomId;
  readonly peer: PeerId;
  readonly epoch: Epoch;
}

/**
 * Issues and reads session tokens: `server.room.peer.epoch.mac`, the MAC being HMAC-SHA-256.
 *
 * The server keeps no list of them, so a token outlives a restart as long as the secret does. None of the
 * four fields can hold a dot.
 */
export class Sessions {
  readonly server: ServerId;
  readonly #secret: string;

  /** @param secret at least 32 characters; whoever knows it can take any seat */
  constructor(secret: string) {
    this.#secret = secret;
    this.server = ServerId.parse(randomBytes(9).toString('base64url'));
  }

  issue(room: RoomId, peer: PeerId, epoch: Epoch): SessionToken {
    const text = `${this.server}.${room}.${peer}.${epoch}`;
    return SessionToken.parse(`${text}.${this.#mac(text)}`);
  }

  /** The session of a token that was issued with this secret, or undefined. */
  read(token: SessionToken): Session | undefined {
    const cut = token.lastIndexOf('.');
    const text = token.slice(0, Math.max(cut, 0));
    const mac = Buffer.from(token.slice(cut + 1));
    const expected = Buffer.from(this.#mac(text));
    if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) return undefined;
    const [server, room, peer, epoch] = text.split('.');
    return {
      server: ServerId.parse(server),
      room: RoomId.parse(room),
      peer: PeerId.parse(peer),
      epoch: Epoch.parse(Number(epoch)),
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
