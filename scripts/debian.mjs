/** Programs of this machine that tests drive, and Debian's packages where one is missing and may be installed. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The whole path of the first of these programs that is here. @param {string[]} names */
export function onPath(names) {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  if (process.platform === 'linux') folders.push('/usr/sbin', '/sbin');
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(isProgram);
}

/** @param {string} path */
export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs packages, as root on Debian; elsewhere it does nothing. @param {string[]} packages */
export function installFromDebian(...packages) {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return false;
  console.log(`Installing Debian's ${packages.join(', ')} …`);
  const options = /** @type {const} */ ({
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  spawnSync('apt-get', ['update'], options);
  return (
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options).status === 0
  );
}

/** Asked by Debian's maintainer scripts before they start a service; 101 is «no» (invoke-rc.d(8)). */
const POLICY = '/usr/sbin/policy-rc.d';

/**
 * Installs a package that brings a service, and leaves the service off: a test needs the programs, nobody a daemon.
 *
 * @param {string} name of the package and of its service
 */
export function installWithoutService(name) {
  if (process.getuid?.() !== 0 || existsSync(POLICY)) return installFromDebian(name);
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return installFromDebian(name);
  } finally {
    rmSync(POLICY);
    if (onPath(['systemctl'])) spawnSync('systemctl', ['disable', name], { stdio: 'ignore' });
  }
}
