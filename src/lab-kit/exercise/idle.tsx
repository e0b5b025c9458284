import { ExerciseApp } from './app.tsx';
import type { ExerciseDefinition } from './define.ts';
import { ExerciseSession } from './session.ts';

interface Props {
  readonly id: string;
  readonly definition: ExerciseDefinition;
  readonly starter: string;
  readonly codeHtml: string;
  readonly level: 2 | 3;
}

/** An exercise before anybody touches it: what the build writes into the page. */
export function IdleExercise({ id, definition, starter, codeHtml, level }: Props) {
  return (
    <ExerciseApp session={new ExerciseSession(id, definition, starter)} codeHtml={codeHtml} level={level} />
  );
}
