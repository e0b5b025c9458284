import { createHmac } from 'node:crypto';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { createBroadcast } from './broadcast/broadcast.ts';
import { BroadcastTokens } from './broadcast/tokens.ts';
import type { KeyAndCertificate } from './certificate.ts';
import type { Config } from './config.ts';
import { contentSecurityPolicy } from './http/csp.ts';
import { sendJson, sendText, setSecurityHeaders } from './http/headers.ts';
import { createHosts, isLoopback, linksOf } from './http/hosts.ts';
import { createRouter } from './sfu/core/router.ts';
import { createJanusSfu } from './sfu/janus/janus.ts';
import { Sfu, sfuRules } from './sfu/sfu.ts';
import { openTransports } from './sfu/transport/open.ts';
import { attachSignaling } from './signaling/attach.ts';
import { Classroom, classroomRules } from './classroom/classroom.ts';
import { Forwarding } from './classroom/forwarding.ts';
import { Mcu, mcuRules } from './mcu/mcu.ts';
import { Recordings } from './mcu/recordings.ts';
import type { Middlebox } from './middlebox/middlebox.ts';
import type { Middleboxes } from './middlebox/seats.ts';
import { createNatBox } from './nat/box.ts';
import { attachPeerServer } from './peerjs/peer-server.ts';
import { StunByHand } from './stun-turn/by-hand.ts';
import { createIceServers } from './stun-turn/ice-servers.ts';
import { LossyWire } from './stun-turn/lossy-wire.ts';
import { createStunTurn } from './stun-turn/stun-turn.ts';
import { Wire } from './stun-turn/wire.ts';

/** What production's server and the development server have in common: signaling, `/healthz`, `/links.json`. */
export interface Parts {
  /** Answers a request that is for one of the parts, or that no part and no page may see. */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
  ): { answered: true } | { answered: false; host: string };
  /** Opens the ports besides the one for people. What cannot be opened is in the log and in `/healthz`. */
  listen(): Promise<void>;
  /** Ends all connections so that clients come back to the next server. May be called twice. */
  close(): void;
}

export interface PartsDeps {
  readonly log: Logger;
  readonly sessionSecret: string;
  /** Milliseconds since 1970, of a clock that does not go back. */
  readonly now?: () => number;
  /** Whether the built site is there, for `/healthz`. */
  readonly site?: () => 'up' | 'not-built';
  /** With one, TURN is spoken over TLS too. */
  readonly certificate?: KeyAndCertificate | undefined;
  /** In place of those that the configuration names. */
  readonly middleboxes?: Middleboxes;
}

