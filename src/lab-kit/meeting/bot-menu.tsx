import { botsOf } from './bots.ts';
import { Icon } from './icons.tsx';
import type { MeetingSession } from './session.ts';

/** Synthetic participants to invite, and to send away again. */
export function BotMenu({ session }: { readonly session: MeetingSession }) {
  const bots = botsOf(session);
  const there = session.people.value.filter(({ member }) => member.bot).length;
  const count = bots.here.value.length + there;
  return (
    <>
      <p class="meet-popover-text">
        Bots send a picture with a counter, and a tone: one each, so that you can see a full meeting alone.
      </p>
      <button type="button" aria-disabled={bots.isAdding.value} onClick={() => void bots.addHere()}>
        <Icon name="bot" /> Add one in this browser
      </button>
      <button type="button" aria-disabled={bots.isAdding.value} onClick={() => void bots.addThere()}>
        <Icon name="bot" /> Add one in the server
      </button>
      {count > 0 && (
        <button type="button" data-closes onClick={() => void bots.dismissAll()}>
          <Icon name="close" /> {count === 1 ? 'Send the bot away' : `Send all ${count} bots away`}
        </button>
      )}
    </>
  );
}
