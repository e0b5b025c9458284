import { useSignalEffect, type Signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { PanelId } from '../define.ts';
import { panels } from '../panels/index.ts';
import { RunFile } from '../run-file.tsx';
import { indexAt } from '../replay/scrub.ts';
import { Tabs, type Tab } from '../tabs.tsx';
import { columnWords } from './column-words.ts';
import { ColumnMark } from './mark.tsx';
import type { Stage, StageColumn } from './stage.ts';

const shownPanels = [
  'ladder',
  'timeline',
  'sdp',
  'candidates',
  'states',
  'stats',
] as const satisfies readonly PanelId[];

/** The panels over each column's own record: one tab strip, and every column shows the same one. */
export function panelsOf(stage: Stage): readonly Tab[] {
  return shownPanels.map((id) => {
    const { title, component: Panel } = panels[id];
    return {
      id,
      title,
      render: () => (
        <div class="compare-columns" data-columns={stage.columns.value.length}>
          {stage.columns.value.map((column) => (
            <section
              key={column.id}
              class="compare-panel"
              aria-label={`${title}: ${columnWords[column.id].name}`}
            >
              <header>
                <h3>
                  <ColumnMark id={column.id} /> {columnWords[column.id].name}
                </h3>
                <RunFile view={column} />
              </header>
              <Panel view={column} />
            </section>
          ))}
        </div>
      ),
    };
  });
}

interface Props {
  readonly stage: Stage;
  readonly tabs: readonly Tab[];
  readonly chosen: Signal<string>;
  readonly numbered?: boolean;
}

/** One clock: whichever column is taken back to a moment, the others go there too. */
export function useOneMoment(stage: Stage): void {
  const last = useRef(new WeakMap<StageColumn, number | null>());
  useSignalEffect(() => {
    const columns = stage.columns.value;
    const focused = columns.map(({ focus }) => focus.value); // all of them: each is to be heard
    const moved = columns.find((one, index) => focused[index] !== (last.current.get(one) ?? null));
    if (moved) {
      const focus = moved.focus.peek();
      const atMs = moved.entries.peek().list.find(({ seq }) => seq === focus)?.atMs;
      for (const other of columns) {
        if (other === moved) continue;
        const { list } = other.entries.peek();
        other.focus.value = atMs === undefined ? null : (list[indexAt(list, atMs)]?.seq ?? null);
      }
    }
    for (const one of columns) last.current.set(one, one.focus.peek());
  });
}

/** One strip of tabs for all columns. */
export function SharedTabs({ stage, tabs, chosen, numbered = false }: Props) {
  // What a panel of any column asks another one to show.
  useSignalEffect(() => {
    for (const { target } of stage.columns.value) {
      const wanted = target.value?.panel;
      if (wanted && tabs.some(({ id }) => id === wanted)) chosen.value = wanted;
    }
  });
  return <Tabs name="compare" tabs={tabs} chosen={chosen} numbered={numbered} />;
}
