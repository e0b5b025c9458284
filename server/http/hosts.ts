import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { TLSSocket } from 'node:tls';

/** Under which names this server answers, and to pages of which origins. */
export interface Hosts {
  /** The Host of a request, normalised, if it is one of ours. */
  readonly hostOf: (request: IncomingMessage) => string | undefined;
  /** Whether the page that sent the request is ours, or one that ALLOWED_ORIGINS names. */
  readonly allows: (request: IncomingMessage) => boolean;
}

/**
 * A name that is not ours, though it leads here, is a trick (DNS rebinding: a stranger's page whose name was
 * pointed at this machine). Addresses cannot be rebound, so every literal address passes.
 *
 * @param allowedOrigins such as `https://lab.example.org`, for a reverse proxy or a page of another origin
 */
export function createHosts(host: string, allowedOrigins: readonly string[]): Hosts {
  const origins = new Set(allowedOrigins);
  const machine = hostname().toLowerCase();
  const names = new Set([
    'localhost',
    host.toLowerCase(),
    machine,
    `${machine}.local`,
    ...allowedOrigins.map((origin) => new URL(origin).hostname),
  ]);

  function hostOf(request: IncomingMessage): string | undefined {
    const scheme = (request.socket as TLSSocket).encrypted ? 'https' : 'http';
    const url = parseUrl(`${scheme}://${request.headers.host ?? ''}`);
    if (!url || url.pathname !== '/' || url.username || url.search || url.hash) return undefined;
    const name = url.hostname;
    const known = names.has(name) || name.endsWith('.localhost') || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
    return known ? url.host : undefined;
  }

  return {
    hostOf,
    allows: (request) => {
      const own = hostOf(request);
      if (own === undefined) return false;
      const { origin } = request.headers;
      // Browsers always send it with a WebSocket; what comes without is a program, which could write anything.
      return origin === undefined || origins.has(origin) || parseUrl(origin)?.host === own;
    },
  };
}

/** The IPv4 addresses at which other devices of the network reach this machine. */
export function lanAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** What the page needs to know to make links for other devices. */
export interface Links {
  readonly reach: 'loopback' | 'network';
  readonly origins: string[];
}

/** The origins under which other devices reach a server that listens on `host`. Public names come first. */
export function linksOf(
  host: string,
  port: number,
  secure: boolean,
  allowedOrigins: readonly string[],
): Links {
  const wildcard = host === '0.0.0.0' || host === '::';
  const addresses = isLoopback(host) ? [] : wildcard ? lanAddresses() : [host];
  const origins = [...allowedOrigins, ...addresses.map((address) => originOf(address, port, secure))];
  return { reach: origins.length > 0 ? 'network' : 'loopback', origins };
}

/** An origin as browsers write it: IPv6 in brackets, the scheme's own port left out. */
export function originOf(host: string, port: number, secure: boolean): string {
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return new URL(`${secure ? 'https' : 'http'}://${name}:${port}`).origin;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
