import type { PeerLabel } from '../../rtc/timeline.ts';
import { peerColour, PeerName } from '../panels/peer.tsx';
import { LivePicture, useShown } from '../panels/shown.tsx';
import type { StageColumn } from './stage.ts';

/** What each participant receives; with three people, of each of the others. */
export function Pictures({ column, people }: { column: StageColumn; people: readonly PeerLabel[] }) {
  const bench = column.bench.value;
  const shown = useShown(bench).filter(({ side }) => side === 'remote');
  return (
    <ul class="compare-pictures" data-people={people.length}>
      {people.map((peer) => {
        // The last ones: whoever calls again sends another stream.
        const received = shown.filter((one) => one.peer === peer).slice(1 - people.length);
        const places = Array.from({ length: people.length - 1 }, (_, index) => received[index]);
        return (
          <li key={peer} style={{ '--peer': peerColour(people, peer) }}>
            <div>
              {places.map((one, index) => (
                <LivePicture
                  key={one?.stream.id ?? index}
                  label={`What ${peer} receives`}
                  bench={bench}
                  stream={one?.stream}
                />
              ))}
            </div>
            <p>
              <PeerName peers={people} peer={peer} />{' '}
              <span class="lab-hint">{received.length > 0 ? 'receives this' : 'receives nothing yet'}</span>
            </p>
          </li>
        );
      })}
    </ul>
  );
}
