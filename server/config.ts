import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf } from './error-code.ts';
import { type FeedbackKind, feedbackKinds } from './sfu/sdp/choose.ts';
import { type PeerMode, peerModes } from './stun-turn/peers.ts';
import type { PortRange } from './stun-turn/relay-sockets.ts';

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
  readonly meetingSeats: number;
  readonly maxRooms: number;
  readonly socketsPerAddress: number;
  readonly rate: { readonly burst: number; readonly perSec: number };
  /** Whether PeerJS finds its server here. */
  readonly peerServer: boolean;
  readonly bots: { readonly limit: number; readonly idleMs: number; readonly stayMs: number };
  readonly turn: TurnConfig;
  /** The small NAT in front of our STUN server; undefined: none. 0 takes any port. */
  readonly nat: { readonly port: number } | undefined;
  readonly sfu: SfuConfig;
  /** Whether learners' servers may run here, in processes of their own; undefined: where only this machine reaches us. */
  readonly classroom: boolean | undefined;
  /** The mixer; undefined: none. */
  readonly mcu: McuConfig | undefined;
  readonly version: string;
}

export interface McuConfig {
  /** Participants of one room. */
  readonly seats: number;
  /** Of its connections, UDP and TCP; undefined: any. */
  readonly ports: PortRange | undefined;
}

export type TurnConfig =
  | { readonly kind: 'off' }
  /** Somebody else's server, with a secret in common (coturn's `use-auth-secret`). */
  | { readonly kind: 'coturn'; readonly urls: readonly string[]; readonly secret: string }
  | {
      readonly kind: 'embedded';
      /** 0 takes any free port. */
      readonly port: number;
      readonly tlsPort: number;
      readonly peers: readonly PeerMode[];
      readonly lifetimeSec: number;
      readonly userQuota: number;
      readonly totalQuota: number;
      readonly relayPorts: PortRange;
    };

export type SfuConfig =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'embedded';
      /** 0 takes any free port. */
      readonly port: number;
      /** By what publishers learn how much they may send. */
      readonly feedback: FeedbackKind;
    }
  /** A Janus that somebody runs beside us. */
  | {
      readonly kind: 'janus';
      /** Of its WebSocket. */
      readonly url: string;
      /** `api_secret` in its configuration. */
      readonly secret: string | undefined;
      /** `admin_key` of its VideoRoom. */
      readonly roomKey: string | undefined;
      /** Its WebSocket for administrators: what the forward table is made of. */
      readonly admin: { readonly url: string; readonly secret: string } | undefined;
    };

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
const NOT_YET = ['REDIS_URL'];

/**
 * The server's configuration from environment variables. An empty variable counts as not set.
 *
 * @throws {ConfigError} with a sentence that says which variable to change and what to write
 */
