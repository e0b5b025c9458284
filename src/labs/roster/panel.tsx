import { useSignal } from '@preact/signals';
import { Segments } from '../../lab-kit/panels/parts.tsx';
import { PeerName, peerColour } from '../../lab-kit/panels/peer.tsx';
import { LivePicture } from '../../lab-kit/panels/shown.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import type { Bench } from '../../rtc/bench.ts';
import { doorOf, names, type Guest } from './door.ts';
import '../../lab-kit/panels/panel.css';
import '../../lab-kit/ends.css';
import './roster.css';

/** Who is in the room, what each of them sees, and the door. */
export function RosterPanel({ view }: PanelProps) {
  const bench = view.bench.value;
  const door = bench && doorOf(bench);
  const inside = door?.inside.value ?? new Map<string, Guest>();
  const chosen = useSignal<string>('alice');
  const guest = inside.get(chosen.value);
  return (
    <section class="ps-panel ends roster" aria-label="The room">
      <table class="roster-table">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Sees</th>
            <th scope="col">Let them</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr key={name} data-person={name}>
              <th scope="row">
                <PeerName peers={names} peer={name} />
              </th>
              <td>{seen(inside.get(name))}</td>
              <td>
                {inside.has(name) ? (
                  <button type="button" class="lab-button" onClick={() => door?.leave(name)}>
                    leave<span class="ps-hidden">: {name}</span>
                  </button>
                ) : (
                  <button
                    type="button"
                    class="lab-button"
                    disabled={!door?.isOpen.value}
                    onClick={() => void door?.join(name)}
                  >
                    join<span class="ps-hidden">: {name}</span>
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="ends-verdict" role="status">
        {verdict([...inside.values()])}
      </p>
      <p role="alert">{door?.problem.value ?? ''}</p>
      <Segments
        label="Whose page"
        options={names.map((name) => [name, `${name}’s page`] as const)}
        value={chosen.value}
        onChange={(name) => (chosen.value = name)}
      />
      <Page bench={bench} guest={guest} />
    </section>
  );
}

function seen(guest: Guest | undefined): string {
  if (!guest) return 'is not in the room';
  const tiles = [...guest.tiles.all.value.values()];
  return tiles.length === 0 ? 'nobody' : tiles.map(({ name }) => name).join(', ');
}

/** Whether everybody has a tile of everybody else, and of nobody who has gone. */
function verdict(inside: readonly Guest[]): string {
  if (inside.length === 0)
    return 'Start the call: alice comes first, then bob. Let carol join when you like.';
  const wrong = inside.find(({ tiles }) => tiles.all.value.size !== inside.length - 1);
  if (wrong) return `${wrong.name} has ${wrong.tiles.all.value.size} of ${inside.length - 1} tiles.`;
  const tiles = inside.length - 1;
  return `${inside.length} in the room, and each has ${tiles} ${tiles === 1 ? 'tile' : 'tiles'}: n − 1.`;
}

function Page({ bench, guest }: { bench: Bench | null; guest: Guest | undefined }) {
  const tiles = guest ? [...guest.tiles.all.value] : [];
  if (tiles.length === 0) return <p>{guest ? 'Alone in the room.' : 'Not in the room.'}</p>;
  return (
    <ul class="roster-tiles">
      {tiles.map(([peer, { name, stream }]) => (
        <li key={peer} style={{ '--peer': peerColour(names, name) }}>
          <LivePicture label={`${name}, in ${guest?.name}’s page`} bench={bench} stream={stream} />
          <PeerName peers={names} peer={name} />
        </li>
      ))}
    </ul>
  );
}
