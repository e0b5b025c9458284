/** Finds Janus, the SFU that our own is measured against and that `SFU=janus` forwards with. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installWithoutService, isProgram, onPath } from './debian.mjs';

/**
 * Janus's program, and the folder with its `plugins` and `transports`.
 *
 * @param {{ install?: boolean }} [options] whether Debian's package may be installed
 * @returns {{ found: { path: string, libraries: string } } | { missing: string }} `missing` says in words why it is not there
 */
export function findJanus({ install = false } = {}) {
  if (process.platform !== 'linux') return { missing: 'the tests with Janus need Linux network namespaces' };
  if (install && !there()) installWithoutService('janus');
  const found = there();
  return found ? { found } : { missing: 'there is no Janus here (Debian: apt-get install janus)' };
}

function there() {
  const path = onPath(['janus']);
  // Debian's folder is named after the processor; who built it himself has it in one of the others.
  const folders = ['/usr/lib', '/usr/local/lib', '/opt/janus/lib'].flatMap((folder) => [
    folder,
    ...subfolders(folder),
  ]);
  const libraries = folders
    .map((folder) => join(folder, 'janus'))
    .find((folder) => subfolders(folder).includes(join(folder, 'plugins')));
  return path && libraries && isProgram(path) ? { path, libraries } : undefined;
}

/** @param {string} folder @returns {string[]} */
function subfolders(folder) {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}
