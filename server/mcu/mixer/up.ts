import type { PublishedSection, Source } from '../../../src/protocol/middlebox.ts';
import type { Settings } from '../messages.ts';
import { Connection } from './connection.ts';
import { BadDescription, readOffer } from './offer.ts';
import { type AudioData, gathered, type VideoFrame, withoutCandidates, type Wrtc } from './wrtc.ts';

export interface UpEvents {
  sound(source: 'microphone' | 'screen-audio', data: AudioData): void;
  picture(source: 'camera' | 'screen', frame: VideoFrame): void;
  /** Of the channel `words`: JSON, as it came. */
  word(text: string): void;
  /** Of the channel `bytes`, as they came. */
  bytes(data: ArrayBuffer): void;
  ended(why: string): void;
}

/** Of what waits to be sent to somebody whose line is slow. */
const MOST_WAITING_BYTES = 16_000_000;

/** What a participant sends: decoded, frame by frame. The data channels of all participants are here, too. */
export class Up {
  readonly #connection: Connection;
  readonly #wrtc: Wrtc;
  readonly #events: UpEvents;
  readonly #sinks: { stop(): void }[] = [];
  readonly #words: RTCDataChannel;
  readonly #bytes: RTCDataChannel;
  readonly #open = new Set<RTCDataChannel>();
  /** By mid. */
  sources: ReadonlyMap<string, Source> = new Map();

  constructor(wrtc: Wrtc, settings: Settings, events: UpEvents) {
    this.#wrtc = wrtc;
    this.#events = events;
    this.#connection = new Connection(wrtc, settings, (why) => {
      this.close();
      events.ended(why);
    });
    const { pc } = this.#connection;
    this.#words = this.#channel('words', 0);
    this.#bytes = this.#channel('bytes', 1);
    this.#words.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') events.word(data);
    });
    this.#bytes.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) events.bytes(data);
    });
    pc.addEventListener('track', ({ track, transceiver }) => this.#receive(track, transceiver.mid));
  }

  get state() {
    return this.#connection.state;
  }

  get pc() {
    return this.#connection.pc;
  }

  /**
   * @returns the answer, with all candidates
   * @throws {BadDescription}
   */
  async accept(sdp: string, sections: readonly PublishedSection[]): Promise<string> {
    this.sources = readOffer(sdp, sections);
    const { pc } = this.#connection;
    try {
      await pc.setRemoteDescription({ type: 'offer', sdp: withoutCandidates(sdp) });
      await pc.setLocalDescription(await pc.createAnswer());
    } catch (error) {
      throw new BadDescription(messageOf(error), { cause: error });
    }
    return gathered(pc);
  }

  sendWord(text: string): void {
    this.#send(this.#words, () => this.#words.send(text));
  }

  sendBytes(data: ArrayBuffer): void {
    this.#send(this.#bytes, () => this.#bytes.send(data));
  }

  close(): void {
    for (const sink of this.#sinks.splice(0)) sink.stop();
    this.#open.clear();
    this.#connection.close();
  }

  #channel(label: string, id: number): RTCDataChannel {
    const channel = this.#connection.pc.createDataChannel(label, { negotiated: true, id });
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('open', () => this.#open.add(channel));
    channel.addEventListener('close', () => this.#open.delete(channel));
    return channel;
  }

  /** Dropping a part of a file would spoil all of it: whoever takes nothing is let go, and comes back anew. */
  #send(channel: RTCDataChannel, send: () => void): void {
    if (!this.#open.has(channel) || this.state !== 'connected') return;
    if (channel.bufferedAmount > MOST_WAITING_BYTES) {
      this.close();
      this.#events.ended('More messages and files waited for this page than the mixer keeps.');
      return;
    }
    send();
  }

  #receive(track: MediaStreamTrack, mid: string | null): void {
    const source = mid === null ? undefined : this.sources.get(mid);
    if (source === undefined || this.state === 'closed') return;
    const { RTCAudioSink, RTCVideoSink } = this.#wrtc.nonstandard;
    if (source === 'microphone' || source === 'screen-audio') {
      const sink = new RTCAudioSink(track);
      sink.ondata = (data) => this.#events.sound(source, data);
      this.#sinks.push(sink);
    } else {
      const sink = new RTCVideoSink(track);
      sink.onframe = ({ frame }) => this.#events.picture(source, frame);
      this.#sinks.push(sink);
    }
  }
}

export const messageOf = (error: unknown) =>
  error instanceof Error ? error.message.slice(0, 200) : 'it could not be read';
