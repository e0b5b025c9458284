import { existsSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { keepCertificate, type KeyAndCertificate } from './certificate.ts';
import { type Config, ConfigError } from './config.ts';
import { sendText, setSecurityHeaders } from './http/headers.ts';
import { isLoopback, lanAddresses, linksOf, originOf } from './http/hosts.ts';
import { createSite } from './http/site.ts';
import type { Middleboxes } from './middlebox/seats.ts';
import { attachParts } from './parts.ts';
import { keepSessionSecret } from './state.ts';

export interface App {
  /**
   * Opens the port. `origins`: where other devices reach it, none when it listens on this machine only.
   *
   * @throws {ConfigError} when the port is taken or the address is not this machine's
   */
  listen(): Promise<{ url: string; port: number; origins: readonly string[] }>;
  /** Ends all connections and gives the port back, within a second. May be called twice. */
  close(): Promise<void>;
}

export interface AppDeps {
  readonly log?: Logger;
  /** Milliseconds since 1970, of a clock that does not go back. */
  readonly now?: () => number;
  /** In place of those that the configuration names. */
  readonly middleboxes?: Middleboxes;
}

/** How long clients have to answer the end of their connection before it is cut. */
const FAREWELL_MS = 500;

/**
 * The whole server in one process, on one port for people: the site, Socket.IO, `/healthz`, `/links.json`.
 *
 * @throws {ConfigError} when the state folder cannot be written or the key does not fit the certificate
 */
export async function createApp(config: Config, deps: AppDeps = {}): Promise<App> {
  const log = deps.log ?? createLog(config);
  const sessionSecret = config.sessionSecret ?? (await keepSessionSecret(config.stateDir));
  const certificate = await keyAndCertificate(config);
  const http = createServer(certificate);
  // Requests that trickle in hold a connection no longer than this.
  http.headersTimeout = 10_000;
  http.requestTimeout = 20_000;

  const site = createSite(config.siteDir);
  const parts = attachParts(http, config, {
    log,
    sessionSecret,
    certificate,
    ...(deps.now && { now: deps.now }),
    ...(deps.middleboxes && { middleboxes: deps.middleboxes }),
    site: () => (existsSync(join(config.siteDir, 'index.html')) ? 'up' : 'not-built'),
  });
  // Socket.IO has put itself in front: what is not for it comes here.
  http.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/socket.io/')) return;
    setSecurityHeaders(response);
    const handled = parts.handle(request, response);
    if (handled.answered) return;
    site(request, response, handled.host).catch((error: unknown) => {
      log.error({ err: error }, 'a page failed');
      if (!response.headersSent) sendText(response, 500, 'The server failed.');
    });
  });

  // An upgraded connection is out of the HTTP server's sight, so closeAllConnections() does not reach it.
  const sockets = new Set<Socket>();
  http.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  let closed: Promise<void> | undefined;
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        http.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, config)));
        http.listen(config.port, config.host, () => {
          const { port } = http.address() as AddressInfo;
          const wildcard = config.host === '0.0.0.0' || config.host === '::';
          const shown = wildcard || isLoopback(config.host) ? 'localhost' : config.host;
          const secure = config.https.kind !== 'off';
          const url = `${originOf(shown, port, secure)}/`;
          const { origins } = linksOf(config.host, port, secure, config.allowedOrigins);
          log.info({ host: config.host, port, version: config.version }, 'listening');
          void parts.listen().then(() => resolve({ url, port, origins }));
        });
      }),
    close: () =>
      (closed ??= new Promise((resolve) => {
        log.info('closing');
        parts.close();
        const cut = setTimeout(() => sockets.forEach((socket) => socket.destroy()), FAREWELL_MS);
        http.close(() => {
          clearTimeout(cut);
          resolve();
        });
        http.closeIdleConnections();
      })),
  };
}

function createServer(pair: KeyAndCertificate | undefined) {
  if (!pair) return createHttpServer();
  try {
    return createHttpsServer({ ...pair });
  } catch (error) {
    throw new ConfigError(`HTTPS_CERT and HTTPS_KEY cannot be used together: ${String(error)}.`);
  }
}

async function keyAndCertificate({ https, host, stateDir }: Config): Promise<KeyAndCertificate | undefined> {
  switch (https.kind) {
    case 'off':
      return undefined;
    case 'files':
      return { key: https.key, cert: https.cert };
    case 'self-signed': {
      const own = host === '0.0.0.0' || host === '::' ? [] : [host];
      const names = ['localhost', '127.0.0.1', hostname(), `${hostname()}.local`, ...lanAddresses(), ...own];
      return keepCertificate(stateDir, [...new Set(names)]);
    }
    default:
      return https satisfies never;
  }
}

/** JSON lines on stderr: stdout is for people. */
function createLog({ logLevel }: Config): Logger {
  return pino({ level: logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
}

function explain(error: NodeJS.ErrnoException, { host, port }: Config): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigError(
        `Port ${port} is taken by another program: write another one, such as PORT=${port + 1}, or PORT=0 for any free one.`,
      );
    case 'EACCES':
      return new ConfigError(
        `Port ${port} may not be opened by this user: write one above 1023, such as PORT=3000.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ConfigError(
        `HOST=${host} is not an address of this machine: write HOST=127.0.0.1, or HOST=0.0.0.0 for the whole network.`,
      );
    default:
      return error;
  }
}
