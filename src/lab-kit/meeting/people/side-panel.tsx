import { Icon } from '../icons.tsx';
import type { MeetingSession } from '../session.ts';
import { ChatPanel } from './chat-panel.tsx';
import { PeoplePanel } from './people-panel.tsx';
import './people.css';

const titles = { people: 'People', chat: 'Chat' } as const;

/** Beside the tiles, or over them where there is no room: who is here, or what they say. Esc closes it. */
export function SidePanel({ session }: { readonly session: MeetingSession }) {
  const { view } = session;
  const panel = view.panel.value;
  if (panel === null) return null;
  const close = () => {
    view.panel.value = null;
    // Back to the button that opened it.
    document.querySelector<HTMLElement>(`[data-panel='${panel}']`)?.focus();
  };
  return (
    // Esc is for whatever has the focus inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside
      class="people-side"
      aria-label={titles[panel]}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) close();
      }}
    >
      <header>
        <h2>{titles[panel]}</h2>
        <button type="button" class="meet-button" aria-label={`Close: ${titles[panel]}`} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {panel === 'chat' ? <ChatPanel session={session} /> : <PeoplePanel session={session} />}
    </aside>
  );
}