export function attachParts(http: HttpServer | HttpsServer, config: Config, deps: PartsDeps): Parts {
  const now = deps.now ?? steadyNow;
  const startedAtMs = now();
  const hosts = createHosts(config.host, config.allowedOrigins);
  const turn = attachTurn(config, deps, now);
  const classroom = new Classroom(
    { ...classroomRules, limit: mayRunOthersCode(config) ? classroomRules.limit : 0 },
    deps.log,
  );
  const recordings = new Recordings(config.stateDir);
  const forwarding = new Forwarding({
    // A port of its own, on first use: what learners do shall not disturb a meeting.
    open: async () => {
      const { openTransports } = await import('./sfu/transport/open.ts');
      return openTransports({ host: config.host, port: 0, log: deps.log });
    },
    isOn: mayRunOthersCode(config),
    now,
    log: deps.log,
  });
  const middleboxes = deps.middleboxes ?? createMiddleboxes(config, deps, recordings);
  // Broadcasts are forwarded by the SFU of this process only.
  const embedded = middleboxes.sfu instanceof Sfu ? middleboxes.sfu : undefined;
  const broadcastTokens = embedded && new BroadcastTokens(deps.sessionSecret);
  const signaling = attachSignaling(
    http,
    { ...config, sessionSecret: deps.sessionSecret },
    {
      log: deps.log,
      now,
      allows: hosts.allows,
      iceServers: turn.iceServers,
      wire: turn.wire,
      lossyWire: turn.lossyWire,
      byHand: turn.byHand,
      classroom,
      forwarding,
      middleboxes,
      broadcastTokens,
    },
  );
  const broadcast =
    embedded &&
    broadcastTokens &&
    createBroadcast({
      log: deps.log,
      now,
      tokens: broadcastTokens,
      transports: () => embedded.transports,
      feedback: embedded.feedback,
      iceServers: turn.iceServers,
      hasRoom: (room) => signaling.has(room),
    });

  const peerServer = config.peerServer
    ? attachPeerServer(http, config, { log: deps.log, now, allows: hosts.allows })
    : undefined;

  const portOf = () => (http.address() as AddressInfo | null)?.port ?? config.port;
  const health = () => {
    const { rooms, peers } = signaling.counts;
    const port = portOf();
    return {
      status: 'ok',
      version: config.version,
      uptimeSec: Math.floor((now() - startedAtMs) / 1000),
      rooms,
      peers,
      parts: {
        site: { state: deps.site?.() ?? 'up', port },
        signaling: { state: 'up', port },
        peerServer: peerServer
          ? { state: 'up', port, peers: peerServer.peers }
          : { state: 'off', port: 0, peers: 0 },
        bots: signaling.bots,
        turn: turn.health,
        nat: turn.nat,
        classroom: classroom.health,
        sfu: middleboxes.sfu?.health ?? noMiddlebox,
        mcu: middleboxes.mcu?.health ?? noMiddlebox,
      },
    };
  };
  const links = () => {
    // The development server has a --host of its own, so the address is read from the socket.
    const address = (http.address() as AddressInfo | null)?.address ?? config.host;
    return linksOf(address, portOf(), config.https.kind !== 'off', config.allowedOrigins);
  };

  return {
    handle(request, response) {
      const host = hosts.hostOf(request);
      if (host === undefined) {
        setSecurityHeaders(response);
        sendText(
          response,
          421,
          `This server has another name. If this one is right, write it in ALLOWED_ORIGINS, such as https://lab.example.org.`,
        );
        return { answered: true };
      }
      if (broadcast?.handle(request, response)) return { answered: true };
      const path = request.url?.replace(/\?.*$/s, '');
      const part = path?.startsWith('/mixes/')
        ? recordings
        : path?.startsWith('/peerjs')
          ? peerServer
          : undefined;
      if (path !== undefined && part) {
        setSecurityHeaders(response);
        response.setHeader('Content-Security-Policy', contentSecurityPolicy(host));
        return { answered: part.handle(request, response, path), host };
      }
      const code = path?.startsWith('/codes/') ? path.slice('/codes/'.length) : undefined;
      if (path !== '/healthz' && path !== '/links.json' && code === undefined)
        return { answered: false, host };
      setSecurityHeaders(response);
      response.setHeader('Content-Security-Policy', contentSecurityPolicy(host));
      if (request.method === 'GET' || request.method === 'HEAD') {
        // A code that nobody has is an answer too: a person mistyped.
        if (code !== undefined) sendJson(response, signaling.find(code, request.socket.remoteAddress ?? ''));
        else sendJson(response, path === '/healthz' ? health() : links());
      } else {
        response.setHeader('Allow', 'GET, HEAD');
        sendText(response, 405, 'This is read with GET.');
      }
      return { answered: true };
    },
    listen: async () => {
      await Promise.all([
        turn.listen(),
        ...Object.values(middleboxes).map((middlebox) => middlebox.listen()),
      ]);
    },
    close: () => {
      signaling.close();
      peerServer?.close();
      classroom.close();
      broadcast?.close();
      forwarding.close();
      for (const middlebox of Object.values(middleboxes)) middlebox.close();
      turn.close();
    },
  };
}

const noMiddlebox: Middlebox['health'] = { state: 'off', port: 0, rooms: 0, seats: 0 };

