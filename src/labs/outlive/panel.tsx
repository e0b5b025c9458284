import { useMemo } from 'preact/hooks';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import { storyFold, verdictOf } from './outcome.ts';
import { OUTAGE_MS, siteOf } from './site.ts';
import '../../lab-kit/panels/panel.css';
import '../../lab-kit/ends.css';
import './outlive.css';

/** Whom each knows to be in the room, the means to kill the server, and what came of it. */
export function Outlive({ view }: PanelProps) {
  const compute = useMemo(() => storyFold(), []);
  const { list } = view.entries.value;
  const { room, outages } = compute(list, endAt(list, view.focus.value));
  const bench = view.bench.value;
  const site = bench && siteOf(bench);
  const isRunning = view.state.value === 'running';
  const last = outages.at(-1);
  const names = view.peers.value;
  return (
    <section class="ps-panel ends outlive" aria-label="The room and the call">
      <table class="outlive-roster">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Id at the server</th>
            <th scope="col">Knows of</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => {
            const person = room.people.get(name);
            return (
              <tr key={name} data-person={name}>
                <th scope="row">
                  <PeerName peers={names} peer={name} />
                </th>
                <td>
                  <code>{person?.id ?? 'not connected'}</code>
                </td>
                <td>{person && person.knows.size > 0 ? [...person.knows.values()].join(', ') : 'nobody'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div class="ends-means">
        <button
          type="button"
          class="lab-button"
          disabled={!isRunning || !site?.isUp.value}
          onClick={() => void site?.outage()}
        >
          Kill the server for {OUTAGE_MS / 1000} seconds
        </button>
        <span>It runs in a thread of this page, so it can be killed. What it knew dies with it.</span>
      </div>
      <p class="ends-verdict" role="status">
        {last
          ? verdictOf(last)
          : 'Start the call. When both pictures run, kill the server and watch the pictures and the roster.'}
      </p>
    </section>
  );
}
