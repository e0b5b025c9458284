import type { PeerId } from '../../../protocol/signaling.ts';
import { Reaction } from '../../../protocol/signaling.ts';
import { Icon } from '../icons.tsx';
import type { MeetingSession } from '../session.ts';
import { peopleOf, reactionsInWords } from './people.ts';
import { reactionWords } from './words.ts';
import './people.css';

/** A choice of what to show the others for a moment. */
export function ReactionPicker({ session }: { readonly session: MeetingSession }) {
  const people = peopleOf(session);
  return (
    <div class="people-picker" role="group" aria-label="Show the others">
      {Reaction.options.map((reaction) => {
        const { sign, words } = reactionWords[reaction];
        return (
          <button key={reaction} type="button" data-closes onClick={() => people.react(reaction)}>
            <span class="people-sign" aria-hidden="true">
              {sign}
            </span>
            {words}
          </button>
        );
      })}
    </div>
  );
}

interface SignProps {
  readonly session: MeetingSession;
  readonly peer: PeerId;
}

/** On a tile: whether a hand is up, and whose turn it is. */
export function HandSign({ session, peer }: SignProps) {
  const place = handPlace(session, peer);
  if (place === null) return null;
  return (
    <span class="meet-badge people-hand" title={`Hand up: number ${place} of those who wait for a word`}>
      <Icon name="hand" />
      <span class="meet-hidden">Hand up, number </span>
      {place}
    </span>
  );
}

/** Over a tile: what its participant shows for a moment. */
export function ReactionSign({ session, peer }: SignProps) {
  const shown = peopleOf(session).reactions.value.get(peer);
  if (!shown) return null;
  return (
    <span key={shown.id} class="people-reaction" data-reaction={shown.reaction} aria-hidden="true">
      <span class="people-sign">{reactionWords[shown.reaction].sign}</span>
      {reactionWords[shown.reaction].words}
    </span>
  );
}

/** Reads out what is shown without a word. Once on the page, whatever is in sight. */
export function ReactionLive({ session }: { readonly session: MeetingSession }) {
  return (
    <p class="meet-hidden" role="status">
      {reactionsInWords(peopleOf(session))}
    </p>
  );
}

/** Whose turn it is: from 1, in the order in which hands went up; null when it is down. */
export function handPlace(session: MeetingSession, peer: PeerId): number | null {
  const { self, people } = session;
  const up = [...(self.value ? [self.value] : []), ...people.value.map(({ member }) => member)]
    .flatMap(({ peer: one, handAtMs }) => (handAtMs === null ? [] : [{ one, handAtMs }]))
    .toSorted((a, b) => a.handAtMs - b.handAtMs || (a.one < b.one ? -1 : 1));
  const index = up.findIndex(({ one }) => one === peer);
  return index < 0 ? null : index + 1;
}
