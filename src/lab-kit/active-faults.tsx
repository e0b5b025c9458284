import { activeRules, activeWires } from '../rtc/faults/plan.ts';
import { plural } from './panels/model/format.ts';
import { useBoard } from './use-board.ts';
import type { LabView } from './view.ts';

/** Says beside the Run button that something goes wrong on purpose, and leads to it. */
export function ActiveFaults({ view }: { view: LabView }) {
  const board = view.faults?.board;
  useBoard(board);
  const count = board ? activeRules(board.plan).length : 0;
  const held = board?.held.length ?? 0;
  const isLossy = board !== undefined && activeWires(board.plan).length > 0;
  if (count === 0 && held === 0 && !isLossy) return null;
  const words = [
    count > 0 && `${plural(count, 'fault')} active`,
    held > 0 && `${held} held`,
    isLossy && 'lossy wire',
  ];
  return (
    <button type="button" class="lab-faults" onClick={() => (view.target.value = { panel: 'faults' })}>
      {words.filter(Boolean).join(', ')}
    </button>
  );
}
