/**
 * The laboratory's network, as namespaces of this kernel:
 *
 * ```
 *   internet 203.0.113.10 (site, signaling, STUN and TURN)     probe .20 .21     public .50
 *      ├── router-a .101 ── home 10.1.0.0/24 ── alice .2, neighbour .3
 *      ├── router-b .102 ── home 10.2.0.0/24 ── bob .2
 *      └── carrier  .103 ── 100.64.0.0/24 ── router-a .101, router-b .102 (when they are customers of it)
 * ```
 *
 * Cables never change: a case changes the routers' rules and, for a carrier's NAT, their uplink. So browsers stay open.
 */
import { rulesOf } from './rules.ts';
import type { NatKind } from './kinds.ts';
import { ip, run, runInside } from './shell.ts';

export const SERVER = '203.0.113.10';
export const PROBES = ['203.0.113.20', '203.0.113.21'] as const;

export type RouterName = 'router-a' | 'router-b' | 'carrier';
const routerNames = ['router-a', 'router-b', 'carrier'] as const satisfies readonly RouterName[];

/** Where a browser can be: in the two homes, beside alice, or on the internet itself. */
export type Device = 'alice' | 'neighbour' | 'bob' | 'public';
export const addressOf: Readonly<Record<Device, string>> = {
  alice: '10.1.0.2',
  neighbour: '10.1.0.3',
  bob: '10.2.0.2',
  public: '203.0.113.50',
};

const namespaces = ['internet', 'probe', 'public', ...routerNames, 'alice', 'neighbour', 'bob'];

/** A router's interface towards its home, and its address towards the internet and the carrier. */
const routers = {
  'router-a': { inside: 'lan', wan: '203.0.113.101', atCarrier: '100.64.0.101', home: '10.1.0.1' },
  'router-b': { inside: 'lan', wan: '203.0.113.102', atCarrier: '100.64.0.102', home: '10.2.0.1' },
  carrier: { inside: 'lan', wan: '203.0.113.103', atCarrier: '', home: '100.64.0.1' },
} as const;

/** What of the network differs from case to case. */
export interface Network {
  readonly a: NatKind;
  readonly b: NatKind;
  /** The carrier's own NAT, and whose uplink it is. Nobody's when left out. */
  readonly carrier?: { readonly kind: NatKind; readonly customers: readonly ('router-a' | 'router-b')[] };
  /** The NATs that let their own clients reach each other by outside addresses. */
  readonly hairpin?: readonly RouterName[];
  /** Whether alice's access point keeps her and her neighbour apart. */
  readonly isolated?: boolean;
}

