import type { ErrorCode } from '../../src/protocol/signaling.ts';

/** A request that the rules do not allow: answered with its code, never a fault of the server. */
export class Refusal extends Error {
  readonly code: ErrorCode;

  /** @param message what was wrong this time; it is sent to the client */
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}
