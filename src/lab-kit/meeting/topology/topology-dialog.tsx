import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PeerId } from '../../../protocol/signaling.ts';
import { Dialog } from '../dialog.tsx';
import { peopleOf } from '../people/people.ts';
import type { MeetingSession } from '../session.ts';
import {
  choices,
  choiceWords,
  lastChangeWords,
  missingWords,
  shortNames,
  whyWords,
  type Choice,
} from './words.ts';
import './topology.css';

/** How the media of the meeting travel, why, and for the host: how they are to. */
export function TopologyDialog({ session, onClose }: { session: MeetingSession; onClose: () => void }) {
  const { routing, offered, self, people, meeting, topology, switched } = session;
  const { topology: wanted, auto } = routing.value;
  const now: Choice = auto ? 'auto' : wanted;
  const chosen = useSignal<Choice>(now);
  // Whoever else changes it, the server too: what is in use is what is chosen.
  useEffect(() => void (chosen.value = now), [now]);
  const isAsking = useSignal(false);
  const last = switched.value;
  const nameOf = (peer: PeerId) =>
    people.value.find((person) => person.peer === peer)?.member.name ?? 'somebody who has left';
  const isHost = self.value?.role === 'host';
  const host = people.value.find(({ member }) => member.role === 'host')?.member.name;
  const room = meeting.value?.room;
  const change = async (event: Event) => {
    event.preventDefault();
    const { value: choice } = chosen;
    if (!room || choice === now || isAsking.value) return;
    isAsking.value = true;
    // A mix is too much for most servers: the server never chooses it by itself.
    const next = choice !== 'auto' ? choice : wanted === 'mcu' ? 'mesh' : wanted;
    let isDone = false;
    await peopleOf(session).attempt(async () => {
      await room.setRouting({ topology: next, auto: choice === 'auto' });
      isDone = true;
    });
    isAsking.value = false;
    if (!isDone) chosen.value = now;
  };
  return (
    <Dialog title="How the media travel" onClose={onClose}>
      <form class="meet-topologies" onSubmit={(event) => void change(event)}>
        <p role="status">
          <b>
            {topology.value === wanted ? 'In use: ' : 'Changing to: '}
            {shortNames[wanted]}.
          </b>{' '}
          {whyWords(routing.value, routing.value.why)}{' '}
          {last && topology.value === wanted && lastChangeWords(last, nameOf)}
        </p>
        <fieldset disabled={!isHost}>
          <legend class="meet-hidden">How the media are to travel</legend>
          {choices.map((choice) => {
            const { title, cost, keys, lesson } = choiceWords[choice];
            const isOffered = isChoosable(choice, offered.value);
            return (
              <div key={choice} class="meet-way" data-choice={choice} data-now={choice === now || undefined}>
                <label>
                  <input
                    type="radio"
                    name="topology"
                    value={choice}
                    disabled={!isOffered}
                    checked={(isHost ? chosen.value : now) === choice}
                    aria-describedby={`way-${choice}`}
                    onChange={() => (chosen.value = choice)}
                  />
                  <b>{title}</b>
                </label>
                <p id={`way-${choice}`}>
                  {cost} <span class="meet-keys-note">{keys}</span>
                  {!isOffered && choice !== 'auto' && (
                    <span class="meet-not-offered"> {missingWords[choice]}</span>
                  )}
                  {!isOffered && choice === 'auto' && (
                    <span class="meet-not-offered"> Not offered: this server forwards no media.</span>
                  )}
                </p>
                <a href={lesson} target="_blank" rel="noopener">
                  Lesson<span class="meet-hidden"> about {title} (another tab)</span>
                </a>
              </div>
            );
          })}
        </fieldset>
        {isHost ? (
          <p class="meet-join">
            <button type="submit" class="meet-primary" aria-disabled={chosen.value === now || isAsking.value}>
              Change it for everybody
            </button>
          </p>
        ) : (
          <p class="meet-hint">Only the host changes it{host ? `: ${host}` : ''}.</p>
        )}
      </form>
    </Dialog>
  );
}

/** Automatic is a choice where there is something to choose from. */
const isChoosable = (choice: Choice, offered: readonly string[]): boolean =>
  choice === 'mesh' || offered.includes(choice === 'auto' ? 'sfu' : choice);
