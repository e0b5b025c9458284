import { useSignal } from '@preact/signals';
import { Dialog } from '../dialog.tsx';
import { peopleOf } from '../people/people.ts';
import type { MeetingSession } from '../session.ts';
import { choices, choiceWords, missingWords, shortNames, whyWords, type Choice } from './words.ts';
import './topology.css';

/** How the media of the meeting travel, why, and for the host: how they are to. */
export function TopologyDialog({ session, onClose }: { session: MeetingSession; onClose: () => void }) {
  const { routing, offered, self, people, meeting, topology } = session;
  const { topology: wanted, auto } = routing.value;
  const now: Choice = auto ? 'auto' : wanted;
  const chosen = useSignal<Choice>(now);
  const isAsking = useSignal(false);
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
    await peopleOf(session).attempt(() => room.setRouting({ topology: next, auto: choice === 'auto' }));
    isAsking.value = false;
    const { topology: then, auto: isAuto } = routing.peek();
    chosen.value = isAuto ? 'auto' : then;
  };
  return (
    <Dialog title="How the media travel" onClose={onClose}>
      <form class="meet-topologies" onSubmit={(event) => void change(event)}>
        <p role="status">
          <b>
            {topology.value === wanted ? 'In use: ' : 'Changing to: '}
            {shortNames[wanted]}.
          </b>{' '}
          {whyWords(routing.value, routing.value.why)}
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
