import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { DataChannel, PeerConnection, Track } from 'node-datachannel';
import { codeOf } from '../../error-code.ts';
import { isRtcp } from '../../rtp/rtp.ts';
import { hostCandidates } from './candidates.ts';
import { borrowLibrary, type Library, type Loan } from './library.ts';
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

export interface NdcOptions {
  /** The UDP port that all connections share; 0: any that is free. One that is taken is followed by the next free one. */
  readonly port: number;
  /** The one address to listen at; undefined: all of this machine. */
  readonly bind: string | undefined;
  /** Addresses that browsers are told, asked for each connection, the preferred ones first. */
  readonly addresses: () => readonly string[];
  readonly warn: (message: string) => void;
}

/** How many ports behind a taken one are tried, before any free one is taken. */
const STEPS = 20;
/** A connection that nobody has completed by then is given up, in milliseconds. */
const CONNECT_MS = 30_000;
const GATHERING_MS = 5_000;
/** The library tells that a connection is closed; when it does not, its end is not waited for any longer. */
const FAREWELL_MS = 1_000;

/**
 * ICE, DTLS, SRTP and SCTP by libdatachannel, all connections on one UDP port.
 *
 * The library is never told of more than one m-section: a connection with exactly one track is handed all packets, of
 * whatever SSRC, so that one invented video track carries all that our own descriptions hold.
 *
 * @throws {Error} where the library does not load, or no port can be opened
 */
export async function openNdc(options: NdcOptions): Promise<Transports> {
  const loan = await borrowLibrary(options.warn);
  try {
    const transports = new NdcTransports(loan, options, await findPort(options));
    await transports.holdPort();
    return transports;
  } catch (error) {
    loan.release();
    throw error;
  }
}

/**
 * A port that can be opened. The library does not choose one by itself, and to open one that is taken ends the process
 * (an exception in one of its threads): it is tried before, for both families at once as the library does.
 */
async function findPort({ port, bind }: NdcOptions): Promise<number> {
  const wished =
    port === 0 ? [] : Array.from({ length: STEPS }, (_, i) => port + i).filter((p) => p < 65_536);
  for (const candidate of [...wished, 0, 0, 0]) {
    const free = await freePort('udp4', candidate, bind);
    if (free !== undefined && (bind !== undefined || (await freePort('udp6', free, undefined)))) return free;
  }
  throw new Error('no UDP port can be opened');
}

/** Undefined: it is taken. @throws the system's error when the address is not this machine's */
async function freePort(
  type: 'udp4' | 'udp6',
  port: number,
  address: string | undefined,
): Promise<number | undefined> {
  const socket = createSocket(type);
  try {
    socket.bind({ port, exclusive: true, ...(address !== undefined && { address }) });
    await once(socket, 'listening');
    return socket.address().port;
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return undefined;
    // A machine without IPv6 has no such port to be taken.
    if (type === 'udp6') return port;
    throw error;
  } finally {
    socket.close();
  }
}

class NdcTransports implements Transports {
  readonly name = 'node-datachannel';
  readonly port: number;
  readonly #loan: Loan;
  readonly #options: NdcOptions;
  readonly #open = new Set<NdcTransport>();
  #closed = false;

  constructor(loan: Loan, options: NdcOptions, port: number) {
    this.#loan = loan;
    this.#options = options;
    this.port = port;
  }

  /**
   * With a connection that nobody is told of: the port would be free whenever nobody is connected. (The library's own
   * `IceUdpMuxListener` never gives its port back, as of 0.33.4.)
   */
  async holdPort(): Promise<void> {
    const nobody = { connected() {}, rtp() {}, rtcp() {}, message() {}, closed() {} };
    await this.offer({ channels: [], events: nobody });
  }

