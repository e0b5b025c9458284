import { codeToHtml } from 'shiki';
import { codeTheme } from '../lab-kit/code-theme.ts';
import { columnsOf, loadSource } from '../lab-kit/compare/registry.ts';

/** The files of a task, highlighted, by their path below src/compare: `text/raw.ts`, `_shared/signaling.ts`. */
export async function highlightedFiles(task: string): Promise<Readonly<Record<string, string>>> {
  const files = new Map<string, string>();
  for (const column of columnsOf(task)) {
    const { own, shared } = await loadSource(task, column);
    files.set(`${task}/${column}.ts`, own);
    for (const { name, text } of shared) files.set(`_shared/${name}`, text);
  }
  const highlighted = await Promise.all(
    Array.from(files, async ([path, text]): Promise<[string, string]> => [
      path,
      await codeToHtml(text.trimEnd(), { lang: 'ts', theme: codeTheme, tabindex: false }),
    ]),
  );
  return Object.fromEntries(highlighted);
}
