import { useSignal, useSignalEffect, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { PanelId } from './define.ts';
import { panels } from './panels/index.ts';
import type { LabView } from './view.ts';

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly render: () => ComponentChildren;
}

interface Props {
  readonly view: LabView;
  readonly tabs: readonly Tab[];
  /** Keeps the ids apart where a page has more than one set of tabs. */
  readonly name?: string;
  /** The id of the tab that is open, where several sets share it. */
  readonly chosen?: Signal<string>;
}

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
export function Tabs({ view, tabs, name = view.lab, chosen: shared }: Props) {
  const own = useSignal(tabs[0]?.id ?? '');
  const chosen = shared ?? own;
  // A panel asked another one to show something.
  useSignalEffect(() => {
    if (view.target.value) chosen.value = view.target.value.panel;
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
          {tabs.map(({ id, title }) => (
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
