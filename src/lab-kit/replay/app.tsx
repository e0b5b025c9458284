import { OpenFile } from './open-file.tsx';
import type { ReplaySession } from './session.ts';
import { Welcome } from './welcome.tsx';
import '../app.css';
import './replay.css';

/** The replay page: what can be opened, or what was. */
export function ReplayApp({ session }: { session: ReplaySession }) {
  const { a, runs, problem, reading } = session;
  const Runs = runs.value;
  return (
    <OpenFile session={session}>
      <p class="replay-reading" role="status">
        {reading.value === null ? '' : `Reading ${reading.value} …`}
      </p>
      {problem.value !== null && (
        <div class="lab-error" role="alert">
          <p>
            <strong>This file was not opened.</strong> {problem.value}
          </p>
          <p class="lab-error-actions">
            <button type="button" onClick={() => (problem.value = null)}>
              Close this message
            </button>
          </p>
        </div>
      )}
      {a.value && Runs ? <Runs session={session} /> : <Welcome session={session} />}
    </OpenFile>
  );
}
