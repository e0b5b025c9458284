import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Bench } from '../../rtc/bench.ts';
import { toRtcError } from '../../rtc/errors.ts';
import { ageMs, clockNow, readFrameCode } from '../../rtc/media/frame-code.ts';
import { attachStream } from '../../rtc/media/playback.ts';
import './counted.css';

/** How often a picture is read. */
const LOOK_MS = 250;
/** So many readings make the age that is shown: their median. */
const READINGS = 9;
/** A picture whose counter has not moved for so long stands still. */
const STILL_MS = 2_000;

/** What was read from a picture just now. */
export interface Reading {
  /** The first letters of whose picture it is, as the picture itself says. */
  readonly whose: string;
  readonly frame: number;
  /** Milliseconds from the drawing of a frame to its being shown here; the median of the last ones. */
  readonly ageMs: number;
  readonly width: number;
  readonly height: number;
}

interface CountedPictureProps {
  readonly label: string;
  readonly bench: Bench | null;
  readonly stream: MediaStream | undefined;
  /** Called with each reading, and with null when the picture has come to a stand. */
  readonly onReading?: (reading: Reading | null) => void;
  /** Plays something else than a stream, until the signal aborts. */
  readonly attach?: (video: HTMLVideoElement, signal: AbortSignal) => Promise<unknown>;
  /** Called with why that does not play. */
  readonly onProblem?: (why: string) => void;
}

/**
 * A stream of the run, without its sound, and below it what its pixels say: the number of the frame, how long it was on
 * its way, and the size in which it came.
 */
export function CountedPicture({ label, bench, stream, onReading, attach, onProblem }: CountedPictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  const says = useRef<HTMLParagraphElement>(null);
  const tell = useRef(onReading);
  tell.current = onReading;
  const play = useRef(attach);
  play.current = attach;
  const isPlayed = attach !== undefined;
  useEffect(() => {
    const element = video.current;
    if (!element || !bench || (!stream && !isPlayed)) return undefined;
    const gone = new AbortController();
    const signal = AbortSignal.any([gone.signal, bench.signal]);
    if (stream) attachStream(element, stream, { signal }).catch(() => (element.controls = true));
    else
      play.current?.(element, signal).catch((error: unknown) => {
        if (!signal.aborted) onProblem?.(toRtcError(error).message);
      });
    watch(element, signal, (reading) => {
      if (says.current) write(says.current, reading);
      tell.current?.(reading);
    });
    return () => gone.abort();
  }, [stream, bench, isPlayed]);
  return (
    <div class="counted" data-counted={label}>
      {/* A live picture of this very moment: there are no words that could be written beforehand. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <video ref={video} aria-label={label} muted playsInline width={320} height={180} />
      <p ref={says}>no picture yet</p>
    </div>
  );
}

function watch(
  video: HTMLVideoElement,
  signal: AbortSignal,
  onReading: (reading: Reading | null) => void,
): void {
  const ages: number[] = [];
  let last = -1;
  let movedMs = performance.now();
  let isStill = false;
  let isAsked = false;
  const read = () => {
    isAsked = false;
    const code = signal.aborted ? undefined : readFrameCode(video);
    if (!code || code.frame === last) return;
    last = code.frame;
    movedMs = performance.now();
    isStill = false;
    ages.push(ageMs(code, clockNow()));
    if (ages.length > READINGS) ages.shift();
    const age = ages.toSorted((a, b) => a - b)[Math.floor(ages.length / 2)] ?? 0;
    const { videoWidth: width, videoHeight: height } = video;
    onReading({ whose: code.peer, frame: code.frame, ageMs: age, width, height });
  };
  const timer = setInterval(() => {
    if (!isStill && last >= 0 && performance.now() - movedMs > STILL_MS) {
      isStill = true;
      onReading(null);
    }
    if (isAsked) return;
    isAsked = true;
    // With the frame that is shown next, so that the age is that of this moment.
    video.requestVideoFrameCallback(read);
  }, LOOK_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

function write(line: HTMLElement, reading: Reading | null): void {
  line.toggleAttribute('data-still', reading === null);
  if (!reading) {
    line.textContent = `stands still at frame ${line.dataset.frame ?? ''}`;
    return;
  }
  line.dataset.frame = String(reading.frame);
  line.dataset.whose = reading.whose;
  line.dataset.width = String(reading.width);
  line.textContent = `frame ${reading.frame} · ${Math.round(reading.ageMs)} ms · ${reading.width} × ${reading.height}`;
}

/** A table of what was measured. What is too wide for the panel is scrolled, by keys too. */
export function WideTable({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- else nobody could scroll it by keys
    <div class="counted-scroll" tabIndex={0} role="group" aria-label={label}>
      <table class="counted-table">{children}</table>
    </div>
  );
}