/** As many as are put on: each opens what it needs when somebody needs it. */
function createMiddleboxes(
  { sfu, mcu, host }: Config,
  { log }: PartsDeps,
  recordings: Recordings,
): Middleboxes {
  return {
    ...(sfu.kind === 'embedded' && {
      sfu: new Sfu(
        { log, router: createRouter, open: () => openTransports({ host, port: sfu.port, log }) },
        { ...sfuRules, feedback: sfu.feedback },
      ),
    }),
    ...(sfu.kind === 'janus' && {
      sfu: createJanusSfu({ ...sfu, seatsPerRoom: sfuRules.seatsPerRoom }, { log }),
    }),
    ...(mcu && {
      mcu: new Mcu(
        { ...mcuRules, seats: mcu.seats, ports: mcu.ports ?? { low: 0, high: 0 } },
        log,
        recordings,
      ),
    }),
  };
}

/** Unless it is said otherwise: where nobody but the person at this machine can ask for it. */
function mayRunOthersCode({ classroom, host, allowedOrigins }: Config): boolean {
  return classroom ?? (isLoopback(host) && allowedOrigins.length === 0);
}

const WIRE_TICK_MS = 500;

/** STUN and TURN as the configuration wants them: a server of our own, somebody else's, or none. */
function attachTurn({ turn, nat, host, https }: Config, deps: PartsDeps, now: () => number) {
  const { log, sessionSecret, certificate } = deps;
  const common = { secret: sessionSecret, now, trusted: https.kind === 'files' };
  if (turn.kind !== 'embedded') {
    return {
      iceServers: createIceServers(turn, common),
      wire: undefined,
      health: { state: turn.kind === 'off' ? 'off' : 'outside', port: 0, allocations: 0 },
      // Out of it leads one way only, to a STUN server of our own.
      nat: { state: 'off', port: 0, mappings: 0 },
      lossyWire: undefined,
      byHand: undefined,
      listen: () => Promise.resolve(),
      close: () => {},
    };
  }
  // Kept as long as the other secret: a page's user names outlive a restart of the server.
  const secret = createHmac('sha256', sessionSecret).update('turn').digest('base64url');
  const wire = new Wire({
    now: () => performance.now(),
    isOwn: (address) => stunTurn.isOwn(address),
    allocationsOf: (session) => stunTurn.allocationsOf(session),
    endAllocationsOf: (session, label) => stunTurn.endAllocationsOf(session, label),
    soon: setImmediate,
  });
  const lossyWire = new LossyWire();
  const stunTurn = createStunTurn(
    { ...turn, host },
    {
      log,
      now,
      secret,
      certificate,
      tap: wire.tap,
      get relay() {
        return lossyWire.hook;
      },
    },
  );
  const timer = setInterval(() => wire.tick(), WIRE_TICK_MS);
  timer.unref();
  const box =
    nat &&
    createNatBox(
      { port: nat.port, serves: isLoopback(host) ? 'machine' : 'network' },
      { log, now, servers: () => stunTurn.places, isOwn: (address) => stunTurn.isOwn(address) },
    );
  const byHand = new StunByHand({
    now: () => performance.now(),
    // Places are in the order of their use; over IPv4, since an answer of 32 bytes holds such an address.
    address: () => stunTurn.places.find(({ address }) => !address.includes(':'))?.address,
    isOwn: (address) => stunTurn.isOwn(address),
  });
  const ready = Promise.withResolvers<void>();
  return {
    iceServers: createIceServers(turn, {
      ...common,
      embedded: { stunTurn, secret, ready: ready.promise, nat: box },
    }),
    wire,
    get health() {
      return stunTurn.health;
    },
    get nat() {
      return box?.health ?? { state: 'off', port: 0, mappings: 0 };
    },
    lossyWire,
    byHand,
    listen: () =>
      stunTurn
        .listen()
        .then(() => box?.listen())
        .finally(ready.resolve),
    close: () => {
      clearInterval(timer);
      box?.close();
      lossyWire.close();
      byHand.close();
      stunTurn.close();
      ready.resolve();
    },
  };
}

/** The time of day, except that setting the clock does not move it: nobody is thrown out by a clock that jumps. */
function steadyNow(): number {
  return Math.round(performance.timeOrigin + performance.now());
}
