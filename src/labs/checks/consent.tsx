import { useMemo } from 'preact/hooks';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { inMs, plural } from '../../lab-kit/panels/model/format.ts';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import { useBoard } from '../../lab-kit/use-board.ts';
import type { LabView, PanelProps } from '../../lab-kit/view.ts';
import { cutBetween, isCut } from '../../rtc/faults/plan.ts';
import { checksOf, storyOf, type Moment, type PeerChecks } from './consent.ts';
import '../../lab-kit/ends.css';
import './consent.css';

/** Who is controlling, the checks on the pair in use as they go on, and a way to stop their answers. */
export function Consent({ view }: PanelProps) {
  const { list } = view.entries.value;
  const end = endAt(list, view.focus.value);
  const seen = useMemo(() => list.slice(0, end), [list, list.length, end]);
  const hosted = view.hosted.value;
  const nowMs = seen.at(-1)?.atMs ?? 0;
  return (
    <section class="ends" aria-label="Checks now">
      <div class="ends-two">
        {checksOf(seen, hosted).map((checks) => (
          <PeerCard key={checks.peer} {...{ view, checks, nowMs }} />
        ))}
      </div>
      {view.faults && <CutPath view={view} />}
      <Story view={view} story={storyOf(seen)} />
    </section>
  );
}

function PeerCard({ view, checks, nowMs }: { view: LabView; checks: PeerChecks; nowMs: number }) {
  const { peer, role, pair, answeredAtMs, learned, state } = checks;
  return (
    <section class="ends-one">
      <h2>
        <PeerName peers={view.peers.value} peer={peer} /> {role && <span>is {role}</span>}
      </h2>
      <dl>
        <dt>iceConnectionState</dt>
        <dd data-state={state}>{state}</dd>
        <dt>Pair in use</dt>
        <dd class="ps-panel ends-pair">
          {pair ? (
            <>
              <b data-type={pair.local.type}>{pair.local.type}</b> ↔{' '}
              <b data-type={pair.remote.type}>{pair.remote.type}</b>
            </>
          ) : (
            'none yet'
          )}
        </dd>
        <dt>Checks sent</dt>
        <dd>{pair?.requestsSent ?? '–'}</dd>
        <dt>Answers received</dt>
        <dd>{pair?.responsesReceived ?? '–'}</dd>
        <dt>Last answer counted</dt>
        <dd>{answeredAtMs === undefined ? '–' : `${((nowMs - answeredAtMs) / 1000).toFixed(0)} s ago`}</dd>
      </dl>
      {learned && (
        <p>
          Nobody told {peer} where the other side is: a check came from there, and {peer} made a <b>prflx</b>{' '}
          candidate of its source.
        </p>
      )}
    </section>
  );
}

/** Stops every relayed packet of the run, both ways, or lets them through again. */
function CutPath({ view }: { view: LabView }) {
  const board = view.faults?.board;
  useBoard(board);
  if (!board) return null;
  const { plan, wire } = board;
  const cut = isCut(plan);
  const [from = 'alice', to = 'bob'] = view.peers.value;
  const change = () => {
    const { wire: _, ...rest } = plan;
    board.plan = cut ? rest : { ...rest, wire: [...cutBetween(from, to)] };
  };
  return (
    <div class="ends-means">
      <button type="button" class="lab-button" disabled={wire !== 'relayed' && !cut} onClick={change}>
        {cut ? 'Mend the path' : 'Stop the answers: cut the path'}
      </button>
      <span>
        {wire === 'relayed'
          ? 'Every packet of the call crosses our relay, so it can be lost there.'
          : 'Choose “Path: Over this site’s relay” and run: only what crosses our server can be stopped.'}
      </span>
    </div>
  );
}

function Story({ view, story }: { view: LabView; story: readonly Moment[] }) {
  if (story.length === 0) return null;
  return (
    <ol class="consent-story" aria-live="polite">
      {story.map(({ atMs, peer, what, afterMs }) => (
        <li key={`${atMs} ${peer} ${what}`} data-what={what}>
          {peer === 'lab' ? (
            <strong>{what === 'cut' ? 'The path is cut' : 'The path is mended'}</strong>
          ) : (
            <>
              <PeerName peers={view.peers.value} peer={peer} /> says <code>{what}</code>
            </>
          )}
          {afterMs !== undefined && (
            <span>
              {' '}
              after{' '}
              {afterMs < 1000 ? `${inMs(afterMs)} ms` : plural(Math.round(afterMs / 100) / 10, 'second')}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
