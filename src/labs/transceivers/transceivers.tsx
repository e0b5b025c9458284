import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import type { LabView, PanelProps } from '../../lab-kit/view.ts';
import type { Bench } from '../../rtc/bench.ts';
import { toRtcError } from '../../rtc/errors.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import {
  addMedia,
  addReceiver,
  direct,
  hold,
  isOnHold,
  replace,
  sourceOf,
  sources,
  stop,
  type Source,
} from './acts.ts';
import {
  directions,
  factsOf,
  flowOf,
  offersNeeded,
  rowsOf,
  sectionsOf,
  sidesOf,
  type Direction,
  type Row,
  type Side,
} from './table.ts';
import '../../lab-kit/ends.css';
import './transceivers.css';

/** Mute and unmute, and the end of a `direction`, make no entry: the connections are looked at this often. */
const LOOK_MS = 200;

interface Seen {
  readonly peer: PeerLabel;
  readonly sides: readonly Side[];
  readonly onHold: boolean;
}

type Act = (act: (bench: Bench) => void | Promise<void>) => void;

/** The transceivers of both ends by their mid, as they are now, and what can be done to them. */
export function Transceivers({ view }: PanelProps) {
  const ends = useConnections(view);
  const problem = useSignal('');
  const bench = view.bench.value;
  const isRunning = view.state.value === 'running';
  const act: Act = (doIt) => {
    if (!bench) return;
    problem.value = '';
    const tried = new Promise<void>((resolve) => resolve(doIt(bench)));
    tried.catch((error: unknown) => (problem.value = toRtcError(error).message));
  };
  const peers = view.peers.value;
  const rows = rowsOf(ends.map(({ sides }) => sides));
  return (
    <section class="ends transceivers" aria-label="Transceivers">
      <div class="ends-two">
        {ends.map((end) => (
          <PeerActs key={end.peer} {...{ view, end, act, isRunning }} />
        ))}
      </div>
      <p class="transceivers-problem" role="alert">
        {problem.value}
      </p>
      {rows.length === 0 && (
        <p>Start the call. Each transceiver has its row here, both ends beside each other.</p>
      )}
      {rows.map((row, at) => (
        <RowView key={row.mid ?? `new ${at}`} {...{ view, row, ends, act, peers, isRunning }} />
      ))}
    </section>
  );
}

/** What can be done at one end, and what it has cost so far. */
function PeerActs({ view, end, act, isRunning }: { view: LabView; end: Seen; act: Act; isRunning: boolean }) {
  const { peer, onHold, sides } = end;
  const { list } = view.entries.value;
  const { all, free } = sectionsOf(list, peer);
  const disabled = !isRunning || sides.length === 0;
  const button = (label: string, doIt: (bench: Bench) => void) => (
    <button type="button" class="lab-button" disabled={disabled} onClick={() => act(doIt)}>
      {label}
    </button>
  );
  return (
    <section class="ends-one" aria-label={`${peer} does`}>
      <h2>
        <PeerName peers={view.peers.value} peer={peer} />
      </h2>
      <div class="transceivers-acts">
        {button('Add audio', (bench) => addMedia(bench, peer, 'audio'))}
        {button('Add video', (bench) => addMedia(bench, peer, 'video'))}
        {button('Receive one more', (bench) => addReceiver(bench, peer))}
        {button(onHold ? 'Resume all' : 'Hold all', (bench) => hold(bench, peer))}
      </div>
      <dl aria-live="polite">
        <dt>negotiationneeded</dt>
        <dd>{offersNeeded(list, peer)} ×</dd>
        <dt>m-sections in the own SDP</dt>
        <dd>
          {all}
          {free > 0 && `, ${free} with port 0`}
        </dd>
      </dl>
    </section>
  );
}

interface RowProps {
  readonly view: LabView;
  readonly row: Row;
  readonly ends: readonly Seen[];
  readonly act: Act;
  readonly peers: readonly PeerLabel[];
  readonly isRunning: boolean;
}

function RowView({ view, row, ends, act, peers, isRunning }: RowProps) {
  const { mid, kind, sides } = row;
  const hosted = ends.map(({ peer }) => peer);
  const others = peers.filter((peer) => !hosted.includes(peer));
  return (
    <section class="transceivers-row" aria-label={mid === null ? `${kind}, new` : `${kind}, mid ${mid}`}>
      <h3>
        {kind} <code>{mid === null ? 'no mid yet' : `mid ${mid}`}</code>
        <span>{flowOf(row, [...hosted, ...others])}</span>
      </h3>
      <div class="ends-two">
        {ends.map(({ peer }, at) => (
          <SideView key={peer} {...{ view, peer, act, isRunning }} side={sides[at]} />
        ))}
      </div>
    </section>
  );
}

