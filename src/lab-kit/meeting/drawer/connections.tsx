import { useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { PeerId } from '../../../protocol/signaling.ts';
import type { Link, LinkState } from '../../../rtc/meeting/engine.ts';
import type { Measured } from '../../../rtc/meeting/meter.ts';
import type { PanelId } from '../../define.ts';
import { RunFile } from '../../run-file.tsx';
import { panelTabs, Tabs } from '../../tabs.tsx';
import { LinkView, runsOf, type LinkRun } from './link-view.ts';
import type { Inspected } from './measured.ts';
import { bothWays, bothWaysSaid, pathWords, stateWords } from './words.ts';

/** The instruments, in their order. */
const instruments: readonly PanelId[] = [
  'ladder',
  'sdp',
  'candidates',
  'states',
  'stats',
  'timeline',
  'faults',
  'findings',
];

interface Props {
  readonly session: Inspected;
  readonly measured: ReadonlySignal<Measured>;
  readonly chosen: Signal<PeerId | null>;
  readonly tab: Signal<string>;
}

/** Every connection in a list, and one of them with all instruments. */
export function Connections({ session, measured, chosen, tab }: Props) {
  const people = session.people.value;
  const person = people.find(({ peer }) => peer === chosen.value) ?? people[0];
  if (!person)
    return (
      <p class="meet-drawer-empty">
        Nobody else is here yet. Each participant who comes is one connection in this list, with its messages,
        descriptions, candidates and statistics.
      </p>
    );
  const rates = measured.value;
  return (
    <>
      <ul class="meet-links" aria-label="Connections">
        {people.map(({ peer, member, link }) => (
          <li key={peer}>
            <button
              type="button"
              aria-pressed={peer === person.peer}
              data-state={link?.state.is}
              onClick={() => (chosen.value = peer)}
            >
              <b>{member.name}</b>
              <span class="meet-link-state">{stateWords(link?.state)}</span>
              <span data-path={rates.get(peer)?.path?.by}>{pathWords(rates.get(peer))}</span>
              <span class="meet-link-rate" aria-hidden="true">
                {bothWays(rates.get(peer))}
              </span>
              <span class="ps-hidden">{bothWaysSaid(rates.get(peer))}</span>
            </button>
          </li>
        ))}
      </ul>
      {person.link ? (
        <Inspector key={person.peer} session={session} peer={person.peer} tab={tab} />
      ) : (
        <p class="meet-drawer-empty">There is no connection to {person.member.name} yet.</p>
      )}
    </>
  );
}

interface InspectorProps {
  readonly session: Inspected;
  readonly peer: PeerId;
  readonly tab: Signal<string>;
}

/** One link with everything: its present connection, or one before it. */
function Inspector({ session, peer, tab }: InspectorProps) {
  // Null for the present connection, whichever that is.
  const wanted = useSignal<number | null>(null);
  const link = session.people.value.find((person) => person.peer === peer)?.link;
  if (!link) return null;
  return <Run link={link} number={link.number} state={link.state} wanted={wanted} tab={tab} />;
}

interface RunProps {
  readonly link: Link;
  /** The link's, beside it: it is the same link when they change. */
  readonly number: number;
  readonly state: LinkState;
  readonly wanted: Signal<number | null>;
  readonly tab: Signal<string>;
}

function Run({ link, number, state, wanted, tab }: RunProps) {
  const runs = runsOf(link);
  const run = runs.find((one) => one.number === wanted.value) ?? { bench: link.bench, number };
  const view = useMemo(() => new LinkView(link, run), [link, run.number]);
  useEffect(() => view.follow(), [view]);
  const choose = (chosen: number) => (wanted.value = chosen === number ? null : chosen);
  return (
    <section class="meet-inspector" aria-label={`Connection with ${link.other}`}>
      <p class="ps-hidden" role="status">
        {`${link.other}: ${stateWords(state)}`}
      </p>
      <div class="meet-inspector-bar">
        {runs.length > 1 && (
          <select
            class="lab-button"
            aria-label="Which connection is shown"
            value={run.number}
            onChange={({ currentTarget }) => choose(Number(currentTarget.value))}
          >
            {runs.toReversed().map((one) => (
              <option key={one.number} value={one.number}>
                {runWords(one)}
              </option>
            ))}
          </select>
        )}
        <button type="button" class="lab-button" onClick={() => link.restart()}>
          Restart ICE
        </button>
        <button type="button" class="lab-button" onClick={() => link.rebuild()}>
          New connection
        </button>
        <RunFile view={view} />
      </div>
      <Tabs view={view} name="inspect" tabs={panelTabs(view, instruments)} chosen={tab} />
    </section>
  );
}

/** `connection 2, now`, `connection 1, ended 12:03`. */
function runWords({ number, endedAt }: LinkRun): string {
  const at = endedAt?.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return `connection ${number}, ${at === undefined ? 'now' : `ended ${at}`}`;
}
