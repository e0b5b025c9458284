/** Takes frames, does something to each, and hands it on. Counts what is open: a frame is memory until it is closed. */
import { LowPass } from './low-pass.ts';
import { openWork, type Treat, type Work } from './works.ts';

/** What the page asks for. `open` comes first. */
export type MillOrder =
  | { readonly do: 'open'; readonly work: Work; readonly closes: boolean }
  | {
      readonly do: 'track';
      /** `audio` or `video`: what the chunks of both streams are. */
      readonly kind: string;
      readonly readable: ReadableStream<VideoFrame> | ReadableStream<AudioData>;
      readonly writable: WritableStream<VideoFrame> | WritableStream<AudioData>;
    }
  | { readonly do: 'frame'; readonly frame: VideoFrame };

/** What has happened so far. */
export interface MillCount {
  readonly framesIn: number;
  readonly framesOut: number;
  /** Frames that this worker holds and has neither closed nor handed on. */
  readonly open: number;
  /** Mean time for one frame, milliseconds. */
  readonly msPerFrame: number;
  /** Blocks of sound. */
  readonly blocks: number;
}

/** What the worker tells. */
export type MillNews =
  | { readonly is: 'count'; readonly count: MillCount }
  | { readonly is: 'frame'; readonly frame: VideoFrame }
  | { readonly is: 'problem'; readonly text: string };

const COUNT_MS = 250;
/** As many as are kept when nobody closes them: enough to be seen, not enough to fill the memory. */
const MOST_KEPT = 200;
const CUTOFF_HZ = 500;

let treat: Treat = (frame) => frame;
let closes = true;
const kept: VideoFrame[] = [];
let framesIn = 0;
let framesOut = 0;
let open = 0;
let busyMs = 0;
let blocks = 0;

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
const tell = (news: MillNews, transfer: Transferable[] = []) => postMessage(news, { transfer });

/** One frame through the mill. Gives the one to be sent on, if any; whoever takes it, closes it. */
function grind(frame: VideoFrame): VideoFrame | undefined {
  const startMs = performance.now();
  framesIn += 1;
  open += 1;
  const made = treat(frame);
  if (made && made !== frame) open += 1;
  if (made !== frame) finish(frame);
  if (made) {
    framesOut += 1;
    open -= 1; // handed on
  }
  busyMs += performance.now() - startMs;
  return made;
}

function finish(frame: VideoFrame): void {
  if (!closes) {
    kept.push(frame);
    if (kept.length <= MOST_KEPT) return;
    frame = kept.shift() ?? frame;
  }
  frame.close();
  open -= 1;
}

function filterSound(filter: LowPass, data: AudioData): AudioData {
  const { numberOfChannels, numberOfFrames, sampleRate, timestamp } = data;
  const samples = new Float32Array(numberOfChannels * numberOfFrames);
  for (let channel = 0; channel < numberOfChannels; channel++) {
    const plane = samples.subarray(channel * numberOfFrames, (channel + 1) * numberOfFrames);
    data.copyTo(plane, { planeIndex: channel, format: 'f32-planar' });
    filter.filter(plane, channel, sampleRate);
  }
  data.close();
  blocks += 1;
  return new AudioData({
    format: 'f32-planar',
    data: samples,
    numberOfChannels,
    numberOfFrames,
    sampleRate,
    timestamp,
  });
}

addEventListener('message', ({ data: order }: MessageEvent<MillOrder>) => {
  if (order.do === 'open') {
    ({ closes } = order);
    try {
      treat = openWork(order.work);
    } catch (error) {
      tell({ is: 'problem', text: error instanceof Error ? error.message : String(error) });
    }
    setInterval(
      () =>
        tell({
          is: 'count',
          count: { framesIn, framesOut, open, msPerFrame: framesIn ? busyMs / framesIn : 0, blocks },
        }),
      COUNT_MS,
    );
  }
  if (order.do === 'frame') {
    const made = grind(order.frame);
    if (made) tell({ is: 'frame', frame: made }, [made]);
  }
  if (order.do === 'track') {
    const { kind, readable, writable } = order;
    if (kind === 'video')
      grindAll(readable as ReadableStream<VideoFrame>, writable as WritableStream<VideoFrame>);
    else filterAll(readable as ReadableStream<AudioData>, writable as WritableStream<AudioData>);
  }
});

function grindAll(readable: ReadableStream<VideoFrame>, writable: WritableStream<VideoFrame>): void {
  const through = new TransformStream<VideoFrame, VideoFrame>({
    transform: (frame, out) => {
      const made = grind(frame);
      if (made) out.enqueue(made); // the generator closes it
    },
  });
  readable
    .pipeThrough(through)
    .pipeTo(writable)
    .catch(() => {}); // the run has ended
}

function filterAll(readable: ReadableStream<AudioData>, writable: WritableStream<AudioData>): void {
  const filter = new LowPass(CUTOFF_HZ);
  const through = new TransformStream<AudioData, AudioData>({
    transform: (block, out) => out.enqueue(filterSound(filter, block)),
  });
  readable
    .pipeThrough(through)
    .pipeTo(writable)
    .catch(() => {}); // the run has ended
}
