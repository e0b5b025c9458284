import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { actions } from './actions.ts';
import { Icon } from './icons.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A dialog over the page; Esc closes it, and the focus goes back to where it was. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close();
  }, []);
  return (
    <dialog ref={dialog} class="meet-dialog" aria-label={title} onClose={onClose}>
      <header>
        <h2>{title}</h2>
        <button type="button" class="meet-button" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}

export const Shortcuts = () => (
  <dl class="meet-keys">
    {Object.values(actions).map(({ key, words }) => (
      <div key={key}>
        <dt>
          <kbd>{key.toUpperCase()}</kbd>
        </dt>
        <dd>{words}</dd>
      </div>
    ))}
    <div>
      <dt>
        <kbd>Space</kbd>
      </dt>
      <dd>Talk as long as it is held, while muted</dd>
    </div>
  </dl>
);
