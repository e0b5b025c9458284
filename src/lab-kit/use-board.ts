import { useEffect, useState } from 'preact/hooks';
import type { FaultBoard } from '../rtc/faults/board.ts';

/** Draws the component again whenever the board's plan, or what waits on it, has changed. */
export function useBoard(board: FaultBoard | undefined): void {
  const [, redraw] = useState(0);
  useEffect(() => board?.subscribe(() => redraw((times) => times + 1)), [board]);
}
