/**
 * Finds the browsers that the tests drive, and installs them where nothing is found and it can be done.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installFromDebian, isProgram, onPath } from './debian.mjs';

/** @typedef {{ path: string, from: string }} Found */

const chromiumNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
];
const chromiumPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * A Chromium: the one named in `CHROMIUM_PATH`, one on this machine, Playwright's own, or Debian's package.
 *
 * @returns {Promise<Found>}
 * @throws {Error} when there is none and none can be installed; says what to do
 */
export async function findChromium() {
  const named = process.env['CHROMIUM_PATH'];
  if (named) {
    if (!isProgram(named)) throw new Error(`CHROMIUM_PATH names ${named}, which is no program.`);
    return { path: named, from: 'CHROMIUM_PATH' };
  }
  const there = onPath(chromiumNames) ?? chromiumPaths.find(isProgram);
  if (there) return { path: there, from: 'this machine' };
  const { chromium } = await import('playwright');
  if (isProgram(chromium.executablePath())) return { path: chromium.executablePath(), from: 'Playwright' };
  if (installFromDebian('chromium')) {
    const installed = onPath(chromiumNames);
    if (installed) return { path: installed, from: 'Debian, installed just now' };
  }
  console.log('No Chromium here: asking Playwright to download its own …');
  const cli = join('node_modules', 'playwright', 'cli.js');
  spawnSync(process.execPath, [cli, 'install', '--with-deps', 'chromium'], { stdio: 'inherit' });
  if (isProgram(chromium.executablePath()))
    return { path: chromium.executablePath(), from: 'Playwright, downloaded just now' };
  throw new Error(
    'No Chromium was found and none could be installed. Install Chromium or Chrome, or set CHROMIUM_PATH.',
  );
}

/**
 * Chromium without its window, which takes less of the processor: where it is here, or Debian has it.
 *
 * @param {Found} chromium
 * @returns {Found} that one itself where there is no other, or where it was named
 */
export function findChromiumShell(chromium) {
  if (chromium.from === 'CHROMIUM_PATH') return chromium;
  const shell = 'chromium-headless-shell';
  const there = onPath([shell]);
  if (there) return { path: there, from: 'this machine' };
  if (!onPath(['chromium']) || !installFromDebian(shell)) return chromium;
  const installed = onPath([shell]);
  return installed ? { path: installed, from: 'Debian, installed just now' } : chromium;
}

/**
 * Firefox ESR and what its tests need: a network namespace with an address that is not loopback.
 *
 * @returns {{ found: Found } | { missing: string }} `missing` says in words why the Firefox tests cannot run
 */
export function findFirefox() {
  if (process.platform !== 'linux') return { missing: 'the Firefox tests need Linux network namespaces' };
  const named = process.env['FIREFOX_PATH'];
  if (!named && !onPath(['firefox-esr', 'firefox'])) installFromDebian('firefox-esr');
  const path = named ?? onPath(['firefox-esr', 'firefox']);
  if (!path) return { missing: 'there is no Firefox here (Debian: apt-get install firefox-esr)' };
  const missing = missingForPrivateNetwork();
  if (missing) return { missing };
  return { found: { path, from: named ? 'FIREFOX_PATH' : 'this machine' } };
}

/**
 * Why {@link inPrivateNetwork} does not work here, after installing what it needs where that can be done.
 *
 * @returns {string | undefined} in words; undefined where it works
 */
export function missingForPrivateNetwork() {
  if (process.platform !== 'linux') return 'private networks need Linux network namespaces';
  if (!onPath(['ip']) || !onPath(['unshare'])) installFromDebian('iproute2', 'util-linux');
  const probe = spawnSync(...inPrivateNetwork('true', []), { stdio: 'pipe', encoding: 'utf8' });
  if (probe.status === 0) return undefined;
  return `no private network namespace can be made here: ${probe.stderr.trim()}`;
}

/**
 * The command line that runs a program in a network of its own: loopback, and one bridge 10.9.0.1 with a default route,
 * without which Firefox gathers no candidates at all. Needs no root; the kernel takes everything away at the end.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
export function inPrivateNetwork(command, args) {
  const bridge = [
    'ip link add br0 type bridge',
    'ip addr add 10.9.0.1/24 dev br0',
    'ip link set br0 up',
    'ip route add default dev br0',
  ];
  return inNamespace(bridge, command, args);
}

/**
 * The command line that runs a program on a computer with every network interface off: loopback is all there is.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
export function withoutNetwork(command, args) {
  return inNamespace([], command, args);
}

/** What the NAT laboratory is made of, and the Debian packages that bring it. */
const laboratory = [
  ['nft', 'nftables'],
  ['conntrack', 'conntrack'],
  ['tcpdump', 'tcpdump'],
  ['ip', 'iproute2'],
  ['bridge', 'iproute2'],
  ['sysctl', 'procps'],
  ['unshare', 'util-linux'],
];

/**
 * Whether networks behind NATs can be built here, after installing what they need where that can be done.
 *
 * @returns {{ missing?: string }} `missing` says in words why not
 */
export function findNatLab() {
  if (process.platform !== 'linux') return { missing: 'the NAT laboratory needs Linux network namespaces' };
  const absent = () => laboratory.filter(([program = '']) => !onPath([program]));
  if (absent().length > 0) installFromDebian(...new Set(absent().map(([, name = '']) => name)));
  if (absent().length > 0)
    return {
      missing: `the NAT laboratory needs ${absent()
        .map(([program]) => program)
        .join(', ')} (Debian: apt-get install ${absent()
        .map(([, name]) => name)
        .join(' ')})`,
    };
  const rules =
    'table ip t { chain c { type nat hook postrouting priority srcnat; masquerade fully-random; }; }';
  const probe = spawnSync(
    ...inNatLab('sh', [
      '-c',
      `ip netns add probe && echo '${rules}' | ip netns exec probe nft -f - && ip netns exec probe conntrack -F`,
    ]),
    { stdio: 'pipe', encoding: 'utf8' },
  );
  if (probe.status === 0) return {};
  return { missing: `no network namespaces with NAT can be made here: ${probe.stderr.trim()}` };
}

/**
 * The command line that runs a program where it may make network namespaces of its own, without root. The kernel takes
 * everything away at the end.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
export function inNatLab(command, args) {
  // `ip netns` keeps its names below /run, which is the machine's: a private one is put over it.
  const setUp = ['mount -t tmpfs none /run', 'mkdir -p /run/netns'];
  // As nobody in particular who may do everything: as root, tcpdump would try to become somebody who is not mapped here.
  return inNamespace(setUp, command, args, ['--map-user=1000', '--map-group=1000', '--keep-caps']);
}

/**
 * @param {string[]} commands of the shell, to begin with
 * @param {string} command
 * @param {string[]} args
 * @param {string[]} [user] who one is inside
 * @returns {[string, string[]]}
 */
function inNamespace(commands, command, args, user = ['--map-root-user']) {
  const setUp = ['ip link set lo up', ...commands, 'exec "$@"'].join(' && ');
  const privileges = [
    '--user',
    ...user,
    '--net',
    '--mount',
    '--pid',
    '--mount-proc',
    '--fork',
    '--kill-child',
  ];
  return ['unshare', [...privileges, 'sh', '-c', setUp, 'sh', command, ...args]];
}