export function readConfig(env: Env): Config {
  for (const name of NOT_YET) {
    if (read(env, name) !== undefined)
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
    meetingSeats: readInt(env, 'MEETING_SEATS', 16, 2, 200),
    maxRooms: readInt(env, 'MAX_ROOMS', 1_000, 1, 100_000),
    socketsPerAddress: readInt(env, 'SOCKETS_PER_ADDRESS', 250, 1, 100_000),
    rate: {
      burst: readInt(env, 'RATE_BURST', 500, 1, 1_000_000),
      perSec: readInt(env, 'RATE_PER_SEC', 100, 1, 1_000_000),
    },
    peerServer: readChoice(env, 'PEERSERVER', ['on', 'off'], 'on') === 'on',
    bots: { limit: readInt(env, 'BOTS', 32, 0, 64), idleMs: 60_000, stayMs: 3_600_000 },
    turn: readTurn(env),
    nat:
      readChoice(env, 'NAT', ['on', 'off'], 'on') === 'on'
        ? { port: readInt(env, 'NAT_PORT', 3490, 0, 65_535) }
        : undefined,
    sfu: readSfu(env),
    classroom: readClassroom(env),
    mcu: readMcu(env),
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

const EMBEDDED_ONLY = [
  'TURN_PORT',
  'TURN_TLS_PORT',
  'TURN_PEERS',
  'TURN_LIFETIME_SEC',
  'TURN_USER_QUOTA',
  'TURN_TOTAL_QUOTA',
  'TURN_RELAY_PORTS',
];
const COTURN_ONLY = ['TURN_URLS', 'TURN_SECRET'];

function readTurn(env: Env): TurnConfig {
  const kind = readChoice(env, 'TURN', ['embedded', 'coturn', 'off'], 'embedded');
  const idle = [...(kind === 'embedded' ? [] : EMBEDDED_ONLY), ...(kind === 'coturn' ? [] : COTURN_ONLY)];
  const set = idle.find((name) => read(env, name) !== undefined);
  if (set !== undefined) {
    const other = COTURN_ONLY.includes(set) ? 'coturn' : 'embedded';
    throw new ConfigError(
      `${set} is set, but TURN is ${kind}: write TURN=${other}${other === 'embedded' ? ' (or leave TURN out)' : ''}, or remove ${set}.`,
    );
  }
  if (kind === 'off') return { kind };
  if (kind === 'coturn') return { kind, urls: readTurnUrls(env), secret: readTurnSecret(env) };
  return {
    kind,
    port: readTurnPort(env, 'TURN_PORT', 3478),
    tlsPort: readTurnPort(env, 'TURN_TLS_PORT', 5349),
    peers: readPeers(env),
    lifetimeSec: readInt(env, 'TURN_LIFETIME_SEC', 600, 10, 86_400),
    userQuota: readInt(env, 'TURN_USER_QUOTA', 12, 1, 10_000),
    totalQuota: readInt(env, 'TURN_TOTAL_QUOTA', 400, 1, 16_000),
    relayPorts: readPortRange(env, 'TURN_RELAY_PORTS', '49152-65535'),
  };
}

/** Browsers refuse most ports below 1024 without a word (Chromium gathers no relay candidate and reports no error). */
function readTurnPort(env: Env, name: string, otherwise: number): number {
  const port = readInt(env, name, otherwise, 0, 65_535);
  if (port !== 0 && port < 1024 && ![53, 80, 443].includes(port))
    throw new ConfigError(
      `${name}=${port} is not usable: browsers ignore STUN and TURN servers on most ports below 1024; write ${name}=${otherwise}.`,
    );
  return port;
}

function readPeers(env: Env): PeerMode[] {
  const texts = (read(env, 'TURN_PEERS') ?? 'relays').split(',').map((text) => text.trim());
  return texts.map((text) => {
    const mode = peerModes.find((candidate) => candidate === text);
    if (mode === undefined)
      throw new ConfigError(
        `TURN_PEERS has "${text}": write one or more of ${peerModes.join(', ')}, with commas between.`,
      );
    return mode;
  });
}

function readPortRange(env: Env, name: string, otherwise: string): PortRange {
  const text = read(env, name) ?? otherwise;
  const [low, high] = /^(\d{1,5})-(\d{1,5})$/.exec(text)?.slice(1).map(Number) ?? [];
  if (low === undefined || high === undefined || low < 1024 || high > 65_535 || low > high)
    throw new ConfigError(
      `${name}=${text} is not usable: write two ports from 1024 to 65535, such as ${name}=${otherwise}.`,
    );
  return { low, high };
}

function readTurnUrls(env: Env): string[] {
  const texts = (read(env, 'TURN_URLS') ?? '').split(',').map((text) => text.trim());
  const urls = texts.filter((text) => text !== '');
  const example =
    'TURN_URLS=turn:turn.example.org:3478?transport=udp,turn:turn.example.org:3478?transport=tcp';
  if (urls.length === 0) throw new ConfigError(`TURN=coturn needs the server's address: write ${example}.`);
  for (const url of urls) {
    // RFC 7064 §3.1, RFC 7065 §3.1
    if (!/^(stuns?:[^\s?/@]+|turns?:[^\s?/@]+(\?transport=(udp|tcp))?)$/.test(url))
      throw new ConfigError(`TURN_URLS has "${url}", which is no STUN or TURN address: write ${example}.`);
  }
  if (!urls.some((url) => url.startsWith('turn')))
    throw new ConfigError(`TURN_URLS has no address that begins with turn: or turns:, write ${example}.`);
  return urls;
}

function readTurnSecret(env: Env): string {
  const secret = read(env, 'TURN_SECRET');
  if (secret === undefined)
    throw new ConfigError(
      'TURN=coturn needs TURN_SECRET: the value of static-auth-secret in the configuration of coturn, which also needs use-auth-secret.',
    );
  return secret;
}

const EMBEDDED_SFU_ONLY = ['SFU_PORT', 'SFU_FEEDBACK'];
const JANUS_ONLY = [
  'JANUS_URL',
  'JANUS_API_SECRET',
  'JANUS_ROOM_KEY',
  'JANUS_ADMIN_URL',
  'JANUS_ADMIN_SECRET',
];

function readSfu(env: Env): SfuConfig {
  const kind = readChoice(env, 'SFU', ['embedded', 'janus', 'off'], 'embedded');
  const idle = [...(kind === 'embedded' ? [] : EMBEDDED_SFU_ONLY), ...(kind === 'janus' ? [] : JANUS_ONLY)];
  const set = idle.find((name) => read(env, name) !== undefined);
  if (set !== undefined) {
    const other = JANUS_ONLY.includes(set) ? 'SFU=janus' : 'SFU=embedded (or leave SFU out)';
    throw new ConfigError(`${set} is set, but SFU is ${kind}: write ${other}, or remove ${set}.`);
  }
  if (kind === 'off') return { kind };
  if (kind === 'janus') return readJanus(env);
  return {
    kind,
    port: readInt(env, 'SFU_PORT', 3520, 0, 65_535),
    feedback: readChoice(env, 'SFU_FEEDBACK', feedbackKinds, 'transport-cc'),
  };
}

function readJanus(env: Env): SfuConfig {
  const url = readWebSocketUrl(env, 'JANUS_URL', 8188);
  if (url === undefined)
    throw new ConfigError(
      'SFU=janus needs the address of its WebSocket: write JANUS_URL=ws://127.0.0.1:8188, or wherever it listens (ws_ip and ws_port in janus.transport.websockets.jcfg).',
    );
  const adminUrl = readWebSocketUrl(env, 'JANUS_ADMIN_URL', 7188);
  const adminSecret = read(env, 'JANUS_ADMIN_SECRET');
  if ((adminUrl === undefined) !== (adminSecret === undefined))
    throw new ConfigError(
      `${adminUrl === undefined ? 'JANUS_ADMIN_URL' : 'JANUS_ADMIN_SECRET'} is missing: set both, the address of the WebSocket for administrators and the admin_secret of Janus, or neither.`,
    );
  return {
    kind: 'janus',
    url,
    secret: read(env, 'JANUS_API_SECRET'),
    roomKey: read(env, 'JANUS_ROOM_KEY'),
    admin:
      adminUrl !== undefined && adminSecret !== undefined
        ? { url: adminUrl, secret: adminSecret }
        : undefined,
  };
}

function readWebSocketUrl(env: Env, name: string, port: number): string | undefined {
  const text = read(env, name);
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^wss?:$/.test(url.protocol) || url.username || url.password || url.hash)
    throw new ConfigError(
      `${name}=${text} is no address of a WebSocket: write ws:// or wss://, host and port, such as ${name}=ws://127.0.0.1:${port}.`,
    );
  return url.href;
}

function readClassroom(env: Env): boolean | undefined {
  if (read(env, 'CLASSROOM') === undefined) return undefined;
  return readChoice(env, 'CLASSROOM', ['on', 'off'], 'off') === 'on';
}

function readMcu(env: Env): McuConfig | undefined {
  const isOn = readChoice(env, 'MCU', ['on', 'off'], 'on') === 'on';
  const set = ['MCU_SEATS', 'MCU_PORTS'].find((name) => read(env, name) !== undefined);
  if (!isOn && set !== undefined)
    throw new ConfigError(`${set} is set, but MCU is off: write MCU=on, or remove ${set}.`);
  if (!isOn) return undefined;
  const seats = readInt(env, 'MCU_SEATS', 6, 2, 16);
  const ports =
    read(env, 'MCU_PORTS') === undefined ? undefined : readPortRange(env, 'MCU_PORTS', '41000-41199');
  return { seats, ports };
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return version;
}
