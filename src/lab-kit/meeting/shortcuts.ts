import { isTyping } from '../typing.ts';
import { actions, TALK_KEY, type Action } from './actions.ts';
import type { MeetingSession } from './session.ts';

/** Whether a space on it does something of its own. */
const takesSpace = ({ target }: Event) =>
  target instanceof Element &&
  target.closest('button, a, summary, input, select, textarea, video, [role=tab]');

/** Keys of the meeting, while one is in it. Not while typing, and not while a dialog is open. @param signal ends them */
export function listenToKeys(session: MeetingSession, signal: AbortSignal): void {
  const { media, view, phase } = session;
  const isIdle = (event: KeyboardEvent) =>
    phase.value.is !== 'in' ||
    view.dialog.value !== null ||
    event.defaultPrevented ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    isTyping(event);
  addEventListener(
    'keydown',
    (event) => {
      if (isIdle(event) || event.repeat) return;
      if (event.key === TALK_KEY) {
        if (takesSpace(event)) return;
        event.preventDefault(); // else the page scrolls
        return media.hold();
      }
      const found: Action | undefined = Object.values(actions).find(
        ({ key }) => key === event.key.toLowerCase(),
      );
      if (!found) return;
      event.preventDefault(); // else the field that it opens gets the letter
      found.act(session);
    },
    { signal },
  );
  addEventListener('keyup', ({ key }) => key === TALK_KEY && media.release(), { signal });
  // A key that is let go of elsewhere is not told to this page.
  addEventListener('blur', () => media.release(), { signal });
}
