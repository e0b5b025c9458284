import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { NatId } from '../../rtc/nat-sim/network.ts';
import { endpointText } from '../../rtc/nat-sim/packet.ts';
import type { NetworkPlan } from '../../rtc/nat-sim/plan.ts';
import { reaches, simulate, type Reach, type Simulation, type Step } from '../../rtc/nat-sim/simulate.ts';
import { nodeName, reachNames, reachSentence, stepWords } from '../../rtc/nat-sim/words.ts';
import { Segments, usePageId } from '../panels/parts.tsx';
import { chosenPlan } from './chosen.ts';
import { NetworkEditor } from './editor.tsx';
import { ReachWord } from './reach-word.tsx';
import { Topology } from './topology.tsx';
import '../panels/panel.css';
import './nat.css';

const paces = [
  ['slow', 'Slow'],
  ['normal', 'Normal'],
] as const;
type Pace = (typeof paces)[number][0];
/** How long a step of each pace is shown, in ms. */
const STEP_MS: Readonly<Record<Pace, number>> = { slow: 3200, normal: 1400 };

/** A network to build, a prediction to make, and every packet of what the simulator does with it. */
export function Theatre() {
  // Both belong to one network: another one is another question.
  const guessed = useSignal<{ plan: NetworkPlan; reach: Reach } | null>(null);
  const ran = useSignal<NetworkPlan | null>(null);
  const simulation = useComputed(() => simulate(chosenPlan.value));
  const { plan, behind, hosts, outcome } = simulation.value;
  const hasRun = ran.value === plan;
  const guess = guessed.value?.plan === plan ? guessed.value.reach : null;
  return (
    <section class="nat-theatre ps-panel" aria-label="NAT simulator">
      <p class="nat-label">
        <strong>Simulation.</strong> No packet leaves this page: NATs, servers and both ICE agents are
        computed here.
      </p>
      <NetworkEditor plan={plan} onChange={(next) => (chosenPlan.value = next)} />
      <Prediction guess={guess} hasRun={hasRun} onGuess={(reach) => (guessed.value = { plan, reach })} />
      <div class="nat-actions">
        <button
          type="button"
          class="ps-button nat-primary"
          data-run-simulation
          onClick={() => (ran.value = plan)}
          aria-disabled={hasRun}
        >
          {guess ? 'Run and compare' : 'Run'}
        </button>
        {hasRun && (
          <p class="nat-outcome" role="status">
            <ReachWord reach={outcome.reach} /> {guess === outcome.reach && 'As you predicted. '}
            {guess !== null && guess !== outcome.reach && `You predicted “${reachNames[guess].name}”. `}
            {reachSentence(outcome.reach)}
          </p>
        )}
      </div>
      {hasRun ? (
        <Stage key={JSON.stringify(plan)} simulation={simulation.value} />
      ) : (
        <Topology {...{ plan, behind, hosts }} journey={undefined} travelMs={0} />
      )}
    </section>
  );
}

interface PredictionProps {
  readonly guess: Reach | null;
  readonly hasRun: boolean;
  readonly onGuess: (reach: Reach) => void;
}

function Prediction({ guess, hasRun, onGuess }: PredictionProps) {
  const name = usePageId();
  return (
    <fieldset class="nat-group nat-prediction" disabled={hasRun}>
      <legend>Predict first: how will they reach each other?</legend>
      {reaches.map((reach) => (
        <label key={reach} class="ps-check">
          <input type="radio" name={name} checked={guess === reach} onChange={() => onGuess(reach)} />
          <ReachWord reach={reach} />
        </label>
      ))}
    </fieldset>
  );
}

