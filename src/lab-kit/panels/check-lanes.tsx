import { byPriority, outcomeOf, type Matrix, type PairRow, type PeerChecklist } from './model/checklist.ts';
import { inMs } from './model/format.ts';
import { lanesOf, type Lane } from './model/check-lanes.ts';
import { outcomeSigns } from './pair-matrix.tsx';

/** Each pair's checks over time, in the order in which ICE checks them. */
export function CheckLanes({ matrix, checklist }: { matrix: Matrix; checklist: PeerChecklist }) {
  const { startMs, endMs, lanes } = lanesOf(byPriority(checklist.pairs.values()));
  return (
    <section class="ps-checks" aria-label="Checks over time">
      <p class="ps-side-title">Checks over time</p>
      <ol>
        {lanes.map((lane) => (
          <LaneRow key={lane.pair.id} lane={lane} order={matrix.order.get(lane.pair.id)} />
        ))}
      </ol>
      <p class="ps-axis-times" aria-hidden="true">
        <span>{inMs(startMs)} ms</span>
        <span>{inMs(endMs)} ms</span>
      </p>
    </section>
  );
}

function LaneRow({ lane, order }: { lane: Lane; order: number | undefined }) {
  const { pair, spans, marks } = lane;
  const { local, remote, selected } = pair.last;
  const outcome = outcomeOf(pair);
  return (
    <li class="ps-lane" data-selected={(selected && outcome !== 'dropped') || undefined}>
      <span class="ps-lane-name">
        <small>{order === undefined ? '' : `#${order}`}</small> <b data-type={local.type}>{local.type}</b> :
        {local.port ?? '?'} → <b data-type={remote.type}>{remote.type}</b> :{remote.port ?? '?'}
      </span>
      <span class="ps-lane-track" aria-hidden="true">
        {spans.map(({ outcome: word, from, to }) => (
          <i
            key={`${word} ${from}`}
            data-outcome={word}
            style={{ insetInlineStart: `${from * 100}%`, inlineSize: `${Math.max(0.4, (to - from) * 100)}%` }}
          />
        ))}
        {marks.map(({ what, at }) => (
          <b key={`${what} ${at}`} data-mark={what} style={{ insetInlineStart: `${at * 100}%` }} />
        ))}
      </span>
      <span class="ps-lane-end" data-outcome={outcome}>
        {outcomeSigns[outcome]} {words(pair)}
      </span>
    </li>
  );
}

/** «in-progress 9/0»: requests sent and responses that came back. */
function words({ last, goneMs }: PairRow): string {
  const { requestsSent, responsesReceived } = last;
  const state = goneMs === undefined ? last.state : `dropped ${inMs(goneMs)} ms`;
  if (responsesReceived === undefined) return state;
  return `${state} · ${requestsSent === undefined ? '' : `${requestsSent} sent, `}${responsesReceived} answered`;
}
