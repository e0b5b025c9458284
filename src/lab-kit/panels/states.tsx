import { useSignal, useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import type { PeerLabel } from '../../rtc/timeline.ts';
import type { PanelProps, Target } from '../view.ts';
import { endAt } from './model/fold.ts';
import { inMs } from './model/format.ts';
import {
  allMachines,
  DRAWING_WIDTH,
  drawEdge,
  machines,
  nodeBox,
  type Diagram,
  type Edge,
  type Machine,
} from './model/machines.ts';
import { statesFold, taken, toneOf, type Taken, type Track, type Tracks } from './model/states.ts';
import { Empty, Segments } from './parts.tsx';
import { PeerName } from './peer.tsx';
import './panel.css';
import './states.css';

type StatesTarget = Extract<Target, { panel: 'states' }>;

/** The state machines of each peer as the standard draws them: where they are, and the way they took. */
export function StatesPanel({ view }: PanelProps) {
  const compute = useMemo(statesFold, []);
  const { list } = view.entries.value;
  const states = compute(list, endAt(list, view.focus.value));
  const peers = view.peers.value;
  const machine = useSignal<Machine>('signaling-state');
  const marked = useSignal<StatesTarget | null>(null);
  useSignalEffect(() => {
    const target = view.target.value;
    if (target?.panel !== 'states') return;
    if (target.machine) machine.value = target.machine;
    marked.value = target;
  });
  if (states.size === 0)
    return (
      <div class="ps-panel ps-states">
        <Empty>
          A peer connection has several state machines. As soon as one is opened, each shows here as the
          standard draws it: where it is, and the way it took.
        </Empty>
      </div>
    );
  const shown = [...states].map(([peer, tracks]) => ({ peer, tracks: tracksOf(tracks, machine.value) }));
  return (
    <div class="ps-panel ps-states">
      <Overview
        states={states}
        machine={machine.value}
        peers={peers}
        onChoose={(chosen) => {
          machine.value = chosen;
          marked.value = null;
        }}
      />
      <div class="ps-diagrams">
        {shown.map(({ peer, tracks }) => (
          <PeerDiagram
            key={peer}
            {...{ peer, peers, tracks }}
            machine={machine.value}
            marked={marked.value?.peer === peer ? marked.value : null}
          />
        ))}
      </div>
      <p class="ps-hidden" aria-live="polite">
        {[...states]
          .map(([peer, own]) => `${peer} ${own.get('connection-state')?.stops.at(-1)?.state ?? ''}`)
          .join(', ')}
      </p>
    </div>
  );
}

const tracksOf = (tracks: Tracks, machine: Machine): readonly Track[] =>
  [...tracks.values()].filter((track) => track.machine === machine);

interface OverviewProps {
  readonly states: ReadonlyMap<PeerLabel, Tracks>;
  readonly machine: Machine;
  readonly onChoose: (machine: Machine) => void;
  readonly peers: readonly PeerLabel[];
}

/** All machines at a glance; the chosen one is drawn below. Radio buttons, so that arrow keys work as people expect. */
function Overview({ states, machine, peers, onChoose }: OverviewProps) {
  const name = useId();
  const used = allMachines.filter(
    (one) => one !== 'data-channel' || [...states.values()].some((own) => tracksOf(own, one).length > 0),
  );
  return (
    <fieldset class="ps-machines">
      <legend class="ps-hidden">Which state machine is drawn</legend>
      {used.map((one) => (
        <label key={one}>
          <input
            type="radio"
            name={name}
            value={one}
            checked={machine === one}
            onChange={() => onChoose(one)}
          />
          <span class="ps-machine">
            <b>{machines[one].title}</b>
            {[...states].map(([peer, own]) => (
              <span key={peer} class="ps-machine-peer">
                <PeerName peers={peers} peer={peer} /> <StateWord tracks={tracksOf(own, one)} />
              </span>
            ))}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** The state of a machine; where a peer has several (channels, transports), that of the first, and how many more. */
function StateWord({ tracks: [track, ...more] }: { tracks: readonly Track[] }) {
  const state = track?.stops.at(-1)?.state;
  if (state === undefined) return <span class="ps-state">none yet</span>;
  return (
    <span class="ps-state" data-tone={toneOf(state)}>
      {state}
      {more.length > 0 && ` +${more.length}`}
    </span>
  );
}

interface PeerDiagramProps {
  readonly peer: PeerLabel;
  readonly peers: readonly PeerLabel[];
  readonly machine: Machine;
  readonly tracks: readonly Track[];
  /** What another panel asked to be shown, until the reader goes on. */
  readonly marked: StatesTarget | null;
}

function PeerDiagram({ peer, peers, machine, tracks, marked }: PeerDiagramProps) {
  const chosen = useSignal('');
  /** The step that the reader points at. */
  const pointed = useSignal<number | null>(null);
  const track = tracks.find(({ name = '' }) => name === chosen.value) ?? tracks[0];
  const { property, title }: Diagram = machines[machine];
  const steps = track ? taken(track) : [];
  const state = track?.stops.at(-1)?.state;
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!marked) return;
    section.current?.scrollIntoView({ block: 'nearest' });
    section.current?.focus({ preventScroll: true });
  }, [marked]);
  return (
    <section
      class="ps-card ps-diagram"
      aria-label={`${title} of ${peer}`}
      data-marked={marked ? true : undefined}
      tabIndex={-1}
      ref={section}
    >
      <p class="ps-card-title">
        <PeerName peers={peers} peer={peer} /> <code class="ps-property">{property}</code>
        {state !== undefined && (
          <span class="ps-state" data-tone={toneOf(state)}>
            {state}
          </span>
        )}
      </p>
      {tracks.length > 1 && (
        <Segments
          label="Which one"
          options={tracks.map(({ name = '' }) => [name, whichOne(machine, name)])}
          value={track?.name ?? ''}
          onChange={(name) => (chosen.value = name)}
        />
      )}
      {tracks.length === 1 && track?.name !== undefined && (
        <p class="ps-which">{whichOne(machine, track.name)}</p>
      )}
      <Drawing machine={machine} state={state} steps={steps} pointed={pointed} />
      <Way steps={steps} track={track} pointed={pointed} />
    </section>
  );
}

const whichOne = (machine: Machine, name: string): string =>
  machine === 'data-channel' ? `“${name}”` : `mid ${name}`;

interface DrawingProps {
  readonly machine: Machine;
  readonly state: string | undefined;
  readonly steps: readonly Taken[];
  readonly pointed: ReadonlySignal<number | null>;
}

/** The drawing repeats what the list below it says in words, so that it is hidden from screen readers. */
function Drawing({ machine, state, steps, pointed }: DrawingProps) {
  const { nodes, edges, height }: Diagram = machines[machine];
  const id = useId();
  const been = new Set([...steps.map(({ from }) => from), ...steps.map(({ to }) => to.state)]);
  const jumps = new Map<string, Taken[]>();
  for (const step of steps) {
    if (step.edge) continue;
    const key = `${step.from} ${step.to.state}`;
    jumps.set(key, [...(jumps.get(key) ?? []), step]);
  }
  return (
    <svg class="ps-drawing" viewBox={`0 0 ${DRAWING_WIDTH} ${height}`} aria-hidden="true" focusable="false">
      <defs>
        {['faint', 'taken', 'pointed'].map((kind) => (
          <marker
            key={kind}
            id={`${id}-${kind}`}
            class={`ps-arrow-${kind}`}
            viewBox="0 0 10 10"
            refX="9"
            refY="5"
            markerWidth="9"
            markerHeight="9"
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
          >
            <path d="M0 0.5 10 5 0 9.5z" />
          </marker>
        ))}
      </defs>
      {edges.map((edge) => (
        <EdgePath
          key={`${edge.from} ${edge.to}`}
          {...{ id, machine, edge, pointed }}
          from={edge.from}
          to={edge.to}
          steps={steps.filter((step) => step.edge === edge)}
        />
      ))}
      {[...jumps].map(([key, taking]) => (
        <EdgePath
          key={key}
          {...{ id, machine, pointed }}
          from={taking[0]!.from}
          to={taking[0]!.to.state}
          steps={taking}
        />
      ))}
      {Object.entries(nodes).map(([name, [x, y]]) => {
        const { lines, width, height: tall } = nodeBox(name);
        return (
          <g
            key={name}
            class="ps-node"
            data-now={name === state || undefined}
            data-been={been.has(name) || undefined}
            data-tone={toneOf(name)}
            transform={`translate(${x} ${y})`}
          >
            <rect x={-width / 2} y={-tall / 2} width={width} height={tall} rx={tall / 2 > 20 ? 14 : 15} />
            {lines.map((line, index) => (
              <text key={line} y={(index - (lines.length - 1) / 2) * 17} dy="0.34em">
                {line}
              </text>
            ))}
          </g>
        );
      })}
    </svg>
  );
}

interface EdgePathProps {
  readonly id: string;
  readonly machine: Machine;
  readonly from: string;
  readonly to: string;
  /** Undefined for a jump that the standard does not draw. */
  readonly edge?: Edge;
  /** The steps that went this way. */
  readonly steps: readonly Taken[];
  readonly pointed: ReadonlySignal<number | null>;
}

function EdgePath({ id, machine, from, to, edge, steps, pointed }: EdgePathProps) {
  const drawn = drawEdge(machine, from, to, edge);
  if (!drawn) return null;
  const isTaken = steps.length > 0;
  const isPointed = steps.some(({ number }) => number === pointed.value);
  const kind = isPointed ? 'pointed' : isTaken ? 'taken' : 'faint';
  const numbers = badge(steps);
  const badgeWidth = Math.max(20, numbers.length * 8 + 9);
  return (
    <g class="ps-edge" data-kind={kind} data-jump={edge ? undefined : true}>
      <path d={drawn.path} marker-end={`url(#${id}-${kind})`} />
      {edge?.label?.map((line, index, all) => (
        <text
          key={line}
          class="ps-edge-label"
          x={drawn.labelAt[0]}
          y={drawn.labelAt[1] + (index - (all.length - 1) / 2) * 15}
          dy="0.34em"
        >
          {line}
        </text>
      ))}
      {isTaken && (
        <g class="ps-badge" transform={`translate(${drawn.badgeAt[0]} ${drawn.badgeAt[1]})`}>
          <title>
            {steps
              .map(({ number, to: { atMs }, because }) => `${number}: ${inMs(atMs)} ms, ${because}`)
              .join('\n')}
          </title>
          <rect x={-badgeWidth / 2} y={-10} width={badgeWidth} height={20} rx={10} />
          <text dy="0.34em">{numbers}</text>
        </g>
      )}
    </g>
  );
}

/** «1», «1 3», «1 … 9»: when an edge was taken. */
function badge(steps: readonly Taken[]): string {
  const numbers = steps.map(({ number }) => number);
  return numbers.length > 2 ? `${numbers[0]} … ${numbers.at(-1)}` : numbers.join(' ');
}

interface WayProps {
  readonly steps: readonly Taken[];
  readonly track: Track | undefined;
  readonly pointed: Signal<number | null>;
}

/** The way in words. What the reader points at is marked in the drawing. */
function Way({ steps, track, pointed }: WayProps) {
  if (!track) return <p class="ps-none">None yet: it comes with the descriptions, or when it is created.</p>;
  const [first] = track.stops;
  return (
    <ol class="ps-way" aria-label="The way it took">
      {first && (
        <li>
          <span class="ps-way-number" />
          <span class="ps-way-state">{first.state}</span>
          <span class="ps-way-why">at the start</span>
          <span class="ps-stop-time">{inMs(first.atMs)} ms</span>
        </li>
      )}
      {steps.map(({ number, to, because, edge }) => (
        <li
          key={number}
          data-pointed={pointed.value === number || undefined}
          aria-current={number === steps.length ? 'step' : undefined}
          onPointerEnter={() => (pointed.value = number)}
          onPointerLeave={() => (pointed.value = null)}
        >
          <span class="ps-way-number">{number}</span>
          <span class="ps-way-state" data-tone={toneOf(to.state)}>
            {to.state}
          </span>
          <span class="ps-way-why">
            {because}
            {!edge && ' (the standard draws no such edge)'}
          </span>
          <span class="ps-stop-time">{inMs(to.atMs)} ms</span>
        </li>
      ))}
    </ol>
  );
}
