import { useMemo } from 'preact/hooks';
import { DeskPanel } from '../../lab-kit/classroom/desk.tsx';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import { desk, people } from './people.ts';
import { mismatches, presenceFold, type Person } from './presence.ts';

const names = ['alice', 'bob', 'carol'];

/** The room as each one sees it, what does not fit together, and what you can let people do. */
export function RoomPanel({ view }: PanelProps) {
  const compute = useMemo(presenceFold, []);
  const { list } = view.entries.value;
  const room = compute(list, endAt(list, view.focus.value));
  const wrong = mismatches(room);
  const isUp = view.state.value === 'running' && desk.problem.value === null;
  const started = list.find(({ kind }) => kind === 'run-started');
  const ran = started?.kind === 'run-started' ? started.controls?.['server'] : undefined;
  return (
    <DeskPanel view={view} desk={desk} file={view.controls?.value['server'] ?? ran ?? 'first'}>
      <div
        class="classroom-outcome"
        data-is={room.people.size === 0 ? 'open' : wrong.length === 0 ? 'good' : 'bad'}
        role="status"
      >
        {room.people.size === 0 ? (
          <p>Run it: alice and bob meet in the room “blue”.</p>
        ) : wrong.length === 0 ? (
          <p>Everybody in the room knows who is there.</p>
        ) : (
          <ul class="classroom-list">
            {wrong.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
      </div>
      <section class="classroom-scroll" aria-label="The room, as each one sees it">
        <table class="classroom-roster">
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col">Present id</th>
              <th scope="col">Is in the room with</th>
              <th scope="col">Let them</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name} data-person={name}>
                <th scope="row">
                  <PeerName peers={names} peer={name} />
                </th>
                <td>
                  <code>{room.people.get(name)?.id ?? 'not connected'}</code>
                </td>
                <td>{knownWords(room.people.get(name))}</td>
                <td>
                  <Doings
                    name={name}
                    isKnown={room.people.has(name)}
                    isConnected={room.people.get(name)?.id !== undefined}
                    isInside={room.people.get(name)?.isIn ?? false}
                    isUp={isUp}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section aria-label="Chat">
        <h2>Chat</h2>
        {room.chat.length === 0 ? (
          <p>Nobody has said anything.</p>
        ) : (
          <ol class="classroom-list">
            {room.chat.slice(-6).map(({ by, content, timestamp }, index) => (
              <li key={index}>
                <b>{by}</b> {content} <small>{timestamp}</small>
              </li>
            ))}
          </ol>
        )}
      </section>
    </DeskPanel>
  );
}

function knownWords(person: Person | undefined): string {
  if (!person?.isIn) return 'not in the room';
  return person.knows.size === 0 ? 'nobody' : [...person.knows.values()].join(', ');
}

/** What changes is given as it is now: a person of the record stays the same object. */
interface DoingsProps {
  readonly name: string;
  readonly isKnown: boolean;
  readonly isConnected: boolean;
  readonly isInside: boolean;
  readonly isUp: boolean;
}

function Doings({ name, isKnown, isConnected, isInside, isUp }: DoingsProps) {
  const socket = people.value.get(name);
  const isThere = isUp && isConnected;
  const isIn = isThere && isInside;
  const request = { personName: name, roomName: 'blue' };
  const doings: [words: string, can: boolean, act: () => void][] = [
    ['join', isThere && !isIn, () => socket?.emit('join_room', request, () => {})],
    ['say hello', isIn, () => socket?.emit('message', { ...request, content: 'hello' })],
    ['leave', isIn, () => socket?.emit('leave_room', request)],
    ['lose the network', isThere, () => socket?.drop()],
    ['come back', isUp && isKnown && !isThere, () => socket?.connect()],
  ];
  return (
    <span class="classroom-doings" role="group" aria-label={`Let ${name}`}>
      {doings.map(([words, can, act]) => (
        <button key={words} type="button" class="lab-button" disabled={!can} onClick={act}>
          {words}
        </button>
      ))}
    </span>
  );
}
