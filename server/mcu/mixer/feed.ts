import type { PeerConnection, Track } from 'node-datachannel';
import { Reception } from '../../rtp/reception.ts';
import { pictureLoss, receiverReport, remb } from '../../rtp/rtcp.ts';
import { RtpPacket } from '../../rtp/rtp.ts';
import { FRAME, RATE_HZ } from './mix.ts';
import { type AudioSource, gathered, type VideoSource, type Wrtc } from './wrtc.ts';

/** What the picture may have, bits per second. */
const PICTURE_BPS = 1_200_000;
const REPORT_MS = 1_000;
/** Who reports: any number but that of a stream. */
const OURS = 1;

/**
 * The mix as it is encoded: libwebrtc gives frames, and no packets, so it is called by itself, over this machine's own
 * address, and whoever answers looks into the packets.
 */
export class Feed {
  readonly #wrtc: Wrtc;
  readonly #sound: AudioSource;
  readonly #sender: RTCPeerConnection;
  readonly #tracks: readonly MediaStreamTrack[];
  readonly #packet: (kind: 'audio' | 'video', packet: RtpPacket) => void;
  readonly #receptions = new Map<number, Reception>();
  readonly #receiving: Partial<Record<'audio' | 'video', { track: Track; ssrc: number }>> = {};
  #receiver: PeerConnection | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(
    wrtc: Wrtc,
    picture: VideoSource,
    packet: (kind: 'audio' | 'video', packet: RtpPacket) => void,
  ) {
    this.#wrtc = wrtc;
    this.#packet = packet;
    this.#sound = new this.#wrtc.nonstandard.RTCAudioSource();
    this.#sender = new wrtc.RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: [] });
    this.#tracks = [this.#sound.createTrack(), picture.createTrack()];
    for (const track of this.#tracks) this.#sender.addTransceiver(track, { direction: 'sendonly' });
  }

  /** @throws {Error} where node-datachannel does not load */
  async open(): Promise<void> {
    const { default: library } = await import('node-datachannel');
    await this.#sender.setLocalDescription(await this.#sender.createOffer());
    const offer = plain(await gathered(this.#sender));
    if (this.#isClosed) return;
    const receiver = new library.PeerConnection('mix', { iceServers: [], bindAddress: '127.0.0.1' });
    this.#receiver = receiver;
    receiver.onTrack((track) => this.#receive(track));
    const complete = new Promise<void>((resolve) => {
      receiver.onGatheringStateChange((state) => {
        if (state === 'complete') resolve();
      });
    });
    receiver.setRemoteDescription(offer, 'offer');
    await complete;
    const answer = receiver.localDescription()?.sdp ?? '';
    if (this.#isClosed) return;
    await this.#sender.setRemoteDescription({ type: 'answer', sdp: answer });
    this.#timer = setInterval(() => this.#report(), REPORT_MS);
  }

  /** @param samples 10 ms */
  hear(samples: Int16Array): void {
    if (this.#isClosed) return;
    this.#sound.onData({
      samples,
      sampleRate: RATE_HZ,
      bitsPerSample: 16,
      channelCount: 1,
      numberOfFrames: FRAME,
    });
  }

  requestKeyFrame(): void {
    const video = this.#receiving.video;
    if (video && !this.#isClosed)
      video.track.sendMessageBinary(Buffer.concat([this.#reports(), pictureLoss(OURS, video.ssrc)]));
  }

  /** May be called twice. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#receiver?.close();
    this.#sender.close();
    for (const track of this.#tracks) track.stop();
  }

  #receive(track: Track): void {
    const kind = track.type() === 'audio' ? 'audio' : 'video';
    this.#receiving[kind] = { track, ssrc: 0 };
    track.onMessage((bytes) => {
      if (this.#isClosed) return;
      const type = bytes[1]! & 0x7f;
      // RFC 5761 §4: what would be such payload types is RTCP.
      if (type >= 64 && type < 96) {
        if (bytes[1] === 200)
          this.#receptions.get(bytes.readUInt32BE(4))?.senderReport(bytes, performance.now());
        return;
      }
      const packet = RtpPacket.read(bytes);
      if (!packet) return;
      const reception =
        this.#receptions.get(packet.ssrc) ?? new Reception(packet.ssrc, kind === 'audio' ? RATE_HZ : 90_000);
      this.#receptions.set(packet.ssrc, reception);
      this.#receiving[kind] = { track, ssrc: packet.ssrc };
      reception.take(bytes, performance.now());
      this.#packet(kind, packet);
    });
  }

  #reports(): Buffer {
    const nowMs = performance.now();
    return receiverReport(
      OURS,
      [...this.#receptions.values()].map((reception) => reception.block(nowMs)),
    );
  }

  /** Without reports libwebrtc would think that nothing arrives, and send less and less. */
  #report(): void {
    const { video } = this.#receiving;
    if (video && video.ssrc !== 0)
      video.track.sendMessageBinary(Buffer.concat([this.#reports(), remb(OURS, [video.ssrc], PICTURE_BPS)]));
  }
}

/**
 * An offer with one codec for each kind, which a file can hold, and with the plainest feedback. What would repair losses
 * is left out: there are none within a machine, and repairs would have to be taken out of the packets again.
 */
export function plain(sdp: string): string {
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
