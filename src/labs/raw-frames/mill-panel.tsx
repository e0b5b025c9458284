import type { PanelProps } from '../../lab-kit/view.ts';
import { millOf } from './mill.ts';
import '../../lab-kit/panels/panel.css';
import './mill-panel.css';

/** More open frames than are on their way at any moment: somebody forgets to close them. */
const MANY_OPEN = 12;

/** Where the frames go, and what the worker counts. */
export function MillPanel({ view }: PanelProps) {
  void view.entries.value; // the mill opens a moment after the run has begun
  const bench = view.bench.value;
  const mill = millOf(bench);
  const controls = bench?.controls as { readonly way?: string } | undefined;
  const canStream = typeof window !== 'undefined' && 'MediaStreamTrackProcessor' in window;
  const isStreaming = canStream && controls?.way === 'streams';
  const count = mill?.count.value;
  const isLeaking = (count?.open ?? 0) > MANY_OPEN;
  return (
    <section class="ps-panel mill" aria-label="The frames">
      <p class="mill-way" role="status">
        {mill
          ? wayWords(isStreaming, canStream)
          : 'Press Run: alice’s frames then go through a worker, one by one.'}
      </p>
      <ol class="mill-steps" aria-label="The way of a frame">
        {(isStreaming ? STREAMS : CANVAS).map(([title, where]) => (
          <li key={title} data-where={where}>
            <code>{title}</code>
            <small>{where}</small>
          </li>
        ))}
      </ol>
      <dl class="mill-numbers">
        <Counted name="in" title="Frames in" value={count?.framesIn} />
        <Counted name="out" title="Frames out" value={count?.framesOut} />
        <Counted name="rate" title="Out a second" value={mill && Math.round(mill.rate.value)} />
        <Counted name="open" title="Open in the worker" value={count?.open} bad={isLeaking} />
        <Counted
          name="ms"
          title="Milliseconds a frame"
          value={count && Number(count.msPerFrame.toFixed(2))}
        />
        <Counted name="blocks" title="Blocks of sound" value={count?.blocks} />
      </dl>
      <p class="mill-verdict" aria-live="polite">
        {isLeaking && 'Frames are not closed: each of them still holds its picture.'}
        {mill?.problem.value}
      </p>
    </section>
  );
}

function Counted({
  name,
  title,
  value,
  bad,
}: {
  name: string;
  title: string;
  value?: number | undefined;
  bad?: boolean;
}) {
  return (
    <div data-bad={bad === true || undefined}>
      <dt>{title}</dt>
      <dd data-is={name}>{value ?? '–'}</dd>
    </div>
  );
}

const wayWords = (isStreaming: boolean, canStream: boolean) =>
  isStreaming
    ? 'Streams of frames, transferred to the worker: the page does not touch a frame.'
    : canStream
      ? 'A video element, a worker, a canvas: each frame passes through the page twice.'
      : 'This browser has no MediaStreamTrackProcessor: a video element, a worker and a canvas do it.';

const STREAMS = [
  ['MediaStreamTrackProcessor', 'page'],
  ['readable', 'worker'],
  ['TransformStream', 'worker'],
  ['writable', 'worker'],
  ['MediaStreamTrackGenerator', 'page'],
] as const;
const CANVAS = [
  ['<video>', 'page'],
  ['new VideoFrame(video)', 'page'],
  ['OffscreenCanvas', 'worker'],
  ['drawImage(frame)', 'page'],
  ['canvas.captureStream()', 'page'],
] as const;
