import { basename } from 'node:path';
import type { Plugin } from 'vite';

/** The lab's own code, as the page shows it. */
const RUN = /\/src\/labs\/[^/]+\/run\.ts$/;

/**
 * Lets a page find the line of `run.ts` that is being executed, see `src/lab-kit/locate.ts`.
 *
 * `run` learns which script it came in, and the scripts that hold a `run.ts` keep their source maps, for us and for the
 * browser's developer tools. All others, two megabytes, are not shipped. Needs `build.sourcemap: 'hidden'`.
 */
export function runModules(): Plugin {
  return {
    name: 'peerscope-run-modules',
    enforce: 'post',
    transform(code, id) {
      // After the last line: all others keep their number.
      return RUN.test(id) ? { code: `${code}\nrun.script = import.meta.url;\n`, map: null } : undefined;
    },
    generateBundle(_, bundle) {
      const kept = new Set<string>();
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk' || !file.sourcemapFileName || !file.moduleIds.some((id) => RUN.test(id)))
          continue;
        kept.add(file.sourcemapFileName);
        file.code += `\n//# sourceMappingURL=${basename(file.sourcemapFileName)}\n`;
      }
      for (const name of Object.keys(bundle))
        if (name.endsWith('.map') && !kept.has(name)) delete bundle[name];
    },
  };
}
