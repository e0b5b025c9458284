import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport, RTCSctpTransport } from 'werift';
import { Bucket } from '../signaling/bucket.ts';
import { IceChecks } from './ice-checks.ts';
import { IceLite } from './ice-lite.ts';
import type { Media, Packets } from './media.ts';
import { encryptRtp, openDtls } from '../rtp/dtls.ts';
import { isRtcp } from '../rtp/rtp.ts';
import {
  candidatesIn,
  MAX_MESSAGE_BYTES,
  readAnswer,
  readOffer,
  UnusableOffer,
  writeAnswer,
  writeOffer,
  type Offer,
} from './sdp.ts';

/** What one connection of the bot may cost: 20 Mbit/s in the long run. What comes above it is lost, as on a thin line. */
const INPUT_BYTES = { burst: 1_000_000, perSec: 2_500_000 };
const REPORT_EVERY_MS = 1_000;
/** Checks of our own are looked for so often, in milliseconds. */
const CHECK_EVERY_MS = 100;
/** Without a check for so long there is no consent to send any more (RFC 7675 §5.1), in milliseconds. */
const CONSENT_MS = 30_000;
/** Messages that wait to be returned, in SCTP chunks of about a kilobyte; beyond it the channel's messages are dropped. */
const MAX_WAITING_CHUNKS = 8_000;
const DATA_CHANNEL_CONTROL = 50;

export interface PeerOptions {
  /** IPv4 addresses of this machine; one socket is opened on each. */
  readonly addresses: readonly string[];
  readonly media: Media;
  /** What a picture's sender is asked to stay below, bits per second. */
  readonly limitBps: number;
  /** Whether messages of data channels are sent back. Else they are taken, and forgotten. */
  readonly echoes: boolean;
  /** The connection has ended: the other side closed it, or was not heard of for too long. */
  readonly ended: (why: string) => void;
}

/**
 * The bot's end of one call: ICE-lite on sockets of its own, DTLS and SCTP by werift, and in between what the bot does with
 * media.
 *
 * Of werift only the DTLS and SCTP transports are used; its peer connection would ask a STUN server of the internet.
 */
export class BotPeer {
  readonly #options: PeerOptions;
  readonly #ice = new IceLite();
  readonly #sockets: Socket[];
  readonly #ssrcs = new Map<string, { media: number; rtx: number }>();
  readonly #local = String(randomInt(2 ** 47));
  readonly #input = new Bucket(INPUT_BYTES, 0);
  #offer: Offer | undefined;
  #version = 0;
  #fingerprint = '';
  #dtls: RTCDtlsTransport | undefined;
  #credentials: { usernameFragment: string; password: string } | undefined;
  #receive: (bytes: Buffer) => void = () => {};
  #timer: ReturnType<typeof setInterval> | undefined;
  #checks: IceChecks | undefined;
  #whenProved: (() => void) | undefined;
  #checking: ReturnType<typeof setInterval> | undefined;
  #closed = false;
  readonly #openedAtMs = performance.now();