interface SideProps {
  readonly view: LabView;
  readonly peer: PeerLabel;
  readonly side: Side | undefined;
  readonly act: Act;
  readonly isRunning: boolean;
}

function SideView({ view, peer, side, act, isRunning }: SideProps) {
  const peers = view.peers.value;
  if (!side)
    return (
      <div class="transceivers-side" data-absent>
        <PeerName peers={peers} peer={peer} /> does not have it.
      </div>
    );
  const { mid, kind, direction, currentDirection, sends, muted } = side;
  const facts = factsOf(view.entries.value.list, peer, mid);
  const isFixed = !isRunning || mid === null || direction === 'stopped';
  const choices: Partial<Record<Source, string>> = sources[kind];
  const label = (what: string) => `${peer}, mid ${mid ?? 'none'}: ${what}`;
  return (
    <div class="transceivers-side" data-peer={peer}>
      <PeerName peers={peers} peer={peer} />
      <dl>
        <dt>direction</dt>
        <dd>
          {direction === 'stopped' ? (
            'stopped'
          ) : (
            <select
              aria-label={label('direction')}
              disabled={isFixed}
              value={direction}
              onChange={({ currentTarget: { value } }) =>
                act((bench) => direct(bench, peer, mid ?? '', value as Direction))
              }
            >
              {directions.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )}
        </dd>
        <dt>currentDirection</dt>
        <dd data-field="currentDirection">{currentDirection ?? 'null'}</dd>
        <dt>sender.track</dt>
        <dd>
          <select
            aria-label={label('sender.track')}
            disabled={isFixed}
            value={sends ?? 'none'}
            onChange={({ currentTarget: { value } }) =>
              act((bench) => replace(bench, peer, mid ?? '', value as Source))
            }
          >
            {Object.entries(choices).map(([source, words]) => (
              <option key={source} value={source}>
                {words}
              </option>
            ))}
          </select>
        </dd>
        <dt>receiver.track</dt>
        <dd data-field="muted">{muted ? 'muted' : 'not muted'}</dd>
        <dt>came in a stream</dt>
        <dd>
          {facts.stream === undefined ? (
            '–'
          ) : facts.stream === '' ? (
            'in none'
          ) : (
            <code>{short(facts.stream)}</code>
          )}
        </dd>
        <dt>codec</dt>
        <dd>{facts.codec?.replace(/^\w+\//, '') ?? '–'}</dd>
        <dt>bytes sent</dt>
        <dd>{inBytes(facts.bytesSent)}</dd>
        <dt>bytes received</dt>
        <dd>{inBytes(facts.bytesReceived)}</dd>
      </dl>
      <button
        type="button"
        class="lab-button"
        aria-label={label('stop')}
        disabled={isFixed}
        onClick={() => act((bench) => stop(bench, peer, mid ?? ''))}
      >
        stop()
      </button>
    </div>
  );
}

/** The transceivers of the peers of this page, now; as they were last when the run is over. */
function useConnections(view: LabView): readonly Seen[] {
  const seen = useSignal<readonly Seen[]>([]);
  const bench = view.bench.value;
  const hosted = view.hosted.value;
  const isEnded = view.state.value === 'ended' || view.state.value === 'failed';
  useEffect(() => {
    const none = hosted.map((peer) => ({ peer, sides: [], onHold: false }));
    if (!bench) {
      seen.value = none;
      return undefined;
    }
    const look = () => {
      if (bench.signal.aborted) return; // closed connections have no transceivers: what was last stays
      const next = hosted.map((peer): Seen => {
        const pc = bench.connections.get(peer);
        return pc
          ? { peer, sides: sidesOf(pc, sourceOf), onHold: isOnHold(bench, peer) }
          : { peer, sides: [], onHold: false };
      });
      if (JSON.stringify(next) !== JSON.stringify(seen.value)) seen.value = next;
    };
    seen.value = none;
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [bench, hosted, isEnded]);
  return seen.value;
}

const short = (id: string) => (id.length > 12 ? `${id.replace(/^\{/, '').slice(0, 8)}…` : id);
const inBytes = (bytes: number | undefined) =>
  bytes === undefined ? '–' : bytes.toLocaleString('en').replaceAll(',', '\u202f');
