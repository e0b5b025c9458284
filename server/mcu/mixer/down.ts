import type { ReceivedSection } from '../../../src/protocol/middlebox.ts';
import type { Settings } from '../messages.ts';
import { Connection } from './connection.ts';
import { FRAME, RATE_HZ } from './mix.ts';
import { BadDescription } from './offer.ts';
import { messageOf } from './up.ts';
import { type AudioSource, gathered, type VideoSource, withoutCandidates, type Wrtc } from './wrtc.ts';

/** What a participant is sent: the picture of all, and the sound of the others. Each has encoders of its own. */
export class Down {
  readonly #connection: Connection;
  readonly #sound: AudioSource;
  readonly #tracks: readonly MediaStreamTrack[];
  /** Which offer it is for. */
  readonly version: number;
  /** Pictures that its encoder has made; set by whoever reads the statistics. */
  encoded = 0;

  constructor(
    wrtc: Wrtc,
    settings: Settings,
    picture: VideoSource,
    version: number,
    ended: (why: string) => void,
  ) {
    this.version = version;
    this.#connection = new Connection(wrtc, settings, (why) => {
      this.close();
      ended(why);
    });
    this.#sound = new wrtc.nonstandard.RTCAudioSource();
    this.#tracks = [this.#sound.createTrack(), picture.createTrack()];
    for (const track of this.#tracks) this.pc.addTransceiver(track, { direction: 'sendonly' });
  }

  get state() {
    return this.#connection.state;
  }

  get pc() {
    return this.#connection.pc;
  }

  async offer(): Promise<{ sdp: string; sections: ReceivedSection[] }> {
    await this.pc.setLocalDescription(await this.pc.createOffer());
    const sdp = await gathered(this.pc);
    const sections = this.pc.getTransceivers().map(({ mid, sender }) => ({
      mid: mid ?? '',
      peer: null,
      source: sender.track?.kind === 'audio' ? ('microphone' as const) : ('camera' as const),
    }));
    return { sdp, sections };
  }

  /** @throws {BadDescription} */
  async answer(sdp: string): Promise<void> {
    try {
      await this.pc.setRemoteDescription({ type: 'answer', sdp: withoutCandidates(sdp) });
    } catch (error) {
      throw new BadDescription(messageOf(error), { cause: error });
    }
  }

  /** @param samples 10 ms */
  hear(samples: Int16Array): void {
    if (this.state !== 'connected') return;
    this.#sound.onData({
      samples,
      sampleRate: RATE_HZ,
      bitsPerSample: 16,
      channelCount: 1,
      numberOfFrames: FRAME,
    });
  }

  close(): void {
    this.#connection.close();
    for (const track of this.#tracks) track.stop();
  }
}
