import { randomBytes } from 'node:crypto';
import * as library from 'node-datachannel';
import { PeerId } from '../../src/protocol/ids.ts';
import type { PublishedSection } from '../../src/protocol/middlebox.ts';
import type { RoomId } from '../../src/protocol/signaling.ts';
import { readDescription } from './sdp/read.ts';
import type { TransportDescription } from './transport/transport.ts';
import { borrowLibrary } from './transport/library.ts';
import type { Middlebox, MiddleboxSeat, SeatEvents } from '../middlebox/middlebox.ts';

type Offer = Parameters<SeatEvents['offer']>[0];

/** Pages close when they like: nothing is cleaned up under them. */
await borrowLibrary(() => {});

/** The SSRCs that it sends with. */
const AUDIO_SSRC = 78;
export const VIDEO_SSRC = 77;

/** A participant as the SFU sees one: both connections by libdatachannel, in this process. */
export class TestPage {
  readonly peer = PeerId.parse(randomBytes(16).toString('base64url'));
  readonly media = { muted: false, camera: true, screen: false, recording: false };
  readonly seat: MiddleboxSeat;
  readonly offers: Offer[] = [];
  readonly ends: string[] = [];
  /** RTP that came down. */
  readonly packets: Buffer[] = [];
  readonly words: string[] = [];
  readonly bytes: Buffer[] = [];
  /** Whether it answers offers. */
  answers = true;
  #up: library.PeerConnection | undefined;
  #down: library.PeerConnection | undefined;
  #video: library.Track | undefined;
  #words: library.DataChannel | undefined;
  #bytes: library.DataChannel | undefined;
  #failure: unknown;
  /** One that nobody holds is collected as garbage, and its packets come no more. */
  readonly #tracks: library.Track[] = [];