  private constructor(sockets: Socket[], options: PeerOptions) {
    this.#sockets = sockets;
    this.#options = options;
    sockets.forEach((socket, index) =>
      socket
        .on('message', (bytes, { address, port }) => this.#datagram(bytes, { socket: index, address, port }))
        .on('error', () => {}),
    );
    this.#timer = setInterval(() => this.#tick(), REPORT_EVERY_MS);
  }

  static async open(options: PeerOptions): Promise<BotPeer> {
    const sockets = await Promise.all(
      options.addresses.map(async (address) => {
        const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
        socket.bind(0, address);
        await once(socket, 'listening');
        return socket;
      }),
    );
    return new BotPeer(sockets, options);
  }

  /** Whether an offer goes on with this connection; if not, it is one of another `RTCPeerConnection`. */
  continues(sdp: string): boolean {
    return (
      this.#offer === undefined ||
      readOffer(sdp, this.#options.media.wanted).sessionId === this.#offer.sessionId
    );
  }

  /** Answers an offer: the first one, a further one, or one that restarts ICE. @throws {UnusableOffer} */
  async answer(sdp: string): Promise<string> {
    const { media } = this.#options;
    const offer = readOffer(sdp, media.wanted);
    const before = this.#offer;
    const remote = offer.credentials.usernameFragment;
    if (!this.#credentials || before?.credentials.usernameFragment !== remote)
      this.#credentials = this.#ice.begin(remote);
    this.#offer = offer;
    const ssrcsOf = (mid: string) => this.#ssrcsOf(mid);
    media.negotiate(offer.sections, ssrcsOf);
    if (!this.#dtls) this.#handshake(await this.#secure(), offer, 'server');
    return writeAnswer(offer, {
      sessionId: this.#local,
      version: ++this.#version,
      credentials: this.#credentials,
      fingerprint: this.#fingerprint,
      candidates: this.#sockets.map((socket) => socket.address()),
      directionOf: (section) => media.directionOf(section),
      ssrcsOf,
    });
  }

  /** Offers what the bot sends to a server in the middle; {@link accept} goes on with its answer. */
  async offer(): Promise<string> {
    this.#credentials ??= this.#ice.begin('');
    if (!this.#dtls) await this.#secure();
    return writeOffer({
      sessionId: this.#local,
      version: ++this.#version,
      credentials: this.#credentials,
      fingerprint: this.#fingerprint,
      candidates: this.#sockets.map((socket) => socket.address()),
      ssrcsOf: (mid) => this.#ssrcsOf(mid),
    });
  }

  /** Takes the answer to {@link offer}, and begins to check the server's addresses. @throws {UnusableOffer} */
  accept(sdp: string): void {
    const { media } = this.#options;
    const answer = readAnswer(sdp, media.wanted);
    const dtls = this.#dtls;
    if (!dtls || !this.#credentials || this.#checks) throw new UnusableOffer('no answer was asked for');
    this.#ice.expect(answer.credentials.usernameFragment);
    media.negotiate(answer.sections, (mid) => this.#ssrcsOf(mid));
    // Whoever begins needs a path first.
    if (answer.setup === 'passive') this.#whenProved = () => this.#handshake(dtls, answer, 'client');
    else this.#handshake(dtls, answer, 'server');
    const candidates = candidatesIn(sdp);
    const pairs = this.#sockets.flatMap((_, socket) => candidates.map((to) => ({ socket, ...to })));
    this.#checks = new IceChecks(this.#credentials, answer.credentials, pairs);
    this.#checking = setInterval(() => this.#check(), CHECK_EVERY_MS);
    this.#check();
  }

  /** Sends what is due by now. */
  play(): void {
    if (this.#dtls?.srtpStarted) this.#sendMedia(this.#options.media.play(performance.now()));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    clearInterval(this.#checking);
    for (const socket of this.#sockets) socket.close();
  }

  #ssrcsOf(mid: string): { readonly media: number; readonly rtx: number } {
    const ssrcs = this.#ssrcs.get(mid) ?? { media: randomInt(1, 2 ** 32), rtx: randomInt(1, 2 ** 32) };
    this.#ssrcs.set(mid, ssrcs);
    return ssrcs;
  }

  #check(): void {
    for (const { to, bytes } of this.#checks?.due(performance.now()) ?? [])
      this.#sockets[to.socket]?.send(bytes, to.port, to.address);
  }

  async #secure(): Promise<RTCDtlsTransport> {
    await RTCDtlsTransport.SetupCertificate();
    const dtls = openDtls({
      send: (bytes) => this.#send(bytes),
      onOpen: (receive) => (this.#receive = receive),
    });
    this.#dtls = dtls;
    this.#fingerprint = dtls.localParameters.fingerprints[0]?.value ?? '';
    // Its own way of receiving takes packets apart and puts them together again; a mirror needs neither.
    dtls.startSrtp = () => {
      if (dtls.srtpStarted) return;
      dtls.srtpStarted = true;
      dtls.updateSrtpSession();
    };
    dtls.onStateChange.subscribe((state) => {
      if (state === 'closed' || state === 'failed') this.#end(`dtls ${state}`);
    });
    return dtls;
  }

  /** @param role the client begins, the server waits until the other side has what is told here */
  #handshake(dtls: RTCDtlsTransport, { fingerprints, sections }: Offer, role: 'client' | 'server'): void {
    dtls.role = role;
    dtls.setRemoteParams(
      new RTCDtlsParameters(
        fingerprints.map(({ algorithm, value }) => new RTCDtlsFingerprint(algorithm, value)),
        role === 'client' ? 'server' : 'client',
      ),
    );
    const hasChannels = sections.some(({ kind, accepted }) => kind === 'application' && accepted);
    const sctp = new RTCSctpTransport(5000, MAX_MESSAGE_BYTES);
    sctp.setRemoteMaxMessageSize(MAX_MESSAGE_BYTES);
    sctp.setDtlsTransport(dtls);
    sctp.setRemotePort(5000);
    sctp.sctp.onReceive.subscribe((stream, protocol, message) => this.#echo(sctp, stream, protocol, message));
    // Not awaited: it takes as long as the other side takes.
    dtls
      .start()
      .then(() => {
        return hasChannels ? sctp.start(5000) : undefined;
      })
      .catch((error: unknown) => this.#end(String(error)));
  }

  #datagram(bytes: Buffer, from: { socket: number; address: string; port: number }): void {
    const nowMs = performance.now();
    if (this.#closed || !this.#input.take(nowMs, bytes.length)) return;
    const proved = this.#checks && (bytes[0] ?? 255) <= 3 ? this.#checks.receive(bytes, from) : undefined;
    if (proved) {
      this.#ice.prove(proved, nowMs);
      this.#whenProved?.();
      this.#whenProved = undefined;
      return;
    }
    const action = this.#ice.receive(bytes, from, nowMs);
    if (action.do === 'answer') this.#sockets[from.socket]?.send(action.bytes, from.port, from.address);
    if (action.do !== 'deliver') return;
    const first = action.bytes[0] ?? 0;
    if (first >= 20 && first <= 63) this.#receive(action.bytes);
    else if (first >= 128 && first <= 191) this.#media(action.bytes);
  }

  /** A packet under SRTP. */
  #media(bytes: Buffer): void {
    const dtls = this.#dtls;
    if (!dtls?.srtpStarted || bytes.length < 12) return;
    const { media } = this.#options;
    try {
      const nowMs = performance.now();
      this.#sendMedia(
        isRtcp(bytes)
          ? media.rtcp(dtls.srtcp.decrypt(bytes), nowMs)
          : media.rtp(dtls.srtp.decrypt(bytes), nowMs),
      );
    } catch {
      // Not authentic, repeated or malformed: as if it had been lost.
    }
  }

  #sendMedia(packets: Packets): void {
    const dtls = this.#dtls;
    if (!dtls?.srtpStarted || !packets) return;
    for (const packet of Buffer.isBuffer(packets) ? [packets] : packets)
      this.#send(isRtcp(packet) ? dtls.srtcp.encrypt(packet) : encryptRtp(dtls, packet));
  }

  /** A message goes back on the stream it came on, as what it was: text or bytes, also on channels without a handshake. */
  #echo(sctp: RTCSctpTransport, stream: number, protocol: number, message: Buffer): void {
    if (
      !this.#options.echoes ||
      protocol === DATA_CHANNEL_CONTROL ||
      sctp.sctp.outboundQueue.length > MAX_WAITING_CHUNKS
    )
      return;
    const { ordered = true, maxRetransmits = null } = sctp.dataChannels[stream] ?? {};
    sctp.sctp
      .send(stream, protocol, message, { ordered, ...(maxRetransmits !== null && { maxRetransmits }) })
      .catch(() => {});
  }

  #send(bytes: Buffer): void {
    const { path } = this.#ice;
    if (path && !this.#closed) this.#sockets[path.socket]?.send(bytes, path.port, path.address);
  }

  #tick(): void {
    const heardAtMs = Math.max(this.#ice.heardAtMs, this.#openedAtMs);
    if (performance.now() - heardAtMs > CONSENT_MS) return this.#end('no consent');
    const { media, limitBps } = this.#options;
    if (this.#dtls?.srtpStarted) this.#sendMedia(media.report(limitBps, performance.now()));
  }

  #end(why: string): void {
    if (this.#closed) return;
    this.close();
    this.#options.ended(why);
  }
}
