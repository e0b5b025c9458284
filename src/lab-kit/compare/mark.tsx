import type { ColumnId } from './define.ts';

const shapes: Readonly<Record<ColumnId, string>> = {
  raw: 'M6 1a5 5 0 1 1 0 10A5 5 0 1 1 6 1z',
  peerjs: 'M1.5 1.5h9v9h-9z',
  helper: 'M6 1 11.5 11H.5z',
  'simple-peer': 'M6 0l6 6-6 6-6-6z',
};

/** A column's own shape, wherever its figures stand: told apart without its colour. */
export function ColumnMark({ id }: { id: ColumnId }) {
  return (
    <svg class="compare-mark" data-column={id} viewBox="0 0 12 12" aria-hidden="true">
      <path d={shapes[id]} />
    </svg>
  );
}
