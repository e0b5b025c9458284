import { createHmac } from 'node:crypto';
import type { Owner } from './flow.ts';

/** How long a user name can make allocations. One that was made lives on: a lesson never outlasts it. */
const LIFETIME_MS = 12 * 3_600_000;

export interface Credentials {
  readonly username: string;
  readonly credential: string;
  readonly expiresAtMs: number;
}

/**
 * User names that carry their end, and passwords that follow from them: nothing is stored, and a coturn with the same
 * secret (`use-auth-secret`) knows them too.
 *
 * The name is `<unix seconds>:<session>.<label>`, the password `base64(HMAC-SHA1(secret, name))`.
 */
export function issueCredentials(
  secret: string,
  { session, label }: Owner,
  nowMs: number,
  lifetimeMs = LIFETIME_MS,
): Credentials {
  const expiresAtMs = nowMs + lifetimeMs;
  const username = `${Math.floor(expiresAtMs / 1000)}:${session}.${label}`;
  return { username, credential: passwordOf(secret, username), expiresAtMs };
}

/** The password of a user name whose time has not passed; undefined for any other. */
export function passwordAt(secret: string, username: string, nowMs: number): string | undefined {
  const seconds = /^(\d{1,12}):/.exec(username)?.[1];
  if (seconds === undefined || Number(seconds) * 1000 <= nowMs) return undefined;
  return passwordOf(secret, username);
}

/** Whose user name it is; the label is empty where there is no dot. */
export function ownerOf(username: string): Owner {
  const id = username.slice(username.indexOf(':') + 1);
  const dot = id.indexOf('.');
  return dot < 0 ? { session: id, label: '' } : { session: id.slice(0, dot), label: id.slice(dot + 1) };
}

function passwordOf(secret: string, username: string): string {
  return createHmac('sha1', secret).update(username).digest('base64');
}