/** A run, one step at a time. */
function Stage({ simulation }: { simulation: Simulation }) {
  const { plan, behind, hosts, steps } = simulation;
  const at = useSignal(0);
  const isPlaying = useSignal(false);
  const pace = useSignal<Pace>('normal');
  const listId = usePageId();
  const list = useRef<HTMLDivElement>(null);
  const step = steps[at.value];
  const last = steps.length - 1;
  const go = (to: number) => (at.value = Math.max(0, Math.min(last, to)));

  useEffect(() => {
    if (!isPlaying.value) return undefined;
    if (at.value >= last) {
      isPlaying.value = false;
      return undefined;
    }
    const timer = setTimeout(() => go(at.value + 1), STEP_MS[pace.value]);
    return () => clearTimeout(timer);
  }, [isPlaying.value, at.value, pace.value]);
  useEffect(() => {
    const place = list.current;
    const row = place?.querySelector<HTMLElement>('[aria-selected=true]');
    if (!place || !row) return;
    // Only the list moves, never the page.
    place.scrollTop = row.offsetTop - place.clientHeight / 2;
  }, [at.value]);

  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: at.value + 1, ArrowRight: at.value + 1, ArrowUp: at.value - 1 }[event.key];
    const other = { ArrowLeft: at.value - 1, Home: 0, End: last }[event.key] ?? to;
    if (event.key === ' ') isPlaying.value = !isPlaying.value;
    else if (other === undefined) return;
    else {
      isPlaying.value = false;
      go(other);
    }
    event.preventDefault();
  };
  if (!step) return null;
  const { title, detail, tone } = stepWords(step, plan);
  const journey = step.event.is === 'packet' ? step.event.journey : undefined;

  return (
    <div class="nat-stage">
      <Topology {...{ plan, behind, hosts, journey }} travelMs={STEP_MS[pace.value] * 0.6} />
      <div class="nat-transport" role="group" aria-label="Steps">
        <button type="button" class="ps-button" onClick={() => go(at.value - 1)} disabled={at.value === 0}>
          Back
        </button>
        <button
          type="button"
          class="ps-button"
          onClick={() => {
            if (at.value === last) go(0);
            isPlaying.value = !isPlaying.value;
          }}
        >
          {isPlaying.value ? 'Pause' : 'Play'}
        </button>
        <button
          type="button"
          class="ps-button nat-primary"
          onClick={() => go(at.value + 1)}
          disabled={at.value === last}
        >
          Next
        </button>
        <span class="ps-count">
          {at.value + 1} of {steps.length} · {step.atMs} ms
        </span>
        <Segments label="Pace" options={paces} value={pace.value} onChange={(next) => (pace.value = next)} />
      </div>
      <Chapters simulation={simulation} go={go} />
      <div class="ps-details" data-tone={tone} aria-live={isPlaying.value ? 'off' : 'polite'}>
        <p>
          <strong>{title}</strong>
        </p>
        {detail.map((text) => (
          <p key={text}>{text}</p>
        ))}
      </div>
      <Tables step={step} simulation={simulation} />
      <div
        ref={list}
        class="nat-steps"
        role="listbox"
        tabIndex={0}
        aria-label="All steps: arrow keys move, Space plays"
        aria-activedescendant={`${listId}-${at.value}`}
        onKeyDown={onKeyDown}
      >
        {steps.map((one, index) => (
          <StepRow
            key={index}
            id={`${listId}-${index}`}
            step={one}
            simulation={simulation}
            isChosen={index === at.value}
            onClick={() => {
              isPlaying.value = false;
              go(index);
            }}
          />
        ))}
      </div>
    </div>
  );
}

/** The turning points of a run, to leap to. */
function Chapters({ simulation, go }: { simulation: Simulation; go: (to: number) => void }) {
  const { steps } = simulation;
  const first = (test: (step: Step) => boolean) => steps.findIndex(test);
  const isCheck = ({ event }: Step) =>
    event.is === 'packet' &&
    event.journey.packet.message.is === 'binding' &&
    !!event.journey.packet.message.check;
  const chapters = [
    ['alice gathers', 0],
    ['the offer', first(({ event }) => event.is === 'signal' && event.type === 'offer')],
    ['the first check', first(isCheck)],
    [
      'the first lost packet',
      first(({ event }) => event.is === 'packet' && event.journey.drop !== undefined),
    ],
    ['prflx', first(({ event }) => event.is === 'learned')],
    ['the end', steps.length - 1],
  ] as const;
  return (
    <p class="nat-chapters">
      <span>Go to </span>
      {chapters
        .filter(([, index]) => index >= 0)
        .map(([words, index]) => (
          <button key={words} type="button" onClick={() => go(index)}>
            {words}
          </button>
        ))}
    </p>
  );
}

