import { useMemo } from 'preact/hooks';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import { negotiationFold, verdictOf, type Side } from './outcome.ts';
import './outcome.css';

/** Who offered, who gave way, and whether there is a call in the end. */
export function Outcome({ view }: PanelProps) {
  const compute = useMemo(negotiationFold, []);
  const { list } = view.entries.value;
  const negotiation = compute(list, endAt(list, view.focus.value));
  const { is, title, text, next } = verdictOf(negotiation);
  const peers = view.peers.value;
  return (
    <section class="outcome" data-is={is} aria-label="What came of it">
      <div role="status">
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
      {next && <p class="outcome-next">{next}</p>}
      {negotiation.sides.size > 0 && (
        <ul>
          {[...negotiation.sides].map(([peer, side]) => (
            <li key={peer}>
              <PeerName peers={peers} peer={peer} />
              <span>{wayOf(side).join(', ')}</span>
              <code>
                {side.signalingState} · {side.connectionState}
              </code>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function wayOf({
  offersSentMs,
  offersHeard,
  offersTaken,
  rollbacks,
  refusals,
  answersTaken,
}: Side): string[] {
  const ignored = offersHeard.length - offersTaken;
  return [
    ...offersSentMs.map((atMs) => `offered at ${Math.round(atMs)} ms`),
    ...(rollbacks > 0 ? [`rolled back ${times(rollbacks)}`] : []),
    ...(ignored > 0 && answersTaken > 0
      ? [`ignored ${ignored === 1 ? 'an offer' : `${ignored} offers`}`]
      : []),
    ...(answersTaken > 0 ? [`got ${answersTaken === 1 ? 'an answer' : `${answersTaken} answers`}`] : []),
    ...(refusals.length > 0
      ? [`refused ${refusals.length === 1 ? 'an answer' : `${refusals.length} descriptions`}`]
      : []),
  ];
}

const times = (count: number): string => (count === 1 ? 'the own offer' : `${count} own offers`);
