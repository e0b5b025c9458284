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

/** The end of the user names that a learner signs. No label that we are told holds such a sign. */
const PRACTICE = '~practice';
/** How far ahead such a name may end. */
const PRACTICE_LIFETIME_MS = 3_600_000;

/** A secret for one session, with which its page can sign user names of its own: `<seconds>:<session>.<label>~practice`. */
export function practiceSecret(secret: string, session: string): string {
  return createHmac('sha256', secret).update(`practice ${session}`).digest('base64url');
}

/** The password of a user name whose time has not passed; undefined for any other. */
export function passwordAt(secret: string, username: string, nowMs: number): string | undefined {
  const seconds = /^(\d{1,12}):/.exec(username)?.[1];
  const leftMs = Number(seconds) * 1000 - nowMs;
  if (seconds === undefined || leftMs <= 0) return undefined;
  if (!username.endsWith(PRACTICE)) return passwordOf(secret, username);
  if (leftMs > PRACTICE_LIFETIME_MS) return undefined;
  return passwordOf(practiceSecret(secret, ownerOf(username).session), username);
}

/** Whose quota a user name counts for. Who renews it stays the same user; what a session signs itself is one user. */
export function userOf(username: string): string {
  const user = username.slice(username.indexOf(':') + 1);
  return username.endsWith(PRACTICE) ? ownerOf(username).session + PRACTICE : user;
}

/** Whose user name it is; the label is empty where there is no dot. */
export function ownerOf(username: string): Owner {
  const name = username.endsWith(PRACTICE) ? username.slice(0, -PRACTICE.length) : username;
  const id = name.slice(name.indexOf(':') + 1);
  const dot = id.indexOf('.');
  return dot < 0 ? { session: id, label: '' } : { session: id.slice(0, dot), label: id.slice(dot + 1) };
}

function passwordOf(secret: string, username: string): string {
  return createHmac('sha1', secret).update(username).digest('base64');
}
