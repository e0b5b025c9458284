import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import { useBoard } from '../../lab-kit/use-board.ts';
import type { LabView, PanelProps } from '../../lab-kit/view.ts';
import { toRtcError } from '../../rtc/errors.ts';
import { cutBetween, isCut } from '../../rtc/faults/plan.ts';
import type { FaultBoard } from '../../rtc/faults/board.ts';
import { changeNetwork } from '../../rtc/faults/network-change.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import { endsOf, inSeconds, lossesOf, verdictOf, type End, type Loss, type Moment } from './story.ts';
import '../../lab-kit/ends.css';
import './story.css';

/** Both ends now, the means to take their path away, and what came of it with its times. */
export function Story({ view }: PanelProps) {
  const { list } = view.entries.value;
  const end = endAt(list, view.focus.value);
  const seen = useMemo(() => list.slice(0, end), [list, list.length, end]);
  const losses = useMemo(() => lossesOf(seen), [seen]);
  const ends = useMemo(() => endsOf(seen, view.hosted.value), [seen, view.hosted.value]);
  const last = losses.at(-1);
  return (
    <section class="ends" aria-label="What happened">
      <div class="ends-two">
        {ends.map((one) => (
          <EndCard key={one.peer} peers={view.peers.value} end={one} />
        ))}
      </div>
      <Means view={view} ends={ends} />
      <p class="ends-verdict" aria-live="polite">
        {last
          ? verdictOf(last)
          : 'Start the call. When both pictures run, take the path away and watch who notices when.'}
      </p>
      {losses.toReversed().map((loss) => (
        <Account key={loss.seq} peers={view.peers.value} loss={loss} />
      ))}
    </section>
  );
}

function EndCard({ peers, end }: { peers: readonly PeerLabel[]; end: End }) {
  const { peer, state, fragments, relayed, framesPerSecond } = end;
  const fragment = fragments.at(-1);
  return (
    <section class="ends-one">
      <h2>
        <PeerName peers={peers} peer={peer} />
      </h2>
      <dl>
        <dt>connectionState</dt>
        <dd data-state={state}>{state}</dd>
        <dt>Own ice-ufrag</dt>
        <dd>
          {fragment === undefined ? '–' : <code>{fragment}</code>}
          {fragments.length > 1 && ` (the ${ordinal(fragments.length)})`}
        </dd>
        <dt>At the relay</dt>
        <dd>{relayed ?? 'nothing'}</dd>
        <dt>Frames received</dt>
        <dd>{framesPerSecond === undefined ? '–' : `${Math.round(framesPerSecond)} a second`}</dd>
      </dl>
    </section>
  );
}

const ordinal = (count: number) => `${count}${['th', 'st', 'nd', 'rd'][count < 4 ? count : 0]}`;

/** Takes the path away: for good, or until it is given back. */
function Means({ view, ends }: { view: LabView; ends: readonly End[] }) {
  const problem = useSignal('');
  const isBusy = useSignal(false);
  const bench = view.bench.value;
  const board = view.faults?.board;
  useBoard(board);
  if (!board) return null;
  const [first] = ends;
  const isUp = view.state.value === 'running' && first?.relayed !== undefined;
  const change = async () => {
    if (!bench || !first) return;
    isBusy.value = true;
    try {
      await changeNetwork(bench, first.peer);
      problem.value = '';
    } catch (error) {
      problem.value = toRtcError(error).message;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <div class="ends-means story-means">
      <button type="button" class="lab-button" disabled={!isUp || isBusy.value} onClick={() => void change()}>
        Change {first ? `${first.peer}’s` : 'the'} network
      </button>
      <Tunnel board={board} peers={view.peers.value} />
      <span>The relay forgets {first?.peer ?? 'the peer'}: the old path is dead, a new one would work.</span>
      <p role="alert">{problem.value}</p>
    </div>
  );
}

/** Loses every relayed packet, both ways, until the tunnel is left: the path itself stays. */
function Tunnel({ board, peers }: { board: FaultBoard; peers: readonly PeerLabel[] }) {
  const { plan, wire } = board;
  const [from, to] = peers;
  const isInside = isCut(plan);
  if (from === undefined || to === undefined || (wire !== 'relayed' && !isInside)) return null;
  const change = () => {
    const { wire: before = [], ...rest } = plan;
    const others = before.filter(({ lossPct }) => lossPct !== 100);
    const next = isInside ? others : [...cutBetween(from, to)];
    board.plan = { ...rest, ...(next.length > 0 && { wire: next }) };
  };
  return (
    <button type="button" class="lab-button" aria-pressed={isInside} onClick={change}>
      {isInside ? 'Leave the tunnel' : 'Enter a tunnel'}
    </button>
  );
}

function Account({ peers, loss }: { peers: readonly PeerLabel[]; loss: Loss }) {
  return (
    <ol class="story-account">
      <li data-what="lost">
        <strong>
          {loss.why === 'tunnel' ? (
            'Into the tunnel: no packet arrives'
          ) : (
            <>
              <PeerName peers={peers} peer={loss.peer} />
              ’s network changes
            </>
          )}
        </strong>
        <span>0 s</span>
      </li>
      {loss.moments.map((moment) => (
        <li key={moment.seq} data-what={moment.what}>
          <div>
            {moment.what !== 'back-in-reach' && <PeerName peers={peers} peer={moment.peer} />}{' '}
            <Words moment={moment} />
          </div>
          <span>{inSeconds(moment.afterMs)}</span>
        </li>
      ))}
    </ol>
  );
}

function Words({ moment: { what, gapMs = 0 } }: { moment: Moment }) {
  switch (what) {
    case 'restart':
      return (
        <>
          calls <code>restartIce()</code>
        </>
      );
    case 'opened':
      return <>opens a new connection</>;
    case 'hung-up':
      return <>closes the connection</>;
    case 'back-in-reach':
      return <>Out of the tunnel</>;
    case 'picture':
      return (
        <>
          gets the picture again, after <strong>{inSeconds(gapMs)}</strong> without a frame
        </>
      );
    default:
      return (
        <>
          says <code>{what}</code>
        </>
      );
  }
}
