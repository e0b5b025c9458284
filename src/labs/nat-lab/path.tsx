import { useMemo } from 'preact/hooks';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import { natWords, pathFold, verdictOf, type Found } from './path.ts';
import './path.css';

/** Which way the call takes, and what each peer found out about its network. */
export function PathPanel({ view }: PanelProps) {
  const compute = useMemo(pathFold, []);
  const { list } = view.entries.value;
  const path = compute(list, endAt(list, view.focus.value));
  const { is, title, text } = verdictOf(path);
  const peers = view.peers.value;
  return (
    <section class="path" data-is={is} aria-label="The way of this call">
      <div role="status">
        <h2>{title}</h2>
        {text && <p>{text}</p>}
      </div>
      {path.arrangement === 'one-page' && (
        <p class="path-hint">
          Both peers are on this device: no NAT stands between them. For two networks choose{' '}
          <em>Two devices</em> and open the link on a device elsewhere that reaches this server.
        </p>
      )}
      {path.found.size > 0 && (
        <ul>
          {[...path.found].map(([peer, found]) => (
            <li key={peer}>
              <PeerName peers={peers} peer={peer} />
              <p>{natWords(found)}</p>
              <Addresses found={found} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Addresses({ found: { hosts, mapped, relays } }: { found: Found }) {
  const rows = [
    ['host', hosts],
    ['srflx', mapped.map(({ outside }) => outside)],
    ['relay', relays],
  ] as const;
  return (
    <dl>
      {rows
        .filter(([, addresses]) => addresses.length > 0)
        .map(([type, addresses]) => (
          <div key={type}>
            <dt>{type}</dt>
            <dd>{[...new Set(addresses)].join(', ')}</dd>
          </div>
        ))}
    </dl>
  );
}
