import type { PeerConnection, Track } from 'node-datachannel';
import { Reception } from '../../rtp/reception.ts';
import { packetTypes, pictureLoss, receiverReport, remb, splitCompound } from '../../rtp/rtcp.ts';
import { RtpPacket } from '../../rtp/rtp.ts';
import { isRtcp } from '../../rtp/rtp.ts';
import type { Library } from '../../sfu/transport/library.ts';
import { FRAME, RATE_HZ } from './mix.ts';
import { type AudioSource, gathered, type VideoSource, type Wrtc } from './wrtc.ts';

export interface FeedEvents {
  packet(packet: RtpPacket): void;
  /** The encoder's own report (RFC 3550 §6.4.1): which of its timestamps belongs to which time. */
  report(packet: Buffer): void;
}

const REPORT_MS = 1_000;
/** Who reports: any number but that of a stream. */
const OURS = 1;

/**
 * One encoder and the packets that it makes: libwebrtc gives frames, and no packets, so it is called by itself, over this
 * machine's own address, and whoever answers looks into the packets.
 */
class Feed {
  readonly #library: Library;
  readonly #sender: RTCPeerConnection;
  readonly #media: MediaStreamTrack;
  readonly #events: FeedEvents;
  #reception: Reception | undefined;
  #receiver: PeerConnection | undefined;
  #track: Track | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ssrc = 0;
  #isClosed = false;

  constructor(wrtc: Wrtc, library: Library, media: MediaStreamTrack, events: FeedEvents) {
    this.#library = library;
    this.#media = media;
    this.#events = events;
    this.#sender = new wrtc.RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: [] });
    this.#sender.addTransceiver(media, { direction: 'sendonly' });
  }

  /** What it may make, bits per second; undefined: what it likes. */
  protected get mostBps(): number | undefined {
    return undefined;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  async open(): Promise<void> {
    await this.#sender.setLocalDescription(await this.#sender.createOffer());
    const offer = plain(await gathered(this.#sender));
    if (this.#isClosed) return;
    const receiver = new this.#library.PeerConnection('mix', { iceServers: [], bindAddress: '127.0.0.1' });
    this.#receiver = receiver;
    receiver.onTrack((track) => this.#receive(track));
    const complete = new Promise<void>((resolve) => {
      receiver.onGatheringStateChange((state) => {
        if (state === 'complete') resolve();
      });
    });
    receiver.setRemoteDescription(offer, 'offer');
    await complete;
    if (this.#isClosed) return;
    const answer = receiver.localDescription()?.sdp ?? '';
    await this.#sender.setRemoteDescription({ type: 'answer', sdp: answer });
    this.#timer = setInterval(() => this.tell(), REPORT_MS);
  }

  /** `getStats()` of the encoder's end. */
  get sender(): RTCPeerConnection {
    return this.#sender;
  }

  /**
   * Reports what has come, without which libwebrtc would think that nothing arrives, and send less and less.
   *
   * @param isLost asks for a key frame, too
   */
  tell(isLost = false): void {
    if (this.#isClosed || !this.#track || !this.#reception) return;
    const parts = [receiverReport(OURS, [this.#reception.block(performance.now())])];
    if (this.mostBps !== undefined) parts.push(remb(OURS, [this.#ssrc], this.mostBps));
    if (isLost) parts.push(pictureLoss(OURS, this.#ssrc));
    try {
      this.#track.sendMessageBinary(Buffer.concat(parts));
    } catch {
      // Before it is connected: it is told a second later.
    }
  }

  /** May be called twice. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#receiver?.close();
    this.#sender.close();
    this.#media.stop();
  }

  #receive(track: Track): void {
    this.#track = track;
    const rateHz = this.#media.kind === 'audio' ? RATE_HZ : 90_000;
    track.onMessage((bytes) => {
      if (this.#isClosed) return;
      const nowMs = performance.now();
      if (isRtcp(bytes)) {
        for (const packet of splitCompound(bytes) ?? []) {
          if (packet[1] !== packetTypes.senderReport) continue;
          this.#reception?.senderReport(packet, nowMs);
          this.#events.report(packet);
        }
        return;
      }
      const packet = RtpPacket.read(bytes);
      if (!packet) return;
      if (packet.ssrc !== this.#ssrc) this.#reception = undefined;
      this.#ssrc = packet.ssrc;
      this.#reception ??= new Reception(packet.ssrc, rateHz);
      this.#reception.take(bytes, nowMs);
      this.#events.packet(packet);
    });
  }
}

/** The one picture of all: encoded once, whoever receives it. */
export class PictureFeed extends Feed {
  readonly #bps: () => number;

  /** @param bps what it may make at the moment, bits per second */
  constructor(wrtc: Wrtc, library: Library, picture: VideoSource, bps: () => number, events: FeedEvents) {
    super(wrtc, library, picture.createTrack(), events);
    this.#bps = bps;
  }

  protected override get mostBps(): number {
    return this.#bps();
  }
}

/** What one listener hears. */
export class SoundFeed extends Feed {
  readonly #source: AudioSource;

  constructor(wrtc: Wrtc, library: Library, events: FeedEvents) {
    const source = new wrtc.nonstandard.RTCAudioSource();
    super(wrtc, library, source.createTrack(), events);
    this.#source = source;
  }

  /** @param samples 10 ms */
  hear(samples: Int16Array): void {
    if (this.isClosed) return;
    this.#source.onData({
      samples,
      sampleRate: RATE_HZ,
      bitsPerSample: 16,
      channelCount: 1,
      numberOfFrames: FRAME,
    });
  }
}

/**
 * An offer with one codec for each kind, which every browser decodes and a file can hold, and with the plainest feedback.
 * What would repair losses is left out: there are none within a machine.
 */
function plain(sdp: string): string {
  const keep = new Set<string>();
  for (const [, type = '', name = ''] of sdp.matchAll(/^a=rtpmap:(\d+) (\w+)\//gm))
    if (name === 'opus' || name === 'VP8') keep.add(type);
  return sdp
    .split(/\r?\n/)
    .filter((line) => {
      if (line.startsWith('a=ssrc-group:') || /transport-cc|transport-wide-cc/.test(line)) return false;
      const type = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) /.exec(line)?.[1];
      return type === undefined || keep.has(type);
    })
    .map((line) =>
      line.replace(
        /^(m=(?:audio|video) \d+ \S+)((?: \d+)+)$/,
        (_, head: string, types: string) =>
          `${head} ${types
            .trim()
            .split(' ')
            .filter((type) => keep.has(type))
            .join(' ')}`,
      ),
    )
    .join('\r\n');
}
