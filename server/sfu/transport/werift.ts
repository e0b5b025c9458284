import { createSecretKey } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport, RTCSctpTransport } from 'werift';
import { IceLite, type Path } from '../../bot/ice-lite.ts';
import { readBindingRequest } from '../../bot/stun.ts';
import { codeOf } from '../../error-code.ts';
import { encryptRtp, openDtls } from '../../rtp/dtls.ts';
import { headerBytes, isRtcp } from '../../rtp/rtp.ts';
import { hostCandidates } from './candidates.ts';
import {
  MAX_BUFFERED_BYTES,
  MAX_MESSAGE_BYTES,
  type LocalDescription,
  type MediaTransport,
  type OfferingTransport,
  type TransportDescription,
  type TransportOptions,
  type Transports,
} from './transport.ts';

export interface WeriftOptions {
  /** The UDP port that all connections share; 0: any that is free. One that is taken is followed by the next free one. */
  readonly port: number;
  /** Addresses of this machine; a socket is opened at each. */
  readonly addresses: () => readonly string[];
}

/** How many ports behind a taken one are tried, before any free one is taken. */
const STEPS = 20;
const TICK_MS = 1_000;
/** A connection that nobody has completed by then is given up, in milliseconds. */
const CONNECT_MS = 30_000;
/** Without a check for so long there is no consent to send any more (RFC 7675 §5.1), in milliseconds. */
const CONSENT_MS = 30_000;
/** What a message of a data channel is (RFC 8831 §8). */
const TEXT = 51;
const BINARY = 53;
/** What waits to be sent is cut into pieces of that size. */
const CHUNK_BYTES = 1_200;
/** Paths that have proved themselves, of all connections together. */
const MAX_PATHS = 16_384;

/**
 * ICE-lite on sockets of our own, DTLS, SRTP and SCTP by werift, which is all TypeScript: for machines without a build of
 * the native library, and for whoever wants to read how it goes. It takes about twice the processor time.
 *
 * @throws {Error} when no port can be opened
 */
export async function openWerift({ port, addresses }: WeriftOptions): Promise<Transports> {
  const all = addresses();
  const wished =
    port === 0 ? [] : Array.from({ length: STEPS }, (_, i) => port + i).filter((p) => p < 65_536);
  for (const candidate of [...wished, 0, 0, 0]) {
    const sockets = await openSockets(all, candidate);
    if (sockets) {
      await RTCDtlsTransport.SetupCertificate();
      return new WeriftTransports(sockets);
    }
  }
  throw new Error('no UDP port can be opened');
}

/** The same port at each address. Undefined: it is taken at one of them. */
async function openSockets(addresses: readonly string[], wished: number): Promise<Socket[] | undefined> {
  const sockets: Socket[] = [];
  let port = wished;
  for (const address of addresses) {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
    try {
      socket.bind({ port, address, exclusive: true });
      await once(socket, 'listening');
      port = socket.address().port;
      sockets.push(socket);
    } catch (error) {
      socket.close();
      if (codeOf(error) !== 'EADDRINUSE') continue; // the address has gone meanwhile
      for (const open of sockets) open.close();
      return undefined;
    }
  }
  if (sockets.length === 0) throw new Error('no address of this machine can be opened');
  return sockets;
}

/** The sockets, and which connection a datagram is for. */
class WeriftTransports implements Transports {
  readonly name = 'werift';
  readonly port: number;
  readonly #sockets: readonly Socket[];
  readonly #byFragment = new Map<string, WeriftTransport>();
  readonly #byPath = new Map<string, WeriftTransport>();
  readonly #timer: ReturnType<typeof setInterval>;
  #closed = false;

  constructor(sockets: readonly Socket[]) {
    this.#sockets = sockets;
    this.port = sockets[0]!.address().port;
    sockets.forEach((socket, index) =>
      socket
        .on('message', (bytes, { address, port }) => this.#datagram(bytes, { socket: index, address, port }))
        .on('error', () => {}),
    );
    this.#timer = setInterval(() => {
      for (const transport of this.#byFragment.values()) transport.tick();
    }, TICK_MS);
    this.#timer.unref();
  }

