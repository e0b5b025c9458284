import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'src/exercises';

/** A file beside an exercise that must not pass. Its first line says which check fails, and with which words. */
export interface Wrong {
  readonly file: string;
  readonly source: string;
  readonly check: string;
  readonly says: string;
}

export interface ExerciseFolder {
  readonly id: string;
  readonly kind: string;
  readonly firefox: boolean;
  /** Present for exercises with code. */
  readonly starter?: string;
  readonly solution?: string;
  readonly wrongs: readonly Wrong[];
}

/** All folders of src/exercises, read as text: what is in them runs in a browser only. */
export function exerciseFolders(): readonly ExerciseFolder[] {
  return readdirSync(FOLDER).map((id) => {
    const files = readdirSync(join(FOLDER, id));
    const read = (file: string) => readFileSync(join(FOLDER, id, file), 'utf8');
    const definition = read('exercise.ts');
    const wrongs = files
      .filter((file) => file.startsWith('wrong-'))
      .map((file) => {
        const source = read(file);
        const [, check, says] = /^\/\/ ([a-z-]+): (.+)$/m.exec(source) ?? [];
        if (!check || !says) throw new Error(`${id}/${file}: its first line is “// <check>: <what it says>”`);
        return { file, source, check, says };
      });
    return {
      id,
      kind: /kind: '(\w+)'/.exec(definition)?.[1] ?? '',
      firefox: !/^ {2}firefox: false/m.test(definition),
      wrongs,
      ...(files.includes('starter.ts') && { starter: read('starter.ts'), solution: read('solution.ts') }),
    };
  });
}
