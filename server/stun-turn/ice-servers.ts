import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Answer, IcePath, IceServer, PeerId } from '../../src/protocol/signaling.ts';
import type { TurnConfig } from '../config.ts';
import type { NatBox } from '../nat/box.ts';
import { Refusal } from '../signaling/refusal.ts';
import { plainAddress } from './addresses.ts';
import { issueCredentials, practiceSecret } from './credentials.ts';
import type { Owner } from './flow.ts';
import type { Place } from './places.ts';
import type { StunTurn } from './stun-turn.ts';

/** How a page came to us. */
export interface PageAddress {
  /** Our address that it used, and its own. */
  readonly local: string;
  readonly remote: string;
  /** The Host that it wrote, port included. */
  readonly host: string;
}

/** Tells pages which STUN and TURN servers to use, and gives them user names. */
export interface IceServers {
  /** The session of a participant: the same after a reconnection, and after a restart of the server. */
  sessionOf(peer: PeerId): string;
  /** @throws {Refusal} `turn-unavailable` */
  give(owner: Owner, path: IcePath, page: PageAddress): Promise<Answer<'ice:servers'>>;
  /** A secret with which a session signs user names of its own, see `credentials.ts`. @throws {Refusal} `turn-unavailable` */
  practice(session: string): Answer<'ice:practice'>;
}

export interface IceServersDeps {
  /** The server's own secret: sessions follow from it. */
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The embedded server, its secret, and when it has opened its ports. */
  readonly embedded?: {
    readonly stunTurn: StunTurn;
    readonly secret: string;
    readonly ready: Promise<void>;
    /** In front of its STUN server; undefined where it was turned off. */
    readonly nat: NatBox | undefined;
  };
  /** Whether the certificate was signed by somebody whom browsers trust, so that `turns:` can work. */
  readonly trusted: boolean;
}

export function createIceServers(config: TurnConfig, deps: IceServersDeps): IceServers {
  return {
    sessionOf: (peer) =>
      createHmac('sha256', deps.secret).update(`turn session ${peer}`).digest('base64url').slice(0, 16),
    practice: (session) => {
      const { embedded } = deps;
      if (!embedded) throw new Refusal('turn-unavailable', 'the TURN server is not this site’s own');
      return { session, secret: practiceSecret(embedded.secret, session) };
    },
    give: async (owner, path, page) => {
      const { session } = owner;
      if (path !== 'direct' && config.kind !== 'embedded')
        throw new Refusal('turn-unavailable', 'the NAT leads to a STUN server of our own, and there is none');
      if (config.kind === 'off') return { session, servers: [], expiresAtMs: 0, source: 'off' };
      const { secret, urls } =
        config.kind === 'coturn' ? fromConfig(config) : await fromPlaces(deps, page, path);
      const { username, credential, expiresAtMs } = issueCredentials(secret, owner, deps.now());
      const isTurn = (url: string) => /^turns?:/.test(url);
      const servers: IceServer[] = [
        { urls: urls.filter((url) => !isTurn(url)) },
        { urls: urls.filter(isTurn), username, credential },
      ];
      return {
        session,
        servers: servers.filter((server) => server.urls.length > 0),
        expiresAtMs,
        source: config.kind,
      };
    },
  };
}

function fromConfig({ urls, secret }: Extract<TurnConfig, { kind: 'coturn' }>) {
  // A TURN server answers Binding requests too, so one address is enough for both.
  const stun = urls.some((url) => url.startsWith('stun'))
    ? []
    : [...new Set(urls.filter((url) => url.startsWith('turn:')).map(stunOf))];
  return { secret, urls: [...stun, ...urls] };
}

function stunOf(url: string): string {
  return url.replace(/^turn:/, 'stun:').replace(/\?.*$/, '');
}

const filterings = { nat: 'open', 'nat-blocked': 'blocked' } as const;

async function fromPlaces({ embedded, trusted }: IceServersDeps, page: PageAddress, path: IcePath) {
  await embedded?.ready;
  const place = embedded && placeFor(embedded.stunTurn, page);
  if (!place) throw new Refusal('turn-unavailable', 'the STUN and TURN ports are not open');
  const at = `${bracketed(place.address)}:${place.port}`;
  const stun = path === 'direct' ? `stun:${at}` : embedded.nat?.url(filterings[path], place.address);
  if (stun === undefined)
    throw new Refusal('turn-unavailable', 'the NAT is turned off (NAT=off), or its ports are not open');
  const urls = [stun, `turn:${at}?transport=udp`, `turn:${at}?transport=tcp`];
  // A browser compares the name with the certificate, and offers no way to trust another one for TURN.
  const name = page.host.replace(/:\d+$/, '');
  if (trusted && place.tlsPort !== 0 && name !== '')
    urls.push(`turns:${name}:${place.tlsPort}?transport=tcp`);
  return { secret: embedded.secret, urls };
}

/**
 * Where a page reaches us: at the address it came to, if that is one of a network. A page of this machine gets an
 * address of a network too, because Firefox asks no STUN server on loopback, and loopback only where there is no other.
 */
function placeFor(stunTurn: StunTurn, page: PageAddress): Place | undefined {
  const { places } = stunTurn;
  const local = plainAddress(page.local);
  const came = places.find(({ address, loopback }) => address === local && !loopback);
  return (
    came ??
    places.find(({ loopback }) => !loopback) ??
    (stunTurn.isOwn(plainAddress(page.remote)) ? places[0] : undefined)
  );
}

function bracketed(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}