  async answer(remote: TransportDescription, options: TransportOptions): Promise<MediaTransport> {
    const transport = this.#make(options, 'passive');
    try {
      transport.accept(remote);
      return transport;
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  async offer(options: TransportOptions): Promise<OfferingTransport> {
    return this.#make(options, 'actpass');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    for (const transport of this.#byFragment.values()) transport.close();
    for (const socket of this.#sockets) socket.close();
  }

  #make(options: TransportOptions, setup: 'passive' | 'actpass'): WeriftTransport {
    if (this.#closed) throw new Error('the SFU is closed');
    const transport: WeriftTransport = new WeriftTransport(options, {
      setup,
      places: this.#sockets.map((socket) => socket.address()),
      send: (bytes, path) => {
        if (!this.#closed) this.#sockets[path.socket]?.send(bytes, path.port, path.address);
      },
      ended: () => {
        this.#byFragment.delete(transport.local.usernameFragment);
        for (const [key, owner] of this.#byPath) if (owner === transport) this.#byPath.delete(key);
      },
    });
    this.#byFragment.set(transport.local.usernameFragment, transport);
    return transport;
  }

  #datagram(bytes: Buffer, from: Path): void {
    const key = `${from.socket} ${from.address} ${from.port}`;
    // Among STUN, DTLS and RTP the first byte tells (RFC 7983 §7).
    if ((bytes[0] ?? 255) > 3) return this.#byPath.get(key)?.receive(bytes, from);
    const fragment = readBindingRequest(bytes)?.username.split(':', 1)[0] ?? '';
    const transport = this.#byFragment.get(fragment);
    // Whoever has proved itself from there last is who is meant: ports of a browser are used again.
    if (transport?.check(bytes, from) && this.#byPath.size < MAX_PATHS) this.#byPath.set(key, transport);
  }
}

interface Surroundings {
  readonly setup: 'passive' | 'actpass';
  readonly places: readonly { readonly address: string; readonly port: number }[];
  readonly send: (bytes: Uint8Array, path: Path) => void;
  readonly ended: () => void;
}

class WeriftTransport implements OfferingTransport {
  readonly #local: LocalDescription;
  readonly #options: TransportOptions;
  readonly #surroundings: Surroundings;
  readonly #ice = new IceLite();
  readonly #dtls: RTCDtlsTransport;
  readonly #openedAtMs = performance.now();
  #receive: (bytes: Buffer) => void = () => {};
  #sctp: RTCSctpTransport | undefined;
  #state: MediaTransport['state'] = 'connecting';
  #isAccepted = false;

  constructor(options: TransportOptions, surroundings: Surroundings) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.#dtls = openDtls({
      send: (bytes) => this.#send(bytes),
      onOpen: (receive) => (this.#receive = receive),
    });
    this.#dtls.role = 'server';
    this.#local = {
      ...this.#ice.begin(''),
      fingerprint: { algorithm: 'sha-256', value: this.#dtls.localParameters.fingerprints[0]?.value ?? '' },
      setup: surroundings.setup,
      candidates: hostCandidates(surroundings.places),
      lite: true,
    };
  }

  get local(): LocalDescription {
    return this.#isAccepted ? this.#local : { ...this.#local, candidates: [] };
  }

  get state(): MediaTransport['state'] {
    return this.#state;
  }

  accept(remote: TransportDescription): void {
    if (this.#isAccepted || this.#state === 'closed') throw new Error('it is complete already, or has ended');
    if (remote.setup === 'passive')
      throw new Error('it says a=setup:passive, and this end waits for DTLS too');
    this.#isAccepted = true;
    const { algorithm, value } = remote.fingerprint;
    const dtls = this.#dtls;
    dtls.setRemoteParams(new RTCDtlsParameters([new RTCDtlsFingerprint(algorithm, value)], 'client'));
    // Its own way of receiving takes packets apart and puts them together again.
    dtls.startSrtp = () => {
      if (dtls.srtpStarted) return;
      dtls.srtpStarted = true;
      dtls.updateSrtpSession();
      holdKeys(dtls);
    };
    dtls.onStateChange.subscribe((state) => {
      if (state === 'closed') this.#over('the other side has ended it');
      if (state === 'failed') this.#over('DTLS has failed');
      if (state !== 'connected' || this.#state !== 'connecting') return;
      this.#state = 'connected';
      this.#options.events.connected();
    });
    if (this.#options.channels.length > 0) this.#sctp = this.#openSctp();
    this.#ice.expect(remote.usernameFragment);
    // Not awaited: the handshake begins when the other side has our description.
    dtls
      .start()
      .then(() => this.#sctp?.start(5000))
      .catch((error: unknown) => this.#over(String(error)));
  }

  /** A check of its connectivity. True: it has come from where it says. */
  check(bytes: Buffer, from: Path): boolean {
    const action = this.#ice.receive(bytes, from, performance.now());
    if (action.do !== 'answer') return false;
    this.#surroundings.send(action.bytes, action.to);
    return true;
  }

  receive(bytes: Buffer, from: Path): void {
    const first = bytes[0] ?? 0;
    if (this.#ice.receive(bytes, from, performance.now()).do !== 'deliver') return;
    if (first >= 20 && first < 64) return this.#receive(bytes);
    const dtls = this.#dtls;
    if (this.#state !== 'connected' || !dtls.srtpStarted || first < 128 || bytes.length < 12) return;
    const isControl = isRtcp(bytes);
    let packet: Buffer;
    try {
      packet = isControl ? dtls.srtcp.decrypt(bytes) : dtls.srtp.decrypt(bytes);
    } catch {
      return; // not authentic, repeated or malformed: as if it had been lost
    }
    if (isControl) this.#options.events.rtcp(packet);
    else this.#options.events.rtp(packet);
  }

  tick(): void {
    const nowMs = performance.now();
    if (this.#state === 'connecting') {
      // An offer of ours may wait for its answer as long as it likes.
      if (this.#isAccepted && nowMs - this.#openedAtMs > CONNECT_MS)
        this.#over('it was not completed in time');
    } else if (nowMs - this.#ice.heardAtMs > CONSENT_MS) this.#over('nothing was heard for too long');
  }

  sendRtp(packet: Buffer): void {
    if (this.#state !== 'connected' || headerBytes(packet) > packet.length) return;
    this.#send(encryptRtp(this.#dtls, packet));
  }

  sendRtcp(packet: Buffer): void {
    if (this.#state === 'connected') this.#send(this.#dtls.srtcp.encrypt(packet));
  }

  sendMessage(channel: number, message: string | Buffer): boolean {
    const sctp = this.#sctp?.sctp;
    const isKnown = this.#options.channels.some(({ id }) => id === channel);
    if (!sctp || !isKnown || sctp.state !== 'connected' || this.buffered(channel) > MAX_BUFFERED_BYTES)
      return false;
    const isText = typeof message === 'string';
    const bytes = isText ? Buffer.from(message) : message;
    sctp.send(channel, isText ? TEXT : BINARY, bytes, { ordered: true }).catch(() => {});
    return true;
  }

  /** Of all channels together: they share the queue. */
  buffered(_channel: number): number {
    return (this.#sctp?.sctp.outboundQueue.length ?? 0) * CHUNK_BYTES;
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    // For their timers: to the other side DTLS says nothing, and it hears of the end from signaling.
    this.#sctp?.stop().catch(() => {});
    this.#dtls.stop().catch(() => {});
    this.#surroundings.ended();
  }

  #openSctp(): RTCSctpTransport {
    const sctp = new RTCSctpTransport(5000, MAX_MESSAGE_BYTES);
    sctp.setRemoteMaxMessageSize(MAX_MESSAGE_BYTES);
    sctp.setDtlsTransport(this.#dtls);
    sctp.setRemotePort(5000);
    sctp.sctp.onReceive.subscribe((stream, protocol, message) => {
      const isKnown = this.#options.channels.some(({ id }) => id === stream);
      if (!isKnown || this.#state !== 'connected' || (protocol !== TEXT && protocol !== BINARY)) return;
      this.#options.events.message(stream, protocol === TEXT ? message.toString() : message);
    });
    // It is the first to hear of the end, and DTLS does not always.
    sctp.sctp.stateChanged.closed.subscribe(() => this.#over('the other side has ended it'));
    return sctp;
  }

  #send(bytes: Buffer): void {
    const { path } = this.#ice;
    if (path) this.#surroundings.send(bytes, path);
  }

  #over(why: string): void {
    if (this.#state === 'closed') return;
    this.close();
    this.#options.events.closed(why);
  }
}

/**
 * Keys as key objects: with a buffer, newer Node builds one for every packet, which is a third of the time that the SFU
 * takes. Inside of the library: where its names are others, nothing is changed.
 */
function holdKeys({ srtp, srtcp }: RTCDtlsTransport): void {
  const names = ['srtpSessionKey', 'srtcpSessionKey', 'srtpSessionAuthTag', 'srtcpSessionAuthTag'];
  for (const session of [srtp, srtcp])
    for (const context of ['localContext', 'remoteContext']) {
      const { cipher } = (Reflect.get(session, context) ?? {}) as { cipher?: Record<string, unknown> };
      for (const name of names) {
        const key = cipher?.[name];
        if (cipher && Buffer.isBuffer(key) && key.length > 0) cipher[name] = createSecretKey(key);
      }
    }
}
