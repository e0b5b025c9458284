/** The load of `npm run bench sfu`: participants by libdatachannel, who write and count packets and decode nothing. */
import { randomBytes } from 'node:crypto';
import * as library from 'node-datachannel';
import type { MiddleboxSeat } from '../server/middlebox/middlebox.ts';
import { vp8Payloads, writeRtp } from '../server/rtp/rtp.ts';
import { readDescription } from '../server/sfu/sdp/read.ts';
import type { SeatEvents } from '../server/middlebox/middlebox.ts';
import { PeerId } from '../src/protocol/ids.ts';
import type { RoomId } from '../src/protocol/signaling.ts';

export type Offered = Parameters<SeatEvents['offer']>[0];

/** A seat at a server that may be in another process. */
export type LoadSeat = {
  [Name in 'publish' | 'receive' | 'answer' | 'want' | 'close']: (
    ...args: Parameters<MiddleboxSeat[Name]>
  ) => Promise<Awaited<ReturnType<MiddleboxSeat[Name]>>>;
};
export type Sit = (room: RoomId, peer: PeerId, offered: (offer: Offered) => void) => Promise<LoadSeat>;

/** 150 packets of pictures a second with 1100 bytes each, and 50 of sound: 1.4 Mbit/s. */
const FRAME_MS = 1000 / 30;
const FRAME_BYTES = 5_500;
const SOUND_MS = 20;
const SOUND_BYTES = 120;
export const PACKETS_PER_SEC = 200;
const SSRC = { sound: 78, picture: 77 };
const CONNECT_MS = 20_000;

/** One participant: the publisher, or one who watches. */
export class LoadPeer {
  readonly peer = PeerId.parse(randomBytes(16).toString('base64url'));
  received = 0;
  #seat: LoadSeat | undefined;
  readonly #address: string;
  readonly #connections: library.PeerConnection[] = [];
  #down: library.PeerConnection | undefined;
  /** One that nobody holds is collected as garbage, and its packets are not counted any more. */
  #track: library.Track | undefined;
  #failure: unknown;

  constructor(address: string) {
    this.#address = address;
  }

