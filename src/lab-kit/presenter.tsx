import { useSignalEffect, type Signal } from '@preact/signals';
import { isTyping } from './typing.ts';
import './presenter.css';

interface Presented {
  readonly presenting: Signal<boolean>;
  /** Whether an entry is in focus: then the first Escape goes back to now; see panels/virtual-list.tsx. */
  readonly isLooking: () => boolean;
}

/**
 * Presenter mode: a lab as the last row of a lecture hall can read it. Everything that is measured in `rem` grows
 * (styles/tokens.css), prose goes, the code becomes one of the panels, and number keys pick them.
 *
 * `p` enters and leaves, `Escape` leaves; `?present=1` opens a page in it.
 */
export function usePresenter({ presenting, isLooking }: Presented, enabled: boolean): void {
  useSignalEffect(() => {
    if (!enabled) return undefined;
    document.documentElement.toggleAttribute('data-present', presenting.value);
    keepInAddress(presenting.value);
    const end = new AbortController();
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || isTyping(event)) return;
      if (event.key.toLowerCase() === 'p') presenting.value = !presenting.peek();
      else if (event.key === 'Escape' && presenting.peek() && !isLooking()) presenting.value = false;
      else return;
      event.preventDefault();
      if (!presenting.peek()) leaveFullScreen();
    };
    addEventListener('keydown', onKey, end);
    // The browser takes the Escape that ends its full screen for itself.
    const onFullScreen = () => void (document.fullscreenElement ?? (presenting.value = false));
    document.addEventListener('fullscreenchange', onFullScreen, end);
    return () => end.abort();
  });
}

/** Enters presenter mode and fills the screen where the browser lets it, or leaves both. */
export function PresentButton({ presenting }: Pick<Presented, 'presenting'>) {
  const toggle = () => {
    presenting.value = !presenting.value;
    if (presenting.value)
      document.documentElement.requestFullscreen?.().catch(() => {}); // an iPhone has none
    else leaveFullScreen();
  };
  return (
    <button
      type="button"
      class="lab-button lab-present"
      aria-pressed={presenting.value}
      aria-keyshortcuts="P"
      onClick={toggle}
    >
      {presenting.value ? 'Leave' : 'Present'} <kbd>{presenting.value ? 'Esc' : 'P'}</kbd>
    </button>
  );
}

function leaveFullScreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
}

/** A reload, or the link that is sent on, opens it as it is now. */
function keepInAddress(presenting: boolean): void {
  const url = new URL(location.href);
  if (url.searchParams.has('present') === presenting) return;
  if (presenting) url.searchParams.set('present', '1');
  else url.searchParams.delete('present');
  history.replaceState(history.state, '', url);
}
