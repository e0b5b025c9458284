import { useMemo } from 'preact/hooks';
import { DeskPanel } from '../../lab-kit/classroom/desk.tsx';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import type { PanelProps } from '../../lab-kit/view.ts';
import { outcomeFold, outcomeOf } from './outcome.ts';
import { desk } from './server-desk.ts';

/** The server's file and its messages, what came of the call, and a stranger who may disturb it. */
export function ServerPanel({ view }: PanelProps) {
  const compute = useMemo(outcomeFold, []);
  const { list } = view.entries.value;
  const facts = compute(list, endAt(list, view.focus.value));
  const { is, text } = outcomeOf(facts, desk.problem.value !== null);
  const server = desk.server.value;
  const isUp = server !== null && view.state.value === 'running' && desk.problem.value === null;
  const disturb = (data: string) => {
    if (!server) return;
    const socket = server.webSocket('stranger');
    socket.addEventListener('open', () => {
      socket.send(data);
      socket.close();
    });
  };
  return (
    <DeskPanel view={view} desk={desk} file={view.controls?.value['server'] ?? facts.file}>
      <p class="classroom-outcome" data-is={is} role="status">
        {text}
      </p>
      <div class="classroom-actions" role="group" aria-label="A stranger connects to the server">
        <span>A stranger connects and sends</span>
        <button type="button" class="lab-button" disabled={!isUp} onClick={() => disturb('hello')}>
          hello, which is not JSON
        </button>
        <button
          type="button"
          class="lab-button"
          disabled={!isUp}
          onClick={() => disturb(JSON.stringify({ type: 'receiver' }))}
        >
          “I am the receiver”
        </button>
      </div>
    </DeskPanel>
  );
}
