import { basename } from 'node:path';
import type { Plugin } from 'vite';

/** The lab's own code, as the page shows it. */
const RUN = /\/src\/labs\/[^/]+\/run\.ts$/;
/** The code of a column of the comparison. */
const COLUMN = /\/src\/compare\/[^/]+\/(?:raw|peerjs|helper|simple-peer)\.ts$/;

/** What is said at the end of a file: after its last line, so that all others keep their number. */
function ending(id: string): string | undefined {
  if (RUN.test(id)) return 'run.script = import.meta.url;';
  return COLUMN.test(id) ? 'export const script = import.meta.url;' : undefined;
}

/**
 * Lets a page find the line of `run.ts`, or of a column's file, that is being executed, see `src/lab-kit/locate.ts`.
 *
 * `run` learns which script it came in, and the scripts that hold such a file keep their source maps, for us and for the
 * browser's developer tools. All others, two megabytes, are not shipped. Needs `build.sourcemap: 'hidden'`.
 */
export function runModules(): Plugin {
  return {
    name: 'peerscope-run-modules',
    enforce: 'post',
    transform(code, id) {
      const last = ending(id);
      return last === undefined ? undefined : { code: `${code}\n${last}\n`, map: null };
    },
    generateBundle(_, bundle) {
      const kept = new Set<string>();
      for (const file of Object.values(bundle)) {
        if (
          file.type !== 'chunk' ||
          !file.sourcemapFileName ||
          !file.moduleIds.some((id) => ending(id) !== undefined)
        )
          continue;
        kept.add(file.sourcemapFileName);
        file.code += `\n//# sourceMappingURL=${basename(file.sourcemapFileName)}\n`;
      }
      for (const name of Object.keys(bundle))
        if (name.endsWith('.map') && !kept.has(name)) delete bundle[name];
    },
  };
}
