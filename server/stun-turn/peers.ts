import { BlockList } from 'node:net';

export const peerModes = ['relays', 'machine', 'lan', 'internet'] as const;
/** Where relayed data may go: our own relayed addresses, this machine, private networks, public addresses. */
export type PeerMode = (typeof peerModes)[number];

/**
 * Whether data may be relayed to an address that is no relayed address of ours, and from there. (Those are always
 * allowed, as long as their allocation lives: `relays` adds nothing.)
 *
 * An allow-list: a relay that can be led to a service behind a firewall is a hole in it. An address of this machine
 * needs `machine`, whatever range it is in.
 *
 * @param isOwn whether an address is this machine's own, loopback included
 * @returns a function of an address in the spelling of `addressText`
 */
export function createPeerPolicy(
  modes: readonly PeerMode[],
  isOwn: (address: string) => boolean,
): (address: string) => boolean {
  const on = new Set(modes);
  return (address) => {
    if (isNever(address)) return false;
    if (isOwn(address)) return on.has('machine');
    if (lan.has(address)) return on.has('lan');
    return on.has('internet') && !special.has(address);
  };
}

/** In no mode: what means "this host" or "everybody", and every IPv4 address in the clothes of IPv6. */
function isNever(address: string): boolean {
  // A BlockList takes ::ffff:0:0/96 for all of IPv4, so that one is told by its spelling.
  return address.startsWith('::ffff:') || (never.has(address) && address !== '::1');
}

const never = listOf(
  '0.0.0.0/8',
  '224.0.0.0/3', // multicast, reserved, broadcast
  '::/96', // unspecified, IPv4-compatible
  'ff00::/8',
  '64:ff9b::/96', // NAT64
  '64:ff9b:1::/48',
  '2001::/32', // Teredo
  '2002::/16', // 6to4
);
const lan = listOf('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7');
/** Neither public nor private: no peer that we know lives there. */
const special = listOf(
  '127.0.0.0/8',
  '169.254.0.0/16', // link-local, and the metadata services of clouds
  '100.64.0.0/10', // behind a carrier's NAT
  '192.0.0.0/24',
  '198.18.0.0/15',
  '::1/128',
  'fe80::/10',
  'fec0::/10',
  '100::/64',
);

function listOf(...subnets: string[]): { has: (address: string) => boolean } {
  const list = new BlockList();
  const familyOf = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');
  for (const subnet of subnets) {
    const [address = '', bits] = subnet.split('/');
    list.addSubnet(address, Number(bits), familyOf(address));
  }
  return { has: (address) => list.check(address, familyOf(address)) };
}