interface StepRowProps {
  readonly id: string;
  readonly step: Step;
  readonly simulation: Simulation;
  readonly isChosen: boolean;
  readonly onClick: () => void;
}

function StepRow({ id, step, simulation, isChosen, onClick }: StepRowProps) {
  const { title, tone } = stepWords(step, simulation.plan);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the list has the focus and the keys
    <div id={id} role="option" tabIndex={-1} aria-selected={isChosen} data-tone={tone} onClick={onClick}>
      <span class="nat-at">{step.atMs} ms</span> <span aria-hidden="true">{toneSigns[tone ?? 'plain']}</span>{' '}
      {title}
    </div>
  );
}

const toneSigns = { bad: '✕', good: '✓', plain: '·' } as const;

/** The table of each NAT, and the relay's, as they are after this step. */
function Tables({ step, simulation }: { step: Step; simulation: Simulation }) {
  const { plan, behind } = simulation;
  const ids = (['router-a', 'carrier', 'router-b'] as const).filter(
    (id) => behind.a.includes(id) || behind.b.includes(id),
  );
  const hops = step.event.is === 'packet' ? step.event.journey.hops : [];
  return (
    <div class="nat-tables">
      {ids.map((id) => (
        <NatTable
          key={id}
          name={nodeName(id, plan)}
          rows={step.tables[id] ?? []}
          used={hops.flatMap((hop) => (hop.at === id && hop.row !== undefined ? [hop.row] : []))}
          made={hops.flatMap((hop) => (hop.at === id && hop.isNew && hop.row !== undefined ? [hop.row] : []))}
        />
      ))}
      {plan.servers === 'turn' && <RelayTable step={step} />}
    </div>
  );
}

interface NatTableProps {
  readonly name: string;
  readonly rows: readonly NonNullable<Step['tables'][NatId]>[number][];
  readonly used: readonly number[];
  readonly made: readonly number[];
}

function NatTable({ name, rows, used, made }: NatTableProps) {
  return (
    <div class="nat-table">
      <table>
        <caption>Mappings of {name}</caption>
        <thead>
          <tr>
            <th scope="col">inside ⇄ outside</th>
            <th scope="col">for packets to</th>
          </tr>
        </thead>
        <tbody>
          {rows.length === 0 && (
            <tr>
              <td colSpan={2}>none yet</td>
            </tr>
          )}
          {rows.map(({ transport, inside, outside, towards, sentTo }, index) => (
            <tr key={index} data-used={used.includes(index) || undefined}>
              <td>
                {endpointText(inside)}
                {transport === 'tcp' && ' tcp'}
                <br />⇄ {endpointText(outside)}
                {made.includes(index) ? <b> new</b> : used.includes(index) ? <b> used</b> : null}
              </td>
              <td>
                {towards ? <span>only </span> : <span>everybody; so far </span>}
                {sentTo.map(endpointText).join(', ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RelayTable({ step: { allocations } }: { step: Step }) {
  return (
    <div class="nat-table">
      <table>
        <caption>Allocations of the TURN server</caption>
        <thead>
          <tr>
            <th scope="col">client ⇄ relayed</th>
            <th scope="col">permissions</th>
          </tr>
        </thead>
        <tbody>
          {allocations.length === 0 && (
            <tr>
              <td colSpan={2}>none yet</td>
            </tr>
          )}
          {allocations.map(({ client, relayed, transport, permissions }) => (
            <tr key={endpointText(relayed)}>
              <td>
                {endpointText(client)}
                {transport === 'tcp' && ' tcp'}
                <br />⇄ {endpointText(relayed)}
              </td>
              <td>{permissions.join(', ') || 'none'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
