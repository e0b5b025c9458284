/**
 * Participants of a mixed call without a browser, in a process of their own: libwebrtc's threads end with it only. Each
 * sends one tone and one colour. It is driven by `mixed-clients.ts`.
 */
import { loadWrtc, gathered, type Wrtc } from '../../server/mcu/mixer/wrtc.ts';
import type { ServerCandidate } from '../../src/protocol/middlebox.ts';
import { levelOf } from './goertzel.ts';
import type { Calls, Colour } from './mixed-clients.ts';

const RATE_HZ = 48_000;
const FRAME = 480;
/** Of what was heard, half a second is kept. */
const KEPT = RATE_HZ / 2;
const SIZE = { width: 320, height: 180 };

class Client {
  readonly #wrtc: Wrtc;
  readonly #up: RTCPeerConnection;
  #down: RTCPeerConnection | undefined;
  readonly #stops: (() => void)[] = [];
  readonly #words: RTCDataChannel;
  readonly #bytes: RTCDataChannel;
  readonly got: string[] = [];
  heard: Int16Array[] = [];
  seen: { width: number; height: number; data: Uint8Array } | undefined;
  frames = 0;
  /** When the picture or the sound became what it is now, and when that was seen: see `flash`. */
  #flashedAtMs = 0;
  #waits: ((ms: number) => void) | undefined;
  #isLoud = true;
  #toneHz = 0;
  #colour: Colour = { y: 100, u: 128, v: 128 };
  #bright = 0;