  constructor(middlebox: Middlebox, room: RoomId) {
    this.seat = middlebox.sit(
      room,
      { peer: this.peer, name: 'somebody', media: this.media },
      {
        offer: (offer) => {
          this.offers.push(offer);
          if (this.answers) void this.answer(offer).catch((error: unknown) => (this.#failure = error));
        },
        ended: (leg, why) => this.ends.push(`${leg}: ${why}`),
        heard: () => {},
        cells: () => {},
      },
    );
  }

  get isUp(): boolean {
    return this.#video?.isOpen() ?? false;
  }

  get isDown(): boolean {
    if (this.#failure) throw this.#failure;
    return this.#down?.state() === 'connected';
  }

  get hasLines(): boolean {
    return (this.#words?.isOpen() ?? false) && (this.#bytes?.isOpen() ?? false);
  }

  async offer(): Promise<string> {
    const pc = this.#connect();
    this.#up = pc;
    const audio = new library.Audio('a', 'SendOnly');
    audio.addOpusCodec(111);
    audio.addSSRC(AUDIO_SSRC, 'page', 'stream', 'sound');
    this.#hold(pc.addTrack(audio));
    const video = new library.Video('v', 'SendOnly');
    video.addVP8Codec(96);
    video.addSSRC(VIDEO_SSRC, 'page', 'stream', 'picture');
    this.#video = this.#hold(pc.addTrack(video));
    this.#words = pc.createDataChannel('words', { negotiated: true, id: 0 });
    this.#words.onMessage((message) => this.words.push(typeof message === 'string' ? message : ''));
    this.#bytes = pc.createDataChannel('bytes', { negotiated: true, id: 1 });
    this.#bytes.onMessage((message) => {
      if (typeof message !== 'string') this.bytes.push(Buffer.from(message as Buffer));
    });
    pc.setLocalDescription('offer');
    return describe(pc);
  }

  async publish(
    sections: readonly PublishedSection[] = [
      { mid: 'a', source: 'microphone' },
      { mid: 'v', source: 'camera' },
    ],
  ): Promise<void> {
    const answer = await this.seat.publish(await this.offer(), sections);
    this.#up?.setRemoteDescription(answer, 'answer');
  }

  /**
   * As a browser answers that receives everything. The library is told of one m-section only, as in `transport/ndc.ts`:
   * of m-sections that are used again it understands nothing.
   */
  async answer({ sdp, version }: Offer): Promise<void> {
    const { transport } = readDescription(sdp);
    let pc = this.#down;
    if (!pc) {
      pc = this.#connect();
      this.#down = pc;
      pc.onTrack((track) => this.#hold(track).onMessage((packet) => this.packets.push(packet)));
      pc.setRemoteDescription(inventedOffer(transport), 'offer');
      pc.setLocalDescription('answer');
    }
    const own = readDescription(await describe(pc)).transport;
    const answer = sdp
      .replaceAll(/a=(candidate|end-of-candidates|ice-options|ssrc|msid:).*\r\n/g, '')
      .replaceAll('a=sendonly', 'a=recvonly')
      .replaceAll(/a=setup:.*/g, `a=setup:${own.setup}`)
      .replaceAll(/a=ice-ufrag:.*/g, `a=ice-ufrag:${own.usernameFragment}`)
      .replaceAll(/a=ice-pwd:.*/g, `a=ice-pwd:${own.password}`)
      .replaceAll(/a=fingerprint:.*/g, `a=fingerprint:sha-256 ${own.fingerprint.value}`);
    for (const { candidate } of await this.seat.answer(version, answer))
      pc.addRemoteCandidate(candidate, '0');
  }

  sendVideo(packet: Buffer): void {
    this.#video?.sendMessageBinary(packet);
  }

  say(to: PeerId, message: unknown): void {
    this.#words?.sendMessage(JSON.stringify({ peer: to, message }));
  }

  sendBytes(to: string, bytes: Buffer): void {
    this.#bytes?.sendMessageBinary(Buffer.concat([Buffer.from(to, 'latin1'), bytes]));
  }

  closeUp(): void {
    this.#up?.close();
  }

  close(): void {
    this.seat.close();
    this.#up?.close();
    this.#down?.close();
  }

  #connect(): library.PeerConnection {
    const pc = new library.PeerConnection('page', {
      iceServers: [],
      bindAddress: '127.0.0.1',
      disableAutoNegotiation: true,
    });
    pc.onStateChange(() => {});
    return pc;
  }

  /** Without listeners the library stumbles when it is cleaned up. */
  #hold(track: library.Track): library.Track {
    this.#tracks.push(track);
    track.onOpen(() => {});
    track.onClosed(() => {});
    return track;
  }
}

function inventedOffer({ usernameFragment, password, fingerprint }: TransportDescription): string {
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
  ];
  lines.push(
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    'a=sendonly',
    'a=rtcp-mux',
    'a=rtpmap:96 VP8/90000',
    'a=setup:actpass',
  );
  lines.push(
    `a=ice-ufrag:${usernameFragment}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:sha-256 ${fingerprint.value}`,
  );
  return `${lines.join('\r\n')}\r\n`;
}

async function describe(pc: library.PeerConnection): Promise<string> {
  while (pc.gatheringState() !== 'complete') await new Promise((resolve) => setTimeout(resolve, 5));
  return pc.localDescription()?.sdp ?? '';
}

/** A packet with a whole key frame of VP8 (RFC 7741 §4.3), 160 × 120. */
export function keyFrame(sequence: number): Buffer {
  const packet = Buffer.alloc(200);
  packet.writeUInt16BE(0x80e0, 0);
  packet.writeUInt16BE(sequence, 2);
  packet.writeUInt32BE(sequence * 3_000, 4);
  packet.writeUInt32BE(VIDEO_SSRC, 8);
  // The descriptor with S, then a frame header of a key frame with its start code and size.
  packet.set([0x10, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 160, 0, 120, 0], 12);
  return packet;
}