  async answer(remote: TransportDescription, options: TransportOptions): Promise<MediaTransport> {
    const transport = this.#make(options);
    try {
      transport.take(remote, 'offer');
      await transport.describe('answer');
      return transport;
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  async offer(options: TransportOptions): Promise<OfferingTransport> {
    const transport = this.#make(options);
    try {
      transport.addTrack();
      await transport.describe('offer');
      return transport;
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const ends = [...this.#open].map((transport) => {
      transport.close();
      return transport.ended;
    });
    // To clean up before the connections are closed fails an assertion of the library's.
    void Promise.all(ends).then(() => this.#loan.release());
  }

  #make(options: TransportOptions): NdcTransport {
    if (this.#closed) throw new Error('the SFU is closed');
    const { bind, addresses } = this.#options;
    const transport = new NdcTransport(this.#loan.library, {
      ...options,
      port: this.port,
      bind,
      addresses: addresses(),
    });
    this.#open.add(transport);
    void transport.ended.then(() => this.#open.delete(transport));
    return transport;
  }
}

interface NdcTransportOptions extends TransportOptions {
  readonly port: number;
  readonly bind: string | undefined;
  readonly addresses: readonly string[];
}

class NdcTransport implements OfferingTransport {
  /** Its end has been told by the library. */
  readonly ended: Promise<void>;
  readonly #library: Library;
  readonly #options: NdcTransportOptions;
  readonly #pc: PeerConnection;
  readonly #channels = new Map<number, DataChannel>();
  readonly #gathered = Promise.withResolvers<void>();
  readonly #end = Promise.withResolvers<void>();
  #state: MediaTransport['state'] = 'connecting';
  #local: LocalDescription | undefined;
  #candidates: readonly string[] = [];
  #track: Track | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(library: Library, options: NdcTransportOptions) {
    this.#library = library;
    this.#options = options;
    this.ended = this.#end.promise;
    const { port, bind, channels, events } = options;
    this.#pc = new library.PeerConnection('sfu', {
      iceServers: [],
      enableIceUdpMux: true,
      portRangeBegin: port,
      portRangeEnd: port,
      disableAutoNegotiation: true,
      forceMediaTransport: true,
      maxMessageSize: MAX_MESSAGE_BYTES,
      ...(bind !== undefined && { bindAddress: bind }),
    });
    this.#pc.onStateChange((state) => {
      if (state === 'closed') this.#end.resolve();
      if (state === 'closed') this.#over('the other side has ended it');
      if (state === 'failed' || state === 'disconnected') this.#over('nothing was heard for too long');
    });
    this.#pc.onGatheringStateChange((state) => {
      if (state === 'complete') this.#gathered.resolve();
    });
    this.#pc.onTrack((track) => this.#use(track));
    for (const { id, label } of channels) {
      const channel = this.#pc.createDataChannel(label, { negotiated: true, id });
      this.#channels.set(id, channel);
      channel.onMessage((message) => {
        if (this.#state === 'closed') return;
        events.message(id, message instanceof ArrayBuffer ? Buffer.from(message) : message);
      });
      channel.onError(() => {});
      channel.onClosed(() => {});
    }
  }

  get local(): LocalDescription {
    if (!this.#local) throw new Error('it is not described yet');
    return this.#local;
  }

  get state(): MediaTransport['state'] {
    return this.#state;
  }

  addTrack(): void {
    const video = new this.#library.Video('0', 'SendRecv');
    video.addVP8Codec(96);
    this.#use(this.#pc.addTrack(video));
  }

  /** Tells the library of the other side. @throws {Error} in its words, when it does not take the parameters */
  take(remote: TransportDescription, type: 'offer' | 'answer'): void {
    this.#pc.setRemoteDescription(inventedDescription(remote, this.#channels.size > 0), type);
    this.#timer = setTimeout(() => this.#over('it was not completed in time'), CONNECT_MS);
    this.#timer.unref();
  }

  /** Waits for the library's own description, with all that ours needs. */
  async describe(type: 'offer' | 'answer'): Promise<void> {
    this.#pc.setLocalDescription(type);
    if (this.#pc.gatheringState() !== 'complete') {
      const timer = setTimeout(
        () => this.#gathered.reject(new Error('no address was gathered')),
        GATHERING_MS,
      );
      await this.#gathered.promise.finally(() => clearTimeout(timer));
    }
    this.#gathered.promise.catch(() => {});
    const sdp = this.#pc.localDescription()?.sdp ?? '';
    const value = (name: string) => new RegExp(`^a=${name}:(\\S+)(?: (\\S+))?\\r?$`, 'm').exec(sdp);
    const usernameFragment = value('ice-ufrag')?.[1];
    const password = value('ice-pwd')?.[1];
    const [, algorithm, fingerprint] = value('fingerprint') ?? [];
    const setup = value('setup')?.[1];
    if (!usernameFragment || !password || !algorithm || !fingerprint)
      throw new Error('the library has described nothing');
    const { addresses, port } = this.#options;
    this.#candidates = hostCandidates(addresses.map((address) => ({ address, port })));
    this.#local = {
      usernameFragment,
      password,
      fingerprint: { algorithm, value: fingerprint },
      setup: setup === 'active' || setup === 'passive' ? setup : 'actpass',
      candidates: type === 'answer' ? this.#candidates : [],
      lite: false,
    };
  }

  accept(remote: TransportDescription): void {
    if (this.#state === 'closed') throw new Error('the connection has ended');
    this.take(remote, 'answer');
    this.#local = { ...this.local, candidates: this.#candidates };
  }

  sendRtp(packet: Buffer): void {
    this.#send(packet);
  }

  sendRtcp(packet: Buffer): void {
    this.#send(packet);
  }

  sendMessage(channel: number, message: string | Buffer): boolean {
    const line = this.#channels.get(channel);
    try {
      if (this.#state !== 'connected' || !line?.isOpen() || line.bufferedAmount() > MAX_BUFFERED_BYTES)
        return false;
      // Whether it went out at once or waits in the buffer is what the library answers: both are good.
      if (typeof message === 'string') line.sendMessage(message);
      else line.sendMessageBinary(message);
      return true;
    } catch {
      return false;
    }
  }

  buffered(channel: number): number {
    try {
      return this.#channels.get(channel)?.bufferedAmount() ?? 0;
    } catch {
      return 0; // closed in this very moment
    }
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    clearTimeout(this.#timer);
    this.#gathered.reject(new Error('the connection has ended'));
    this.#gathered.promise.catch(() => {});
    const timer = setTimeout(() => this.#end.resolve(), FAREWELL_MS);
    void this.ended.then(() => clearTimeout(timer));
    try {
      // One that we have added holds on to its listeners, and so to all of this, until it is closed itself.
      this.#track?.close();
      this.#pc.close();
    } catch {
      this.#end.resolve();
    }
  }

  #use(track: Track): void {
    if (this.#track) return;
    this.#track = track;
    const { events } = this.#options;
    track.onOpen(() => {
      if (this.#state !== 'connecting') return;
      clearTimeout(this.#timer);
      this.#state = 'connected';
      events.connected();
    });
    track.onMessage((packet) => {
      if (this.#state !== 'connected' || packet.length < 8) return;
      if (isRtcp(packet)) events.rtcp(packet);
      else events.rtp(packet);
    });
    track.onError(() => {});
    track.onClosed(() => {});
  }

  #send(packet: Buffer): void {
    if (this.#state !== 'connected') return;
    try {
      this.#track?.sendMessageBinary(packet);
    } catch {
      // Closed in this very moment: the packet is lost as on any network.
    }
  }

  #over(why: string): void {
    if (this.#state === 'closed') return;
    this.close();
    this.#options.events.closed(why);
  }
}

/** What the library is told instead of what browsers really say. */
function inventedDescription(remote: TransportDescription, hasChannels: boolean): string {
  const common = [
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${remote.usernameFragment}`,
    `a=ice-pwd:${remote.password}`,
    `a=fingerprint:${remote.fingerprint.algorithm} ${remote.fingerprint.value}`,
    `a=setup:${remote.setup}`,
  ];
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE 0${hasChannels ? ' 1' : ''}`,
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    ...common,
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:96 VP8/90000',
  ];
  if (hasChannels)
    lines.push(
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
      ...common,
      'a=mid:1',
      'a=sctp-port:5000',
      `a=max-message-size:${MAX_MESSAGE_BYTES}`,
    );
  return `${lines.join('\r\n')}\r\n`;
}
