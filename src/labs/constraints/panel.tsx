import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { PanelProps } from '../../lab-kit/view.ts';
import type { Bench } from '../../rtc/bench.ts';
import { attachStream } from '../../rtc/media/playback.ts';
import { requestDesk, type Granted } from './camera.ts';
import {
  exactly,
  keywords,
  properties,
  ranges,
  sizes,
  codeOf,
  toConstraints,
  untouched,
  wordsOf,
  type Field,
  type Fields,
  type Keyword,
  type Property,
} from './request.ts';
import './constraints.css';

/** Sliders for what is asked, beside what was granted and what would be possible. */
export function ConstraintsPanel({ view }: PanelProps) {
  const fields = useSignal<Fields>(untouched);
  const bench = view.bench.value;
  const desk = bench ? requestDesk(bench) : null;
  const granted = desk?.told.value ?? null;
  const isRunning = view.state.value === 'running' && granted !== null;
  useEffect(() => {
    fields.value = untouched; // another run begins with a track that nothing was asked of
  }, [bench]);
  const change = (next: Fields, opens = false) => {
    fields.value = next;
    if (isRunning) desk?.ask({ constraints: toConstraints(next), opens });
  };
  return (
    <div class="ps-panel constraints">
      <p class="constraints-sizes" role="group" aria-label="Exactly this size">
        {sizes.map(([name, width, height]) => (
          <button
            key={name}
            type="button"
            class="ps-button"
            disabled={!isRunning}
            title={`exactly ${width} × ${height}`}
            onClick={() => change(exactly(width, height))}
          >
            {name}
          </button>
        ))}
        <button type="button" class="ps-button" disabled={!isRunning} onClick={() => change(untouched)}>
          Nothing
        </button>
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Property</th>
            <th scope="col">Asked</th>
            <th scope="col">Granted</th>
            <th scope="col">Possible</th>
          </tr>
        </thead>
        <tbody>
          {properties.map((name) => (
            <Row
              key={name}
              name={name}
              field={fields.value[name]}
              granted={granted}
              isRunning={isRunning}
              onChange={(field) => change({ ...fields.value, [name]: field })}
            />
          ))}
          <Told name="resizeMode" granted={granted} />
          <Told name="facingMode" granted={granted} />
        </tbody>
      </table>
      <Outcome granted={granted} isRunning={isRunning} />
      <div class="constraints-below">
        <Picture bench={bench} track={granted?.track} />
        <div>
          <pre aria-label="The constraints as code">
            <code>{codeOf(fields.value)}</code>
          </pre>
          <button
            type="button"
            class="ps-button"
            disabled={!isRunning}
            onClick={() => change(fields.value, true)}
          >
            Open anew with these
          </button>
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly name: Property;
  readonly field: Field;
  readonly granted: Granted | null;
  readonly isRunning: boolean;
  readonly onChange: (field: Field) => void;
}

function Row({ name, field, granted, isRunning, onChange }: RowProps) {
  const { min, max, step, unit } = ranges[name];
  const shown = useSignal(field.value);
  useEffect(() => {
    shown.value = field.value;
  }, [field.value]);
  const isRefused = granted?.refused?.constraint === name;
  return (
    <tr data-property={name} data-refused={isRefused || undefined}>
      <th scope="row">{name}</th>
      <td>
        <span class="constraints-asked">
          <select
            aria-label={`${name}: keyword`}
            value={field.keyword}
            disabled={!isRunning}
            onChange={(event) => onChange({ ...field, keyword: event.currentTarget.value as Keyword })}
          >
            {keywords.map((keyword) => (
              <option key={keyword} value={keyword}>
                {keyword === 'none' ? 'not asked' : keyword}
              </option>
            ))}
          </select>
          <input
            type="range"
            aria-label={`${name}: value`}
            aria-valuetext={`${wordsOf(shown.value)} ${unit}`}
            min={min}
            max={Math.max(max, field.value)}
            step={step}
            value={shown.value}
            disabled={!isRunning || field.keyword === 'none'}
            onInput={(event) => (shown.value = event.currentTarget.valueAsNumber)}
            onChange={(event) => onChange({ ...field, value: event.currentTarget.valueAsNumber })}
          />
          <output>{field.keyword === 'none' ? '–' : wordsOf(shown.value)}</output>
        </span>
      </td>
      <Cells name={name} granted={granted} />
    </tr>
  );
}

/** A property that is shown and not asked for here. */
function Told({ name, granted }: { name: 'resizeMode' | 'facingMode'; granted: Granted | null }) {
  return (
    <tr data-property={name}>
      <th scope="row">{name}</th>
      <td class="constraints-soft">not asked</td>
      <Cells name={name} granted={granted} />
    </tr>
  );
}

function Cells({ name, granted }: { name: string; granted: Granted | null }) {
  const { track } = granted ?? {};
  const settings = (track?.getSettings() ?? {}) as Readonly<Record<string, unknown>>;
  const capabilities = (track?.getCapabilities?.() ?? {}) as Readonly<Record<string, unknown>>;
  return (
    <>
      <td data-granted>{track ? (name in settings ? wordsOf(settings[name]) : 'not told') : '–'}</td>
      <td>{track ? (name in capabilities ? wordsOf(capabilities[name]) : 'not told') : '–'}</td>
    </>
  );
}

function Outcome({ granted, isRunning }: { granted: Granted | null; isRunning: boolean }) {
  const { refused } = granted ?? {};
  return (
    <p class="constraints-outcome" role="status" data-refused={refused !== undefined || undefined}>
      {!granted
        ? 'Press Run to open the camera that you chose above.'
        : refused
          ? refusalWords(refused)
          : isRunning
            ? 'Granted. “exact”, “min” and “max” hold; “ideal” is as near as it goes.'
            : 'The run has ended.'}
    </p>
  );
}

function refusalWords({ name, constraint }: OverconstrainedError): string {
  if (name !== 'OverconstrainedError') return `${name}: nothing was changed.`;
  return constraint
    ? `OverconstrainedError, constraint “${constraint}”: nothing was changed.`
    : 'OverconstrainedError that names no constraint: this track takes none at all here. Nothing was changed.';
}

/** The picture itself, and what is measured of it: settings are what a track says, this is what comes. */
function Picture({ bench, track }: { bench: Bench | null; track: MediaStreamTrack | undefined }) {
  const video = useRef<HTMLVideoElement>(null);
  const measured = useSignal('');
  useEffect(() => {
    const element = video.current;
    if (!bench || !track || !element) return undefined;
    const shown = new AbortController();
    const signal = AbortSignal.any([shown.signal, bench.signal]);
    attachStream(element, new MediaStream([track]), { signal }).catch(() => {}); // muted: nothing keeps it from playing
    let before = 0;
    let beforeMs = performance.now();
    const timer = setInterval(() => {
      const { totalVideoFrames } = element.getVideoPlaybackQuality();
      const nowMs = performance.now();
      const rate = ((totalVideoFrames - before) * 1000) / (nowMs - beforeMs);
      [before, beforeMs] = [totalVideoFrames, nowMs];
      measured.value = `${element.videoWidth} × ${element.videoHeight}, ${Math.max(0, rate).toFixed(0)} frames a second`;
    }, 1000);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    return () => shown.abort();
  }, [bench, track]);
  return (
    <figure class="constraints-picture">
      {/* A live picture of this very moment: there are no words that could be written beforehand. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <video ref={video} aria-label="What the track gives" muted playsInline width={640} height={360} />
      <figcaption>What comes: {measured.value || 'nothing yet'}</figcaption>
    </figure>
  );
}
