import { useSignal, useSignalEffect, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { PanelId } from './define.ts';
import { panels } from './panels/index.ts';
import { isTyping } from './typing.ts';
import type { LabView } from './view.ts';

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly render: () => ComponentChildren;
}

type Props = {
  readonly tabs: readonly Tab[];
  /** The id of the tab that is open, where several sets share it. */
  readonly chosen?: Signal<string>;
  /** Number keys pick the tabs, and each shows its number. */
  readonly numbered?: boolean;
} & (
  | {
      /** Whose panels they are: what one of them asks another one to show opens its tab. */
      readonly view: Pick<LabView, 'lab' | 'target'>;
      /** Keeps the ids apart where a page has more than one set of tabs. */
      readonly name?: string;
    }
  | { readonly view?: never; readonly name: string }
);

/** The panels of a view, as tabs. The pictures have a place of their own. */
export function panelTabs(view: LabView, ids: readonly PanelId[]): readonly Tab[] {
  return ids
    .filter((id) => id !== 'tiles')
    .map((id) => {
      const { title, component: Panel } = panels[id];
      return { id, title, render: () => <Panel view={view} /> };
    });
}

/** The panels, one at a time. Arrow keys move between tabs (WAI-ARIA tabs pattern, automatic activation). */
export function Tabs({ view, tabs, name = view?.lab, chosen: shared, numbered = false }: Props) {
  const own = useSignal(tabs[0]?.id ?? '');
  const chosen = shared ?? own;
  // A panel asked another one to show something.
  useSignalEffect(() => {
    const wanted = view?.target.value?.panel;
    if (wanted && tabs.some(({ id }) => id === wanted)) chosen.value = wanted;
  });
  usePickByNumber(numbered ? tabs.map(({ id }) => id) : [], (id) => {
    chosen.value = id;
    // From there the arrow keys walk through the entries.
    requestAnimationFrame(() => {
      const panel = document.getElementById(`${name}-tab-panel`);
      (panel?.querySelector<HTMLElement>('[role=listbox]') ?? panel)?.focus();
    });
  });
  const current = tabs.find(({ id }) => id === chosen.value) ?? tabs[0];
  if (!current) return null;
  const domId = (id: string) => `${name}-tab-${id}`;

  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = tabs.at((tabs.indexOf(current) + step) % tabs.length);
    if (!next) return;
    chosen.value = next.id;
    document.getElementById(domId(next.id))?.focus();
  };

  return (
    <div class="lab-panels">
      {tabs.length > 1 && (
        <div class="lab-tabs" role="tablist" aria-label="Views of this run">
          {tabs.map(({ id, title }, index) => (
            <button
              key={id}
              type="button"
              role="tab"
              id={domId(id)}
              aria-selected={id === current.id}
              aria-controls={domId('panel')}
              tabIndex={id === current.id ? 0 : -1}
              onClick={() => (chosen.value = id)}
              onKeyDown={move}
            >
              {numbered && index < 9 && <kbd aria-hidden="true">{index + 1}</kbd>}
              {title}
            </button>
          ))}
        </div>
      )}
      <div
        class="lab-panel"
        id={domId('panel')}
        data-panel={current.id}
        {...(tabs.length > 1 && { tabIndex: 0, role: 'tabpanel', 'aria-labelledby': domId(current.id) })}
      >
        {current.render()}
      </div>
    </div>
  );
}

/** Calls `pick` with the id that stands at the place of the number key that is pressed: 1 is the first. */
function usePickByNumber(ids: readonly string[], pick: (id: string) => void): void {
  const latest = useRef({ ids, pick });
  latest.current = { ids, pick };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || isTyping(event)) return;
      const id = /^[1-9]$/.test(event.key) ? latest.current.ids[Number(event.key) - 1] : undefined;
      if (id === undefined) return;
      event.preventDefault();
      latest.current.pick(id);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
