import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Nonces that carry their time and a MAC of it and of the client's address, so that a server that has given out a
 * million remembers none (RFC 8489 §9.2, RFC 8656 §5).
 */
export class Nonces {
  readonly #secret = randomBytes(32);
  readonly #lifetimeMs: number;

  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  issue(address: string, nowMs: number): string {
    const time = Math.floor(nowMs).toString(36);
    return `${time}.${this.#mac(time, address).toString('base64url')}`;
  }

  /** Whether we gave it to this address, not too long ago. */
  isFresh(nonce: string, address: string, nowMs: number): boolean {
    const [time = '', mac = ''] = nonce.split('.');
    const ageMs = nowMs - Number.parseInt(time, 36);
    if (!(ageMs >= 0 && ageMs <= this.#lifetimeMs)) return false;
    const given = Buffer.from(mac, 'base64url');
    const expected = this.#mac(time, address);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  #mac(time: string, address: string): Buffer {
    return createHmac('sha256', this.#secret).update(`${time} ${address}`).digest().subarray(0, 12);
  }
}
