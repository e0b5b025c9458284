import type { RtcError } from '../errors.ts';
import type { RtcEvent } from '../timeline.ts';
import type { Signal } from './signaling.ts';

/** Where the one peer of this page stands with the one elsewhere. */
export type RendezvousState =
  /** `why` once an attempt has failed; it goes on trying. */
  | { readonly is: 'connecting'; readonly why?: string }
  | { readonly is: 'waiting' }
  | { readonly is: 'paired' }
  | { readonly is: 'refused'; readonly error: RtcError };

/** What is known of the other peer while a run goes on: a word for the record. */
export type Presence = Extract<RtcEvent, { kind: 'presence' }>['state'];

/**
 * One meeting with the other peer, from when both are there until one is gone for good.
 *
 * A signaling server that restarts, or a connection to it that drops and returns, does not end it.
 */
export interface Pairing {
  /** The newcomer offers; the one who was there waits. Both ends agree on it without a word. */
  readonly offers: boolean;
  /** Aborts when the other peer left or loaded its page anew: its old connection is gone then. */
  readonly signal: AbortSignal;
  post(signal: Signal): { readonly id: string; readonly taken: Promise<void> };
  /** Sets the one receiver; what came before is kept for it. */
  deliver(receiver: (id: string, signal: Signal) => void): void;
  onPresence(receiver: (state: Presence) => void): void;
}

/** A place where a peer in this page meets one in another tab or on another device. Ends with its `AbortSignal`. */
export interface Rendezvous {
  onState(receiver: (state: RendezvousState) => void): void;
  onPairing(receiver: (pairing: Pairing) => void): void;
  /** Tells the code under which the other one may look for this room, where there is one. */
  onCode?(receiver: (code: string) => void): void;
}

/** Keeps what arrives until somebody wants it. */
export class Mailbox<Args extends unknown[]> {
  #receiver: ((...args: Args) => void) | undefined;
  readonly #kept: Args[] = [];

  put(...args: Args): void {
    if (this.#receiver) this.#receiver(...args);
    else this.#kept.push(args);
  }

  open(receiver: (...args: Args) => void): void {
    this.#receiver = receiver;
    for (const args of this.#kept.splice(0)) receiver(...args);
  }
}

/** A random name that goes into a URL: 59 bits, from the letters that nobody confuses on a projector. */
export function randomId(): string {
  // Not crypto.randomUUID(): that one is missing on http pages from another machine of the LAN.
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  return Array.from(
    crypto.getRandomValues(new Uint8Array(12)),
    (byte) => letters[byte % letters.length],
  ).join('');
}
