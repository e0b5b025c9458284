import { createHmac, timingSafeEqual } from 'node:crypto';
import { BroadcastScope } from '../../src/protocol/broadcast.ts';
import { RoomId } from '../../src/protocol/signaling.ts';

/** What a token says: who shows it may do that in that room. */
export interface BroadcastGrant {
  readonly room: RoomId;
  readonly scope: BroadcastScope;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** Long enough to set up a program that publishes; what was opened with it goes on. */
export const TOKEN_LIFETIME_MS = 3_600_000;

/**
 * Bearer tokens (RFC 6750) of broadcasts: room, scope, expiry, and an HMAC-SHA-256 of them, with dots between. The server
 * keeps no list, so they outlive a restart.
 */
export class BroadcastTokens {
  readonly #key: Buffer;

  /** @param secret of the session tokens; whoever knows it can publish anywhere */
  constructor(secret: string) {
    this.#key = createHmac('sha256', secret).update('broadcast').digest();
  }

  issue(room: RoomId, scope: BroadcastScope, nowMs: number): { token: string; expiresAtMs: number } {
    const expiresAtMs = Math.floor(nowMs) + TOKEN_LIFETIME_MS;
    const text = `${room}.${scope}.${expiresAtMs}`;
    return { token: `${text}.${this.#mac(text)}`, expiresAtMs };
  }

  /** What a token that was issued with this secret allows; undefined for any other. The caller looks at its expiry. */
  read(token: string): BroadcastGrant | undefined {
    const cut = token.lastIndexOf('.');
    const text = token.slice(0, Math.max(cut, 0));
    const mac = Buffer.from(token.slice(cut + 1));
    const expected = Buffer.from(this.#mac(text));
    if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) return undefined;
    const [room, scope, expiresAtMs] = text.split('.');
    return {
      room: RoomId.parse(room),
      scope: BroadcastScope.parse(scope),
      expiresAtMs: Number(expiresAtMs),
    };
  }

  #mac(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}
