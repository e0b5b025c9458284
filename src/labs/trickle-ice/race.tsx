import type { Entry } from '../../rtc/timeline.ts';
import type { PanelProps } from '../../lab-kit/view.ts';
import './race.css';

interface Lane {
  readonly offerer: string;
  readonly title: string;
  readonly startMs: number | undefined;
  readonly marks: readonly { readonly name: string; readonly atMs: number }[];
}

const lanes = [
  { offerer: 'alice', answerer: 'bob', title: 'alice and bob: each candidate at once' },
  { offerer: 'carol', answerer: 'dave', title: 'carol and dave: wait, then send what is there' },
];

/** When each call reached which point, on one scale of time. */
export function Race({ view }: PanelProps) {
  const { list } = view.entries.value;
  const focus = view.focus.value;
  const seen = focus === null ? list : list.slice(0, focus + 1);
  const nowMs = seen.at(-1)?.atMs ?? 0;
  const running = lanes.map(({ offerer, answerer, title }): Lane => laneOf(seen, offerer, answerer, title));
  const endMs = Math.max(
    1,
    ...running.map(({ marks, startMs = 0 }) => (marks.at(-1)?.atMs ?? nowMs) - startMs),
  );
  return (
    <section class="race" aria-label="The race">
      {running.map((lane) => (
        <LaneRow key={lane.offerer} lane={lane} endMs={endMs} />
      ))}
    </section>
  );
}

function LaneRow({ lane, endMs }: { lane: Lane; endMs: number }) {
  const { title, marks, startMs = 0 } = lane;
  const connected = marks.find(({ name }) => name === 'connected');
  return (
    <div class="race-lane" data-lane={lane.offerer} data-connected={connected !== undefined || undefined}>
      <p>
        <span>{title}</span>
        <strong>{result(lane, connected?.atMs)}</strong>
      </p>
      <div class="race-track" aria-hidden="true">
        {marks.map(({ name, atMs }) => (
          <i
            key={name}
            data-mark={name}
            style={{ insetInlineStart: `${((atMs - startMs) / endMs) * 100}%` }}
          />
        ))}
      </div>
      <ol class="race-marks">
        {marks.map(({ name, atMs }) => (
          <li key={name}>
            {name} <b>{Math.round(atMs - startMs)} ms</b>
          </li>
        ))}
      </ol>
    </div>
  );
}

function result({ startMs }: Lane, connectedMs: number | undefined): string {
  if (startMs === undefined) return 'not started';
  return connectedMs === undefined ? 'on the way' : `connected after ${Math.round(connectedMs - startMs)} ms`;
}

function laneOf(entries: readonly Entry[], offerer: string, answerer: string, title: string): Lane {
  const first = (test: (entry: Entry) => boolean) => entries.find(test)?.atMs;
  const startMs = first(({ peer, kind }) => peer === offerer && kind === 'peer-opened');
  const points: [string, number | undefined][] = [
    [
      'offer sent',
      first(
        (entry) => entry.peer === offerer && entry.kind === 'signal-sent' && 'description' in entry.signal,
      ),
    ],
    [
      'first candidate found',
      first((entry) => entry.peer === offerer && entry.kind === 'candidate' && entry.side === 'local'),
    ],
    [
      'gathering over',
      first(
        (entry) => entry.peer === offerer && entry.kind === 'end-of-candidates' && entry.side === 'local',
      ),
    ],
    [
      'answer sent',
      first(
        (entry) => entry.peer === answerer && entry.kind === 'signal-sent' && 'description' in entry.signal,
      ),
    ],
    [
      'connected',
      first(
        (entry) => entry.peer === offerer && entry.kind === 'connection-state' && entry.state === 'connected',
      ),
    ],
  ];
  const marks = points
    .flatMap(([name, atMs]) => (atMs === undefined ? [] : [{ name, atMs }]))
    .toSorted((a, b) => a.atMs - b.atMs);
  return { offerer, title, startMs, marks };
}
