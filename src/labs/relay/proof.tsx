import { useMemo } from 'preact/hooks';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { inMs } from '../../lab-kit/panels/model/format.ts';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import { factsOf, type CallFacts } from './proof.ts';
import '../../lab-kit/ends.css';
import './proof.css';

/** Both calls beside each other: which pair carries them, what both ends counted, what the way costs. */
export function Proof({ view }: PanelProps) {
  const { list } = view.entries.value;
  const end = endAt(list, view.focus.value);
  const seen = useMemo(() => list.slice(0, end), [list, list.length, end]);
  const peers = view.peers.value;
  const direct = factsOf(seen, 'alice', 'bob');
  const relayed = factsOf(seen, 'carol', 'dave');
  return (
    <section class="ends proof" aria-label="The proof">
      <div class="ends-two">
        <Call facts={direct}>
          <PeerName peers={peers} peer="alice" /> and <PeerName peers={peers} peer="bob" />, directly
        </Call>
        <Call facts={relayed}>
          <PeerName peers={peers} peer="carol" /> and <PeerName peers={peers} peer="dave" />, over the relay
        </Call>
      </div>
      <p class="ends-verdict" aria-live="polite">
        {verdict(relayed)}
      </p>
      {direct.rtt && relayed.rtt && (
        <p>
          Round trip, measured by the checks of both calls in this run: {inMs(direct.rtt.medianMs)} ms
          directly, {inMs(relayed.rtt.medianMs)} ms over the relay (medians of {direct.rtt.samples} and{' '}
          {relayed.rtt.samples}).
        </p>
      )}
    </section>
  );
}

function Call({ facts, children }: { facts: CallFacts; children: preact.ComponentChildren }) {
  const { pair, state, browserBytes, serverBytes, refusals } = facts;
  return (
    <section class="ends-one">
      <h2>{children}</h2>
      <dl>
        <dt>connectionState</dt>
        <dd>{state}</dd>
        <dt>Pair in use</dt>
        <dd class="ps-panel ends-pair">
          {pair ? (
            <>
              <b data-type={pair.local}>{pair.local}</b> ↔ <b data-type={pair.remote}>{pair.remote}</b>
              {pair.over && ` over ${pair.over.toUpperCase()}`}
            </>
          ) : (
            'none yet'
          )}
        </dd>
        <dt>Bytes by getStats()</dt>
        <dd>{inBytes(browserBytes)}</dd>
        <dt>Bytes at the server</dt>
        <dd>{inBytes(serverBytes)}</dd>
        {refusals.length > 0 && (
          <>
            <dt>Refused</dt>
            <dd class="proof-refused">{refusals.join('; ')}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

const inBytes = (bytes: number) => bytes.toLocaleString('en').replaceAll(',', '\u202f');

/** What the run proves, or does not. */
function verdict({ pair, state, browserBytes, serverBytes, refusals }: CallFacts): string {
  if (state === 'failed')
    return refusals.some((refusal) => refusal.includes('403'))
      ? 'Not connected: the relay may not send to dave’s own address. It refused carol the permission (403).'
      : 'Not connected: no pair of candidates worked.';
  if (!pair || browserBytes === 0) return 'Press Run: the proof needs some seconds of a call.';
  if (pair.local !== 'relay' && pair.remote !== 'relay') return 'No relay is in the path of this pair.';
  if (serverBytes === 0)
    return 'A relay is in the path by what the browser says. The server has not counted anything yet.';
  const apart = (Math.abs(serverBytes - browserBytes) / browserBytes) * 100;
  const both =
    pair.local === 'relay' && pair.remote === 'relay'
      ? 'Both ends of the pair are relayed'
      : 'One end of the pair is relayed';
  return `Proved: ${both}, and what the server passed on agrees with what the browser sent and received, ${apart.toFixed(1)} % apart.`;
}
