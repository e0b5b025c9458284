import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { PanelProps } from '../../lab-kit/view.ts';
import { durationOf, type RecordedDuration } from '../../rtc/media/recorded.ts';
import { reelOf, takenMs, type Reel } from './reel.ts';
import '../../lab-kit/panels/panel.css';
import './recorder.css';

const TICK_MS = 100;

/** What recorders are asked for in practice; what each browser can write is asked when the panel is drawn. */
const FORMATS = [
  'video/webm;codecs=vp8,opus',
  'video/webm;codecs=vp9,opus',
  'video/webm;codecs=av01,opus',
  'video/mp4;codecs=avc1.42E01E,mp4a.40.2',
  'video/mp4;codecs=vp9,opus',
  'video/mp4;codecs=av01.0.04M.08,opus',
  'video/x-matroska;codecs=avc1,opus',
  'audio/webm;codecs=opus',
  'audio/ogg;codecs=opus',
  'audio/mp4;codecs=opus',
] as const;

/** The recorder at work, the file that came of it, and what this browser can write at all. */
export function RecorderPanel({ view }: PanelProps) {
  void view.entries.value; // the reel comes when the call is up
  const reel = reelOf(view.bench.value);
  const isOver = view.state.value === 'ended' || view.state.value === 'failed';
  return (
    <section class="ps-panel recorder" aria-label="The recorder">
      {reel ? (
        <Desk reel={reel} isOver={isOver} />
      ) : (
        <p class="ps-empty">
          {view.state.value === 'idle'
            ? 'Press Run: as soon as the call is up, it is recorded.'
            : 'Nothing is recorded before the call is up.'}
        </p>
      )}
      <Formats />
    </section>
  );
}

function Desk({ reel, isOver }: { reel: Reel; isOver: boolean }) {
  const { state, problem } = reel.take.value;
  const file = reel.file.value;
  return (
    <>
      <div class="recorder-desk" data-state={state}>
        <p class="recorder-now">
          <strong role="status">{state}</strong>
          <Running reel={reel} />
        </p>
        <div class="ps-bar">
          <button
            type="button"
            class="ps-button"
            disabled={state !== 'inactive' || isOver}
            onClick={reel.record}
          >
            Record
          </button>
          {state === 'paused' ? (
            <button type="button" class="ps-button" onClick={reel.resume}>
              Resume
            </button>
          ) : (
            <button type="button" class="ps-button" disabled={state !== 'recording'} onClick={reel.pause}>
              Pause
            </button>
          )}
          <button type="button" class="ps-button" disabled={state === 'inactive'} onClick={reel.stop}>
            Stop
          </button>
        </div>
      </div>
      {problem && (
        <p class="recorder-problem" role="alert">
          {problem}
        </p>
      )}
      {file && <File key={file} file={file} mimeType={reel.take.value.mimeType} />}
    </>
  );
}

/** Time, size and pieces, while it runs. */
function Running({ reel }: { reel: Reel }) {
  const nowMs = useSignal(performance.now());
  const take = reel.take.value;
  const isRunning = take.sinceMs !== undefined;
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => (nowMs.value = performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [isRunning]);
  const ms = takenMs(take, Math.max(nowMs.value, take.sinceMs ?? 0));
  return (
    <span class="recorder-numbers">
      <b data-is="time" data-ms={Math.round(ms)}>
        {(ms / 1000).toFixed(1)} s
      </b>
      <span>
        {inBytes(take.sizeBytes)} in {take.pieces} {take.pieces === 1 ? 'piece' : 'pieces'}
      </span>
      <code>{take.mimeType || 'its type is not known yet'}</code>
    </span>
  );
}

/** The file: played, measured, to be kept. */
function File({ file, mimeType }: { file: Blob; mimeType: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const url = useSignal('');
  const duration = useSignal<RecordedDuration | string>('is being read …');
  useEffect(() => {
    const made = URL.createObjectURL(file);
    url.value = made;
    let isCurrent = true;
    if (video.current) {
      video.current.src = made;
      durationOf(video.current).then(
        (found) => isCurrent && (duration.value = found),
        (error: unknown) => isCurrent && (duration.value = (error as Error).message),
      );
    }
    return () => {
      isCurrent = false;
      URL.revokeObjectURL(made);
    };
  }, [file]);
  const type = file.type || mimeType;
  const length = duration.value;
  return (
    <div class="recorder-file">
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- it was recorded a moment ago, nobody has written any */}
      <video ref={video} controls playsInline aria-label="What was recorded" />
      <dl>
        <dt>type</dt>
        <dd>
          <code>{type}</code>
        </dd>
        <dt>size</dt>
        <dd>{inBytes(file.size)}</dd>
        {typeof length === 'string' ? (
          <>
            <dt>duration</dt>
            <dd>{length}</dd>
          </>
        ) : (
          <>
            <dt>duration, at first</dt>
            <dd data-is="first">
              {Number.isFinite(length.first) ? `${length.first.toFixed(2)} s` : 'Infinity'}
            </dd>
            <dt>after seeking to its end</dt>
            <dd data-is="found" data-sec={length.found}>
              {length.found.toFixed(2)} s
            </dd>
            <dt>mean bit rate</dt>
            <dd>{Math.round((file.size * 8) / length.found / 1000)} kbit/s</dd>
          </>
        )}
      </dl>
      <p>
        <a class="ps-button" href={url.value} download={`recording.${/[/-](\w+)/.exec(type)?.[1] ?? 'webm'}`}>
          Download
        </a>
      </p>
    </div>
  );
}

const inBytes = (count: number) => (count < 1000 ? `${count} bytes` : `${Math.round(count / 1000)} kB`);

/** Asked live: `MediaRecorder.isTypeSupported()`. */
function Formats() {
  const isThere = typeof MediaRecorder !== 'undefined';
  return (
    <table class="recorder-formats">
      <caption>
        <code>MediaRecorder.isTypeSupported()</code>, asked in this browser just now
      </caption>
      <tbody>
        {FORMATS.map((type) => {
          const can = isThere && MediaRecorder.isTypeSupported(type);
          return (
            <tr key={type}>
              <th scope="row">
                <code>{type}</code>
              </th>
              <td data-tone={can ? 'good' : undefined}>{can ? '✓ yes' : '– no'}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