  constructor(wrtc: Wrtc) {
    this.#wrtc = wrtc;
    this.#up = new wrtc.RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: [] });
    this.#words = this.#up.createDataChannel('words', { negotiated: true, id: 0 });
    this.#bytes = this.#up.createDataChannel('bytes', { negotiated: true, id: 1 });
    this.#bytes.binaryType = 'arraybuffer';
    this.#words.addEventListener('message', ({ data }: MessageEvent<string>) => this.got.push(data));
    this.#bytes.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) =>
      this.got.push(Buffer.from(data).toString('latin1')),
    );
  }

  async offer(toneHz: number, colour: Colour) {
    const { RTCAudioSource, RTCVideoSource } = this.#wrtc.nonstandard;
    this.#toneHz = toneHz;
    this.#colour = colour;
    const [sound, picture] = [new RTCAudioSource(), new RTCVideoSource()];
    for (const track of [sound.createTrack(), picture.createTrack()]) {
      this.#up.addTransceiver(track, { direction: 'sendonly' });
      this.#stops.push(() => track.stop());
    }
    const startMs = performance.now();
    let frames = 0;
    const talk = setInterval(() => {
      for (; frames < (performance.now() - startMs) / 10; frames++) {
        const samples = new Int16Array(FRAME);
        const gain = this.#isLoud ? 6_000 : 0;
        for (let index = 0; index < FRAME; index++)
          samples[index] = gain * Math.sin((2 * Math.PI * this.#toneHz * (frames * FRAME + index)) / RATE_HZ);
        sound.onData({
          samples,
          sampleRate: RATE_HZ,
          bitsPerSample: 16,
          channelCount: 1,
          numberOfFrames: FRAME,
        });
      }
    }, 10);
    const luma = SIZE.width * SIZE.height;
    const show = setInterval(() => {
      const data = new Uint8Array((luma * 3) / 2);
      data.fill(this.#colour.y + this.#bright, 0, luma);
      data.fill(this.#colour.u, luma, (luma * 5) / 4);
      data.fill(this.#colour.v, (luma * 5) / 4);
      picture.onFrame({ ...SIZE, data });
    }, 1_000 / 15);
    this.#stops.push(
      () => clearInterval(talk),
      () => clearInterval(show),
    );
    await this.#up.setLocalDescription(await this.#up.createOffer());
    // Without candidates, as a page's are: those of the mixer are enough.
    const sdp = (await gathered(this.#up)).replace(/^a=candidate:.*\r\n/gm, '');
    const sections = this.#up.getTransceivers().map(({ mid, sender }) => ({
      mid: mid ?? '',
      source: sender.track?.kind === 'audio' ? ('microphone' as const) : ('camera' as const),
    }));
    return { sdp, sections };
  }

  /** Calls another one without a mixer. */
  async call(other: Client): Promise<void> {
    await this.offer(500, { y: 60, u: 100, v: 110 });
    await this.answered(await other.receive(this.#up.localDescription!.sdp));
  }

  answered = (sdp: string) => this.#up.setRemoteDescription({ type: 'answer', sdp });

  async receive(sdp: string): Promise<string> {
    const { RTCAudioSink, RTCVideoSink } = this.#wrtc.nonstandard;
    this.#down?.close();
    this.heard = [];
    this.seen = undefined;
    const down = new this.#wrtc.RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: [] });
    this.#down = down;
    down.addEventListener('track', ({ track }) => {
      if (track.kind === 'audio') {
        const sink = new RTCAudioSink(track);
        sink.ondata = ({ samples, sampleRate }) => {
          // It begins at another rate, before the first packet.
          if (sampleRate !== RATE_HZ) return;
          this.heard.push(samples.slice());
          if (this.heard.length > KEPT / FRAME) this.heard.shift();
          this.#hearFlash(samples);
        };
        this.#stops.push(() => sink.stop());
      } else {
        const sink = new RTCVideoSink(track);
        sink.onframe = ({ frame }) => {
          this.seen = frame;
          this.frames += 1;
          this.#seeFlash?.(frame);
        };
        this.#stops.push(() => sink.stop());
      }
    });
    await down.setRemoteDescription({ type: 'offer', sdp });
    await down.setLocalDescription(await down.createAnswer());
    return (await gathered(down)).replace(/^a=candidate:.*\r\n/gm, '');
  }

  async find(candidates: readonly ServerCandidate[]): Promise<void> {
    for (const candidate of candidates) await this.#down?.addIceCandidate(candidate);
  }

  levels(frequenciesHz: readonly number[]): number[] {
    const samples = this.heard.flatMap((frame) => Array.from(frame, (sample) => sample / 32_768));
    return frequenciesHz.map((hz) => (samples.length < KEPT ? -120 : levelOf(samples, hz, RATE_HZ)));
  }

  colours(points: readonly { x: number; y: number }[]): (Colour | null)[] {
    const { seen } = this;
    return points.map((point) => (seen ? colourAt(seen, point) : null));
  }

  say(text: string): void {
    this.#words.send(text);
  }

  sendBytes(text: string): void {
    this.#bytes.send(new Uint8Array(Buffer.from(text, 'latin1')));
  }

  // Latency: what one client changes is looked for at another one, by the same clock.

  setLoud(isLoud: boolean): void {
    this.#isLoud = isLoud;
  }

  setBright(bright: number): void {
    this.#bright = bright;
  }

  #seeFlash: ((frame: { width: number; height: number; data: Uint8Array }) => void) | undefined;

  /** How long until the colour at a place is at least so bright. */
  untilBright(point: { x: number; y: number }, luma: number): Promise<number> {
    this.#flashedAtMs = performance.now();
    return new Promise((resolve) => {
      this.#seeFlash = (frame) => {
        if (colourAt(frame, point).y < luma) return;
        this.#seeFlash = undefined;
        resolve(performance.now() - this.#flashedAtMs);
      };
    });
  }

  /** Until nothing was heard for some time. */
  async untilQuiet(): Promise<void> {
    const isLoud = () =>
      this.heard.slice(-40).some((samples) => samples.some((sample) => Math.abs(sample) > 300));
    do await new Promise((resolve) => setTimeout(resolve, 600));
    while (isLoud());
  }

  /** How long until a sound is heard, from silence. */
  untilLoud(): Promise<number> {
    this.#flashedAtMs = performance.now();
    return new Promise((resolve) => (this.#waits = resolve));
  }

  #hearFlash(samples: Int16Array): void {
    if (!this.#waits || !samples.some((sample) => Math.abs(sample) > 1_500)) return;
    this.#waits(performance.now() - this.#flashedAtMs);
    this.#waits = undefined;
  }

  get isReceiving(): boolean {
    return this.frames > 15 && this.heard.length > 20;
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#up.close();
    this.#down?.close();
  }
}

function colourAt(
  { width, height, data }: { width: number; height: number; data: Uint8Array },
  point: { x: number; y: number },
): Colour {
  const [x, y] = [Math.floor(point.x * width), Math.floor(point.y * height)];
  const half = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
  const chroma = width * height + (y >> 1) * half.width + (x >> 1);
  return {
    y: data[y * width + x] ?? 0,
    u: data[chroma] ?? 0,
    v: data[chroma + half.width * half.height] ?? 0,
  };
}

const wrtc = await loadWrtc();
const clients = new Map<string, Client>();
const client = (name: string) => {
  const found = clients.get(name) ?? new Client(wrtc);
  clients.set(name, found);
  return found;
};

const calls: Calls = {
  offer: (name, toneHz, colour) => client(name).offer(toneHz, colour),
  answered: (name, sdp) => client(name).answered(sdp),
  receive: (name, sdp) => client(name).receive(sdp),
  find: (name, candidates) => client(name).find(candidates),
  levels: async (name, frequenciesHz) => client(name).levels(frequenciesHz),
  colours: async (name, points) => client(name).colours(points),
  frames: async (name) => client(name).frames,
  say: async (name, text) => client(name).say(text),
  sendBytes: async (name, text) => client(name).sendBytes(text),
  got: async (name) => client(name).got,
  async soundLatency(from, to) {
    client(from).setLoud(false);
    await client(to).untilQuiet();
    const heard = client(to).untilLoud();
    client(from).setLoud(true);
    return heard;
  },
  async pictureLatency(from, to, point) {
    client(from).setBright(0);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    const before = client(to).colours([point])[0]?.y ?? 0;
    const seen = client(to).untilBright(point, before + 40);
    client(from).setBright(80);
    return seen;
  },
  async direct(from, to) {
    await client(from).call(client(to));
    while (!client(to).isReceiving) await new Promise((resolve) => setTimeout(resolve, 100));
  },
  async close(name) {
    client(name).close();
    clients.delete(name);
  },
};

interface Call {
  readonly number: number;
  readonly name: keyof Calls;
  readonly args: never;
}

process.on('message', ({ number, name, args }: Call) => {
  (calls[name] as (...args: unknown[]) => Promise<unknown>)(...(args as unknown[])).then(
    (value) => process.send?.({ number, value }),
    (error: unknown) => process.send?.({ number, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
