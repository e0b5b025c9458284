/** Janus: another SFU to compare ours with, and the one behind `SFU=janus`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { findJanus } from '../../scripts/janus.mjs';
import { freePort } from './coturn.ts';

const search = findJanus();
/** Why Janus cannot be used here, in words; undefined where it can. */
export const janusMissing = 'missing' in search ? search.missing : undefined;

export interface JanusOptions {
  /**
   * Where media come and go; Janus cannot use loopback for them. Without it the first other IPv4 address: in a private
   * network (`inPrivateNetwork()` of scripts/browser.mjs) the one of its bridge.
   */
  readonly address?: string;
  /** Of the requests, on loopback. Without it one that is free; who starts it again may want the same. */
  readonly port?: number;
  /** Lets candidates come one by one, and not within the descriptions. */
  readonly trickle?: boolean;
}

export interface Janus extends AsyncDisposable {
  /** For `JANUS_URL`. */
  readonly url: string;
  /** For `JANUS_API_SECRET`. */
  readonly secret: string;
  /** For `JANUS_ADMIN_URL`: what goes through it, in numbers. */
  readonly adminUrl: string;
  /** For `JANUS_ADMIN_SECRET`. */
  readonly adminSecret: string;
  /** `admin_key` of the VideoRoom. */
  readonly roomKey: string;
  readonly port: number;
  /** Of the process, whose CPU time is measured. */
  readonly pid: number;
  /** What it printed so far. */
  readonly log: readonly string[];
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

const SECRET = 'an api secret of the tests';
const ADMIN_SECRET = 'an admin secret of the tests';
const ROOM_KEY = 'a room key of the tests';
/** It is ready within 2 s on an idle machine. */
const READY_MS = 30_000;

/**
 * Starts a Janus of our own with a folder of our own; the system's is not touched. `await using` ends it.
 *
 * @throws {Error} when it does not get ready, with what it printed
 */
export async function startJanus(options: JanusOptions = {}): Promise<Janus> {
  if ('missing' in search) throw new Error(search.missing);
  const { path, libraries } = search.found;
  const address = options.address ?? ownAddress();
  const folder = await mkdtemp(join(tmpdir(), 'peerscope-janus-'));
  const port = options.port ?? (await freePort('127.0.0.1'));
  const adminPort = await freePort('127.0.0.1');
  const files = {
    'janus.jcfg': `
      general: {
        configs_folder = "${folder}"
        plugins_folder = "${join(libraries, 'plugins')}"
        transports_folder = "${join(libraries, 'transports')}"
        events_folder = "${join(libraries, 'events')}"
        loggers_folder = "${join(libraries, 'loggers')}"
        debug_level = 4
        api_secret = "${SECRET}"
        admin_secret = "${ADMIN_SECRET}"
        server_name = "peerscope-test"
      }
      media: { rtp_port_range = "20000-40000" }
      nat: { full_trickle = ${options.trickle ?? false}, ignore_mdns = true, ice_enforce_list = "${address}" }
      plugins: { disable = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_echotest.so,libjanus_lua.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_voicemail.so" }
      transports: { disable = "libjanus_http.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so" }
      events: { broadcast = false }
    `,
    'janus.transport.websockets.jcfg': `
      general: { json = "compact", ws = true, ws_ip = "127.0.0.1", ws_port = ${port}, wss = false }
      admin: { admin_ws = true, admin_ws_ip = "127.0.0.1", admin_ws_port = ${adminPort}, admin_wss = false }
    `,
    'janus.plugin.videoroom.jcfg': `general: { admin_key = "${ROOM_KEY}" }`,
  };
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, name), text, { mode: 0o600 });

  const child = spawn(path, ['-F', folder, '-o', '-i', address], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => log.push(...text.split('\n').filter(Boolean)));
  const end = async () => {
    await stop(child);
    await rm(folder, { recursive: true, force: true });
  };
  const url = `ws://127.0.0.1:${port}`;
  try {
    await answers(url, child);
  } catch (error) {
    await end();
    throw new Error(`Janus did not get ready; it said:\n${log.join('\n')}`, { cause: error });
  }
  return {
    url,
    secret: SECRET,
    adminUrl: `ws://127.0.0.1:${adminPort}`,
    adminSecret: ADMIN_SECRET,
    roomKey: ROOM_KEY,
    port,
    pid: child.pid ?? 0,
    log,
    kill: () => stop(child),
    [Symbol.asyncDispose]: end,
  };
}

/** An IPv4 address of this machine that is not loopback. @throws {Error} when there is none */
export function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  if (!found) throw new Error('Janus needs an address that is not loopback: run this in a private network');
  return found;
}

/** `info`, until it is answered. */
async function answers(url: string, child: ChildProcess): Promise<void> {
  const limit = AbortSignal.timeout(READY_MS);
  while (!(await info(url))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended');
    limit.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function info(url: string): Promise<boolean> {
  const socket = new WebSocket(url, 'janus-protocol');
  try {
    await once(socket, 'open');
    socket.send(JSON.stringify({ janus: 'info', transaction: 'info' }));
    await once(socket, 'message');
    return true;
  } catch {
    return false;
  } finally {
    socket.on('error', () => {}).terminate();
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL'); // it has nothing to save
  await ended;
}
