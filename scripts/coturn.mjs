/** Finds coturn, against whose server and clients our own is measured. */
import { dirname } from 'node:path';
import { installWithoutService, onPath } from './debian.mjs';

/** What the package brings and the tests use. */
const programs = ['turnserver', 'turnutils_uclient', 'turnutils_stunclient', 'turnutils_peer'];

/**
 * The folder with coturn's programs.
 *
 * @param {{ install?: boolean }} [options] whether Debian's package may be installed
 * @returns {{ found: { folder: string } } | { missing: string }} `missing` says in words why it is not there
 */
export function findCoturn({ install = false } = {}) {
  if (install && !folder() && process.platform === 'linux') installWithoutService('coturn');
  const there = folder();
  if (there) return { found: { folder: there } };
  return {
    missing: 'there is no coturn here (Debian: apt-get install coturn; macOS: brew install coturn)',
  };
}

function folder() {
  const paths = programs.map((name) => onPath([name]));
  const [first] = paths;
  return first && paths.every(Boolean) ? dirname(first) : undefined;
}
