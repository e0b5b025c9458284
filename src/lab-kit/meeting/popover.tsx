import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { Icon, type IconName } from './icons.tsx';

interface PopoverProps {
  /** What the button is for; its title as well, unless there is another one. */
  readonly label: string;
  readonly icon: IconName;
  /** Stands beside the sign. */
  readonly text?: string;
  readonly class?: string;
  /** It has been opened, or closed. */
  readonly onToggle?: (isOpen: boolean) => void;
  readonly children: ComponentChildren;
}

const EDGE = 8;
/** As wide as in meeting.css, in CSS pixels. */
const WIDTH = 272;

/**
 * A button and what opens above or below it, wherever there is more room. Esc and a click elsewhere close it, and so does
 * a button inside that says `data-closes`. In the top layer, so that no tile cuts it off.
 */
export function Popover({ label, icon, text, class: className = '', onToggle, children }: PopoverProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const place = ({ newState }: { readonly newState: string }) => {
    onToggle?.(newState === 'open');
    const { current: element } = panel;
    const at = button.current?.getBoundingClientRect();
    if (newState !== 'open' || !element || !at) return;
    const isAbove = at.top > innerHeight / 2;
    const middle = at.left + at.width / 2 - WIDTH / 2;
    const px = (value: number) => `${Math.round(value)}px`;
    element.style.left = px(Math.max(EDGE, Math.min(middle, innerWidth - WIDTH - EDGE)));
    element.style.top = isAbove ? 'auto' : px(at.bottom + EDGE);
    element.style.bottom = isAbove ? px(innerHeight - at.top + EDGE) : 'auto';
    element.style.maxHeight = px((isAbove ? at.top : innerHeight - at.bottom) - 2 * EDGE);
  };
  const onClick = ({ target }: Event) => {
    if (target instanceof Element && target.closest('[data-closes]')) panel.current?.hidePopover();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class={`meet-button ${className}`}
        popovertarget={id}
        aria-label={label}
        title={label}
      >
        <Icon name={icon} />
        {text && <span>{text}</span>}
      </button>
      {/* The keyboard reaches what is inside. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={panel}
        id={id}
        popover="auto"
        class="meet-popover"
        role="group"
        aria-label={label}
        onBeforeToggle={place}
        onClick={onClick}
      >
        {children}
      </div>
    </>
  );
}
