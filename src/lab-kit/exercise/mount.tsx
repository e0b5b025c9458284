import { render } from 'preact';
import { loadAdapter } from '../../rtc/adapter.ts';
import { ExerciseApp } from './app.tsx';
import { loadExercise, loadSource } from './registry.ts';
import { ExerciseSession } from './session.ts';
import { ProgressStore } from './store.ts';

/** Brings an exercise that was rendered as plain HTML to life. Gives back its session. */
export async function mountExercise(pane: HTMLElement): Promise<ExerciseSession> {
  const { exercise: id = '', level } = pane.dataset;
  const [definition, starter] = await Promise.all([
    loadExercise(id),
    loadSource(id, 'starter'),
    loadAdapter(),
  ]);
  const session = new ExerciseSession(id, definition, starter, {
    store: new ProgressStore(),
    attempt: async (...args) => (await import('./attempt.ts')).attempt(...args),
    solution: () => loadSource(id, 'solution'),
  });
  addEventListener('pagehide', () => session.stop());
  const codeHtml = pane.querySelector('[data-code-html]')?.innerHTML ?? '';
  render(<ExerciseApp session={session} codeHtml={codeHtml} level={level === '2' ? 2 : 3} />, pane);
  return session;
}
