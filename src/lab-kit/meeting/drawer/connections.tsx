import { useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { LinkState, RecordedLink, ServerLink } from '../../../rtc/meeting/engine.ts';
import type { LinkKey, Measured } from '../../../rtc/meeting/meter.ts';
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
  readonly chosen: Signal<LinkKey | null>;
  readonly tab: Signal<string>;
}

/** A line of the list: a participant with their connection, or one of the two to the server. */
interface Listed {
  readonly key: LinkKey;
  readonly name: string;
  readonly link: RecordedLink | undefined;
}

const legWords = { up: 'what you send', down: 'what you receive' } as const;

/** Every connection in a list, and one of them with all instruments. */
export function Connections({ session, measured, chosen, tab }: Props) {
  const people = session.people.value;
  const topology = session.topology.value;
  const servers = session.servers.value;
  const box = topology === 'mcu' ? 'Mixer' : 'SFU';
  const listed: readonly Listed[] = [
    ...servers.map((link) => ({ key: link.leg, name: `${box}, ${link.leg}`, link })),
    ...people
      .filter(({ link }) => link !== undefined || topology === 'mesh')
      .map(({ peer, member, link }) => ({ key: peer, name: member.name, link })),
  ];
  const shown = listed.find(({ key }) => key === chosen.value) ?? listed[0];
  if (!shown)
    return (
      <p class="meet-drawer-empty">
        {topology === 'mesh'
          ? 'Nobody else is here yet. Each participant who comes is one connection in this list, with its messages, descriptions, candidates and statistics.'
          : 'There is no connection to the server yet.'}
      </p>
    );
  const rates = measured.value;
  const without = people.filter(({ link }) => !link).map(({ member }) => member.name);
  return (
    <>
      <ul class="meet-links" aria-label="Connections">
        {listed.map(({ key, name, link }) => (
          <li key={key}>
            <button
              type="button"
              aria-pressed={key === shown.key}
              data-state={link?.state.is}
              onClick={() => (chosen.value = key)}
            >
              <b>
                {name}
                {isLeg(key) && <small>{legWords[key]}</small>}
              </b>
              <span class="meet-link-state">{stateWords(link?.state)}</span>
              <span data-path={rates.get(key)?.path?.by}>{pathWords(rates.get(key))}</span>
              <span class="meet-link-rate" aria-hidden="true">
                {bothWays(rates.get(key))}
              </span>
              <span class="ps-hidden">{bothWaysSaid(rates.get(key))}</span>
            </button>
          </li>
        ))}
      </ul>
      {topology !== 'mesh' && without.length > 0 && (
        <p class="meet-through">
          {new Intl.ListFormat('en').format(without.slice(0, NAMED))}
          {without.length > NAMED && ` and ${without.length - NAMED} more`}:{' '}
          {topology === 'sfu'
            ? 'there is no connection to them. Their media come by “down”, forwarded by the SFU.'
            : 'there is no connection to them. They are in the one picture and the one sound that come by “down”.'}
        </p>
      )}
      {shown.link ? (
        <Run
          key={shown.key}
          link={shown.link}
          number={shown.link.number}
          state={shown.link.state}
          tab={tab}
        />
      ) : (
        <p class="meet-drawer-empty">There is no connection to {shown.name} yet.</p>
      )}
    </>
  );
}

/** So many are named of those to whom there is no connection. */
const NAMED = 6;

const isLeg = (key: LinkKey): key is ServerLink['leg'] => key === 'up' || key === 'down';

interface RunProps {
  readonly link: RecordedLink;
  /** The link's, beside it: it is the same link when they change. */
  readonly number: number;
  readonly state: LinkState;
  readonly tab: Signal<string>;
}

/** One link with everything: its present connection, or one before it. */
function Run({ link, number, state, tab }: RunProps) {
  // Null for the present connection, whichever that is.
  const wanted = useSignal<number | null>(null);
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
        {!('leg' in link) && (
          <button type="button" class="lab-button" onClick={() => link.restart()}>
            Restart ICE
          </button>
        )}
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
