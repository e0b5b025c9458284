import { useMemo } from 'preact/hooks';
import type { PeerLabel } from '../../rtc/timeline.ts';
import type { PanelProps } from '../view.ts';
import { endAt } from './model/fold.ts';
import { inMs } from './model/format.ts';
import { allMachines, machines, statesFold, toneOf, type Stop, type Tracks } from './model/states.ts';
import { Empty } from './parts.tsx';
import { PeerName } from './peer.tsx';
import './panel.css';
import './states.css';

/** The four state machines of each peer: where they are, and the way they took. */
export function StatesPanel({ view }: PanelProps) {
  const compute = useMemo(statesFold, []);
  const { list } = view.entries.value;
  const tracks = compute(list, endAt(list, view.focus.value));
  const peers = view.peers.value;
  return (
    <div class="ps-panel ps-states">
      {tracks.size === 0 && (
        <Empty>
          A peer connection has four state machines. As soon as one is opened, each shows here where it is and
          the way it took.
        </Empty>
      )}
      {[...tracks].map(([peer, own]) => (
        <section key={peer} class="ps-card" aria-label={`States of ${peer}`}>
          <p class="ps-card-title">
            <PeerName peers={peers} peer={peer} />
          </p>
          <dl>
            {allMachines.map((machine) => (
              <div key={machine} class="ps-machine">
                <dt>
                  <code>{machines[machine].property}</code>
                </dt>
                <dd>
                  <Track stops={own[machine]} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p class="ps-hidden" aria-live="polite">
        {announcement(tracks)}
      </p>
    </div>
  );
}

function Track({ stops }: { stops: readonly Stop[] }) {
  return (
    <ol class="ps-track">
      {stops.map(({ state, atMs, seq }, index) => (
        <li
          key={seq}
          data-tone={toneOf(state)}
          aria-current={index === stops.length - 1 ? 'step' : undefined}
        >
          <span class="ps-state">{state}</span> <span class="ps-stop-time">{inMs(atMs)} ms</span>
        </li>
      ))}
    </ol>
  );
}

function announcement(tracks: ReadonlyMap<PeerLabel, Tracks>): string {
  return [...tracks]
    .map(([peer, own]) => `${peer} ${own['connection-state'].at(-1)?.state ?? ''}`)
    .join(', ');
}