  async sit(sit: Sit, room: RoomId): Promise<LoadSeat> {
    this.#seat = await sit(room, this.peer, (offer) => {
      this.#answer(offer).catch((error: unknown) => (this.#failure = error));
    });
    return this.#seat;
  }

  /** @returns sends what is due, until it is called off */
  async publish(): Promise<() => void> {
    const pc = this.#connect();
    const audio = new library.Audio('a', 'SendOnly');
    audio.addOpusCodec(111);
    audio.addSSRC(SSRC.sound, 'load', 'stream', 'sound');
    const video = new library.Video('v', 'SendOnly');
    video.addVP8Codec(96);
    video.addSSRC(SSRC.picture, 'load', 'stream', 'picture');
    const tracks = { sound: hold(pc.addTrack(audio)), picture: hold(pc.addTrack(video)) };
    pc.setLocalDescription('offer');
    const answer = await this.#seat!.publish(await described(pc), [
      { mid: 'a', source: 'microphone' },
      { mid: 'v', source: 'camera' },
    ]);
    pc.setRemoteDescription(answer, 'answer');
    await until('the publisher connects', () => tracks.picture.isOpen() && tracks.sound.isOpen());
    return play(tracks);
  }

  async watch(publisher: PeerId): Promise<void> {
    const want = { peer: publisher, source: 'camera', width: 1280, height: 720, pinned: false } as const;
    await this.#seat!.receive();
    await this.#seat!.want([want]);
    await until('a receiver connects', () => {
      if (this.#failure) throw this.#failure;
      return this.#down?.state() === 'connected';
    });
  }

  async close(): Promise<void> {
    await this.#seat?.close();
    for (const pc of this.#connections) pc.close();
  }

  /** The library is told of one m-section only and is handed the packets of all, as in server/sfu/transport/ndc.ts. */
  async #answer({ sdp, version }: Offered): Promise<void> {
    const { transport } = readDescription(sdp);
    if (!this.#down) {
      const pc = this.#connect();
      this.#down = pc;
      pc.onTrack((track) => {
        this.#track = hold(track);
        this.#track.onMessage(() => (this.received += 1));
      });
      pc.setRemoteDescription(inventedOffer(transport), 'offer');
      pc.setLocalDescription('answer');
    }
    const own = readDescription(await described(this.#down)).transport;
    const answer = sdp
      .replaceAll(/a=(candidate|end-of-candidates|ice-options|ssrc|ssrc-group|msid)\b.*\r\n/g, '')
      .replaceAll('a=sendonly', 'a=recvonly')
      .replaceAll(/a=setup:.*/g, `a=setup:${own.setup}`)
      .replaceAll(/a=ice-ufrag:.*/g, `a=ice-ufrag:${own.usernameFragment}`)
      .replaceAll(/a=ice-pwd:.*/g, `a=ice-pwd:${own.password}`)
      .replaceAll(/a=fingerprint:.*/g, `a=fingerprint:sha-256 ${own.fingerprint.value}`);
    const told = await this.#seat!.answer(version, answer);
    if (this.#down.state() === 'connected') return;
    // Ours tells them by themselves, Janus in its offer.
    const offered = [...sdp.matchAll(/^a=(candidate:.*)\r$/gm)].map(([, candidate]) => candidate ?? '');
    for (const candidate of [...told.map((one) => one.candidate), ...offered])
      this.#down.addRemoteCandidate(candidate, '0');
  }

  #connect(): library.PeerConnection {
    const pc = new library.PeerConnection('load', {
      iceServers: [],
      bindAddress: this.#address,
      disableAutoNegotiation: true,
    });
    pc.onStateChange(() => {});
    this.#connections.push(pc);
    return pc;
  }
}

/** Ends the library's threads: without it the process does not end. */
export function endLoad(): void {
  library.cleanup();
}

function play(tracks: { sound: library.Track; picture: library.Track }): () => void {
  const startMs = performance.now();
  const sent = { sound: 0, picture: 0 };
  const sequences = { sound: 0, picture: 0 };
  const send = (kind: 'sound' | 'picture', time: number, marker: boolean, payload: readonly Buffer[]) => {
    const sequence = sequences[kind]++ & 0xffff;
    const payloadType = kind === 'sound' ? 111 : 96;
    tracks[kind].sendMessageBinary(
      writeRtp({ payloadType, marker, sequence, time, ssrc: SSRC[kind] }, ...payload),
    );
  };
  const sound = Buffer.alloc(SOUND_BYTES, 1);
  const timer = setInterval(() => {
    const passedMs = performance.now() - startMs;
    for (; sent.sound * SOUND_MS <= passedMs; sent.sound++) send('sound', sent.sound * 960, false, [sound]);
    for (; sent.picture * FRAME_MS <= passedMs; sent.picture++) {
      const frame = Buffer.alloc(FRAME_BYTES, 1);
      // One picture a second that a receiver can begin with (RFC 6386 §9.1).
      if (sent.picture % 30 === 0) frame.set([0x10, 0, 0, 0x9d, 0x01, 0x2a, 0, 5, 0xd0, 2]);
      const payloads = vp8Payloads(frame);
      payloads.forEach((payload, index) =>
        send('picture', sent.picture * 3_000, index === payloads.length - 1, payload),
      );
    }
  }, 5);
  return () => clearInterval(timer);
}

function inventedOffer({
  usernameFragment,
  password,
  fingerprint,
}: ReturnType<typeof readDescription>['transport']): string {
  const lines = ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', 'a=group:BUNDLE 0'];
  lines.push('m=video 9 UDP/TLS/RTP/SAVPF 96', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=sendonly', 'a=rtcp-mux');
  lines.push('a=rtpmap:96 VP8/90000', 'a=setup:actpass');
  lines.push(`a=ice-ufrag:${usernameFragment}`, `a=ice-pwd:${password}`);
  lines.push(`a=fingerprint:sha-256 ${fingerprint.value}`);
  return `${lines.join('\r\n')}\r\n`;
}

/** Without listeners the library stumbles when it is cleaned up. */
function hold(track: library.Track): library.Track {
  track.onOpen(() => {});
  track.onClosed(() => {});
  track.onMessage(() => {});
  return track;
}

async function described(pc: library.PeerConnection): Promise<string> {
  await until('candidates are gathered', () => pc.gatheringState() === 'complete');
  return pc.localDescription()?.sdp ?? '';
}

/** @throws {Error} when it takes too long, with `what` */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const lastMs = performance.now() + CONNECT_MS;
  while (!holds()) {
    if (performance.now() > lastMs) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
