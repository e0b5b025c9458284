import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf } from './error-code.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface Config {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly https: { readonly kind: 'off' } | { readonly kind: 'self-signed' } | KeyPair;
  /** Origins besides our own whose pages may connect, and under which a reverse proxy makes us public. */
  readonly allowedOrigins: readonly string[];
  readonly logLevel: LogLevel;
  /** Where the built site is. */
  readonly siteDir: string;
  /** Where the secret of the session tokens and the self-signed certificate are kept. */
  readonly stateDir: string;
  /** Undefined: one is made and kept in the state folder. */
  readonly sessionSecret: string | undefined;
  readonly graceMs: number;
  readonly restoringMs: number;
  readonly pingMs: number;
  readonly seats: number;
  readonly maxRooms: number;
  readonly socketsPerAddress: number;
  readonly rate: { readonly burst: number; readonly perSec: number };
  readonly bots: { readonly limit: number; readonly idleMs: number; readonly stayMs: number };
  readonly version: string;
}

interface KeyPair {
  readonly kind: 'files';
  readonly cert: string;
  readonly key: string;
}

const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A setting that cannot be used. Its message is a sentence for the person who starts the server. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

type Env = Readonly<Record<string, string | undefined>>;

/** Parts that are planned and not here yet: a setting that would do nothing must not look as if it did. */
const NOT_YET = ['TURN_PORT', 'TURN', 'TURN_URLS', 'TURN_SECRET', 'REDIS_URL', 'SFU', 'JANUS_URL'];

/**
 * The server's configuration from environment variables. An empty variable counts as not set.
 *
 * @throws {ConfigError} with a sentence that says which variable to change and what to write
 */
export function readConfig(env: Env): Config {
  for (const name of NOT_YET) {
    if (read(env, name) !== undefined && !(name === 'TURN' && env[name] === 'off'))
      throw new ConfigError(`${name} is set, but this version has no such part: remove it.`);
  }
  const graceMs = readInt(env, 'GRACE_MS', 10_000, 0, 600_000);
  return {
    host: readHost(env),
    port: readInt(env, 'PORT', 3000, 0, 65_535),
    https: readHttps(env),
    allowedOrigins: readOrigins(env),
    logLevel: readChoice(env, 'LOG_LEVEL', logLevels, 'warn'),
    siteDir: resolve(ROOT, read(env, 'SITE_DIR') ?? 'dist'),
    stateDir: resolve(ROOT, read(env, 'STATE_DIR') ?? '.peerscope'),
    sessionSecret: readSecret(env),
    graceMs,
    restoringMs: graceMs + 5_000,
    pingMs: readInt(env, 'PING_MS', 5_000, 100, 60_000),
    seats: readInt(env, 'ROOM_SEATS', 50, 2, 1_000),
    maxRooms: readInt(env, 'MAX_ROOMS', 1_000, 1, 100_000),
    socketsPerAddress: readInt(env, 'SOCKETS_PER_ADDRESS', 250, 1, 100_000),
    rate: {
      burst: readInt(env, 'RATE_BURST', 500, 1, 1_000_000),
      perSec: readInt(env, 'RATE_PER_SEC', 100, 1, 1_000_000),
    },
    bots: { limit: readInt(env, 'BOTS', 4, 0, 64), idleMs: 60_000, stayMs: 3_600_000 },
    version: readVersion(),
  };
}

function read(env: Env, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

function readInt(env: Env, name: string, otherwise: number, min: number, max: number): number {
  const text = read(env, name);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new ConfigError(
      `${name}=${text} is not usable: write a whole number from ${min} to ${max}, such as ${name}=${otherwise}.`,
    );
  return value;
}

function readChoice<T extends string>(env: Env, name: string, choices: readonly T[], otherwise: T): T {
  const text = read(env, name) ?? otherwise;
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined)
    throw new ConfigError(`${name}=${text} is not usable: write one of ${choices.join(', ')}.`);
  return choice;
}

function readHost(env: Env): string {
  const host = read(env, 'HOST') ?? '127.0.0.1';
  // Only digits and dots look like an address but would be looked up as a name.
  const name = /^(?=.*[a-z])[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(host);
  if (!isIP(host) && !name)
    throw new ConfigError(
      `HOST=${host} is not usable: write an address or name of this machine without scheme or port, ` +
        `such as HOST=127.0.0.1 (this machine only) or HOST=0.0.0.0 (the whole network).`,
    );
  return host;
}

function readHttps(env: Env): Config['https'] {
  const kind = readChoice(env, 'HTTPS', ['on', 'off'], read(env, 'HTTPS_CERT') ? 'on' : 'off');
  const cert = read(env, 'HTTPS_CERT');
  const key = read(env, 'HTTPS_KEY');
  if (kind === 'off') {
    if (cert ?? key)
      throw new ConfigError(
        'HTTPS_CERT or HTTPS_KEY is set, but HTTPS is off: write HTTPS=on or remove them.',
      );
    return { kind };
  }
  if (!cert && !key) return { kind: 'self-signed' };
  if (!cert || !key)
    throw new ConfigError(
      `${cert ? 'HTTPS_KEY' : 'HTTPS_CERT'} is missing: set both, each to the path of a PEM file.`,
    );
  return { kind: 'files', cert: readPem('HTTPS_CERT', cert), key: readPem('HTTPS_KEY', key) };
}

function readPem(name: string, path: string): string {
  let text: string;
  try {
    text = readFileSync(resolve(ROOT, path), 'utf8');
  } catch (error) {
    throw new ConfigError(`${name}=${path} cannot be read (${codeOf(error)}): write the path of a PEM file.`);
  }
  if (!text.includes('-----BEGIN '))
    throw new ConfigError(`${name}=${path} is not a PEM file: its text begins with "-----BEGIN".`);
  return text;
}

function readOrigins(env: Env): string[] {
  const texts = (read(env, 'ALLOWED_ORIGINS') ?? '').split(',').map((text) => text.trim());
  return texts
    .filter((text) => text !== '')
    .map((text) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      // A slash at the end is what one copies from the address bar.
      if (!url || !/^https?:$/.test(url.protocol) || url.origin !== text.replace(/\/$/, ''))
        throw new ConfigError(
          `ALLOWED_ORIGINS has "${text}", which is not an origin: write scheme and host, ` +
            `such as ALLOWED_ORIGINS=https://lab.example.org, several with commas between.`,
        );
      return url.origin;
    });
}

function readSecret(env: Env): string | undefined {
  const secret = read(env, 'SESSION_SECRET');
  if (secret !== undefined && secret.length < 32)
    throw new ConfigError('SESSION_SECRET is too short: write at least 32 random characters, or remove it.');
  return secret;
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return version;
}