/** Makes namespaces and cables, anew where there are some. At the end they go with the namespace around them. */
export function build(): void {
  demolish();
  for (const name of namespaces) run('ip', ['netns', 'add', name]);
  const cable = (end: string, at: string, other: string, there: string) =>
    `link add ${end} netns ${at} type veth peer name ${other} netns ${there}`;
  ip(
    undefined,
    ...[...routerNames, 'public', 'probe'].map((name) => cable('wan', name, `to-${name}`, 'internet')),
    cable('cg', 'router-a', 'to-router-a', 'carrier'),
    cable('cg', 'router-b', 'to-router-b', 'carrier'),
    cable('eth0', 'alice', 'to-alice', 'router-a'),
    cable('eth0', 'neighbour', 'to-neighbour', 'router-a'),
    cable('eth0', 'bob', 'to-bob', 'router-b'),
  );
  for (const name of namespaces) {
    ip(name, 'link set lo up');
    runInside(name, 'sysctl', [
      '-qw',
      'net.ipv6.conf.all.disable_ipv6=1',
      // Else frames that cross a bridge pass the NAT, too, and devices of one home look like strangers.
      ...(existsInside(name) ? ['net.bridge.bridge-nf-call-iptables=0'] : []),
    ]);
  }
  for (const name of routerNames)
    runInside(name, 'sysctl', [
      '-qw',
      'net.ipv4.ip_forward=1',
      'net.ipv4.conf.all.send_redirects=0',
      'net.ipv4.conf.default.send_redirects=0',
      'net.ipv4.conf.all.rp_filter=0',
    ]);
  const bridge = (name: string, ...ports: string[]) => [
    `link add name ${name} type bridge`,
    ...ports.flatMap((port) => [`link set ${port} master ${name}`, `link set ${port} up`]),
    `link set ${name} up`,
  ];
  ip(
    'internet',
    ...bridge('net', ...[...routerNames, 'public', 'probe'].map((name) => `to-${name}`)),
    `addr add ${SERVER}/24 dev net`,
    // Packets to addresses that are nowhere vanish, as on the internet; without a route sending itself would fail.
    'link add sink type veth peer name drain',
    'link set sink arp off up',
    'link set drain up',
    'route add default dev sink',
  );
  const onTheNet = (...addresses: string[]) => [
    ...addresses.map((address) => `addr add ${address}/24 dev wan`),
    'link set wan up',
    `route add default via ${SERVER} dev wan`,
  ];
  ip('public', ...onTheNet(addressOf.public));
  ip('probe', ...onTheNet(...PROBES));
  const homes: Record<RouterName, string[]> = {
    'router-a': ['to-alice', 'to-neighbour'],
    'router-b': ['to-bob'],
    carrier: ['to-router-a', 'to-router-b'],
  };
  for (const name of routerNames) {
    const { home, wan, atCarrier } = routers[name];
    ip(
      name,
      ...bridge('lan', ...homes[name]),
      `addr add ${home}/24 dev lan`,
      ...onTheNet(wan),
      ...(atCarrier ? [`addr add ${atCarrier}/24 dev cg`] : []),
    );
  }
  for (const name of ['alice', 'neighbour', 'bob'] as const) {
    const gateway = addressOf[name].replace(/\d+$/, '1');
    ip(
      name,
      `addr add ${addressOf[name]}/24 dev eth0`,
      'link set eth0 up',
      `route add default via ${gateway} dev eth0`,
    );
  }
}

/** Gives a device another address in its home, as when it joins its network anew, and what is open there dies. */
export function readdress(device: Exclude<Device, 'public'>, address: string): void {
  const gateway = addressOf[device].replace(/\d+$/, '1');
  ip(
    device,
    'addr flush dev eth0',
    `addr add ${address}/24 dev eth0`,
    `route add default via ${gateway} dev eth0`,
  );
}

/** After a test that failed, the next ones run in a new process, and find what it left. */
function demolish(): void {
  const there = run('ip', ['netns', 'list'])
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' ')[0] ?? '');
  for (const name of there) {
    const inhabitants = run('ip', ['netns', 'pids', name]).split('\n').filter(Boolean).map(Number);
    for (const pid of inhabitants) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // ended by itself
      }
    }
    run('ip', ['netns', 'delete', name]);
  }
}

/** Some kernels have no netfilter on bridges at all. */
function existsInside(namespace: string): boolean {
  return runInside(namespace, 'sh', ['-c', 'ls /proc/sys/net/bridge 2>/dev/null || true']).includes(
    'nf-call-iptables',
  );
}

/** Makes the routers what a case needs. Old mappings are forgotten. */
export function arrange({ a, b, carrier, hairpin = [], isolated = false }: Network): void {
  const setUp = (name: RouterName, kind: NatKind) => {
    const { inside, wan, atCarrier } = routers[name];
    const isCustomer = name !== 'carrier' && (carrier?.customers.includes(name) ?? false);
    const [outside, address] = isCustomer ? ['cg', atCarrier] : ['wan', wan];
    if (name !== 'carrier')
      ip(
        name,
        `link set ${isCustomer ? 'wan' : 'cg'} down`,
        `link set ${outside} up`,
        `route replace default via ${isCustomer ? routers.carrier.home : SERVER} dev ${outside}`,
      );
    const rules = rulesOf({ kind, inside, outside, address, hairpin: hairpin.includes(name) });
    runInside(name, 'nft', ['-f', '-'], rules);
    runInside(name, 'conntrack', ['-F']);
  };
  setUp('router-a', a);
  setUp('router-b', b);
  setUp('carrier', carrier?.kind ?? 'none');
  const isolation = isolated ? 'on' : 'off';
  for (const port of ['to-alice', 'to-neighbour'])
    runInside('router-a', 'bridge', ['link', 'set', 'dev', port, 'isolated', isolation]);
}
