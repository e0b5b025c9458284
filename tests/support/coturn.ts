/** coturn: another server to compare ours with, and clients that know nothing of our code. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCoturn } from '../../scripts/coturn.mjs';

const search = findCoturn();
/** Why coturn cannot be used here, in words; undefined where it can. */
export const coturnMissing = 'missing' in search ? search.missing : undefined;

export interface CoturnOptions {
  /** Where it listens and relays: an address of this machine. */
  readonly address?: string;
  /** Peers to which it relays besides its own address: coturn's `allowed-peer-ip`. `none`: not even to itself. */
  readonly peers?: readonly string[] | 'none';
  /** Allocations of one user, and of all. */
  readonly quota?: { readonly user: number; readonly total: number };
  /** The longest lifetime of an allocation, in seconds, 600 … 3600: coturn does not go below. */
  readonly lifetimeSec?: number;
  /** Further lines of its configuration file. */
  readonly lines?: readonly string[];
}

export interface Coturn extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  readonly secret: string;
  readonly realm: string;
  /** Of the process, whose CPU time is measured. */
  readonly pid: number;
  /** What it printed so far. */
  readonly log: readonly string[];
}

const REALM = 'playground';
const SECRET = 'a secret of the tests';
/** It is ready within 2 s on an idle machine. */
const READY_MS = 20_000;

/**
 * Starts a coturn of our own with a file of our own; the system's is not touched. `await using` ends it.
 *
 * @throws {Error} when it does not get ready, with what it printed
 */
export async function startCoturn(options: CoturnOptions = {}): Promise<Coturn> {
  const { address = '127.0.0.1', peers = [], quota = { user: 100, total: 1000 } } = options;
  const folder = await mkdtemp(join(tmpdir(), 'peerscope-coturn-'));
  const port = await freePort(address);
  const isLoopback = address === '::1' || address.startsWith('127.');
  // A file that nobody else may read: on the command line, every user of the machine sees the secret.
  const file = join(folder, 'turnserver.conf');
  const lines = [
    `listening-port=${port}`,
    `listening-ip=${address}`,
    `relay-ip=${address}`,
    `realm=${REALM}`,
    'use-auth-secret',
    `static-auth-secret=${SECRET}`,
    `user-quota=${quota.user}`,
    `total-quota=${quota.total}`,
    'stale-nonce=600',
    ...(options.lifetimeSec === undefined ? [] : [`max-allocate-lifetime=${options.lifetimeSec}`]),
    'no-tls',
    'no-dtls',
    'no-cli',
    'no-multicast-peers',
    'no-tcp-relay',
    'no-rfc5780',
    'response-origin-only-with-rfc5780',
    'no-stun-backward-compatibility',
    ...(isLoopback ? ['allow-loopback-peers'] : []),
    'denied-peer-ip=0.0.0.0-255.255.255.255',
    'denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ...(peers === 'none' ? [] : [address, ...peers]).map((peer) => `allowed-peer-ip=${peer}`),
    ...(options.lines ?? []),
    'verbose',
    'log-file=stdout',
    `pidfile=${join(folder, 'turnserver.pid')}`,
    `userdb=${join(folder, 'turndb')}`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });

  const child = spawn(program('turnserver'), ['-c', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => log.push(...text.split('\n').filter(Boolean)));
  const end = async () => {
    await stop(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answers(address, port, child);
  } catch (error) {
    await end();
    throw new Error(`coturn did not get ready; it said:\n${log.join('\n')}`, { cause: error });
  }
  return {
    address,
    port,
    secret: SECRET,
    realm: REALM,
    pid: child.pid ?? 0,
    log,
    [Symbol.asyncDispose]: end,
  };
}

/** A Binding request, until it is answered. */
async function answers(address: string, port: number, child: ChildProcess): Promise<void> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const request = Buffer.from('000100002112a442000102030405060708090a0b', 'hex');
  const ask = () => socket.send(request, port, address, () => {});
  const again = setInterval(ask, 50);
  const limit = AbortSignal.timeout(READY_MS);
  const ended = once(child, 'exit', { signal: limit }).then(() => Promise.reject(new Error('it ended')));
  try {
    ask();
    await Promise.race([once(socket, 'message', { signal: limit }), ended]);
  } finally {
    clearInterval(again);
    ended.catch(() => {}); // its end later on is wanted
    socket.close();
  }
}

/** A port on which nobody listens at this address, neither by UDP nor by TCP. */
export async function freePort(address: string): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, address);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const isFree = await new Promise<boolean>((resolve) => {
      socket.once('error', () => resolve(false)).bind(port, address, () => resolve(true));
    });
    socket.close();
    if (isFree) return port;
  }
}

/** A server that coturn's clients talk to, and what they must know. */
export interface TurnTarget {
  readonly address: string;
  readonly port: number;
  readonly secret: string;
}

export interface UclientResult {
  readonly sent: number;
  readonly received: number;
  /** All that it printed. */
  readonly output: string;
}

/** It takes 7 s for whatever it does; one that is stuck would hang for ever. */
const UCLIENT_MS = 60_000;

/**
 * Runs `turnutils_uclient` to its end.
 *
 * @param args its flags, such as `-y` (clients talk to each other), `-c` (no RTCP), `-s` (Send indications), `-t` (TCP)
 * @param userid what follows the expiry in the user name
 */
export async function uclient(
  { address, port, secret }: TurnTarget,
  args: readonly string[],
  userid = 'session.alice',
): Promise<UclientResult> {
  const where = ['-L', address, '-p', String(port), '-u', userid, '-W', secret];
  const output = await runToEnd('turnutils_uclient', [...args, ...where, address], UCLIENT_MS);
  // Printed once a second; the last line counts.
  const counts = output.matchAll(/tot_send_msgs=(\d+), tot_recv_msgs=(\d+)/g);
  const [, sent, received] = [...counts].at(-1) ?? [];
  return { sent: Number(sent ?? 0), received: Number(received ?? 0), output };
}

/** What `turnutils_stunclient` prints: the reflexive address. */
export function stunclient({ address, port }: Pick<TurnTarget, 'address' | 'port'>): Promise<string> {
  return runToEnd('turnutils_stunclient', ['-p', String(port), address], UCLIENT_MS);
}

/** `turnutils_peer`: it sends back what it gets. `await using` ends it. */
export async function startPeer(address = '127.0.0.1'): Promise<{ port: number } & AsyncDisposable> {
  const port = await freePort(address);
  const child = spawn(program('turnutils_peer'), ['-L', address, '-p', String(port)], { stdio: 'ignore' });
  try {
    await answers(address, port, child);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { port, [Symbol.asyncDispose]: () => stop(child) };
}

/** A user name and its password as coturn's REST scheme has them. @param lifetimeSec below zero: expired */
export function credentialOf(secret: string, userid: string, lifetimeSec = 600) {
  const username = `${Math.floor(Date.now() / 1000) + lifetimeSec}:${userid}`;
  return { username, password: createHmac('sha1', secret).update(username).digest('base64') };
}

async function runToEnd(name: string, args: readonly string[], timeoutMs: number): Promise<string> {
  const child = spawn(program(name), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const limit = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  await once(child, 'close');
  clearTimeout(limit);
  return output;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL'); // coturn takes its time with a gentler one, and has nothing to save
  await ended;
}

function program(name: string): string {
  if ('missing' in search) throw new Error(search.missing);
  return join(search.found.folder, name);
}
