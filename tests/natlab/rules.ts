/** A home router's firewall and NAT as one nft ruleset. */
import type { NatKind } from './kinds.ts';

export interface RouterRules {
  readonly kind: NatKind;
  /** The interface towards the home. */
  readonly inside: string;
  /** The interface towards the internet, or the carrier. */
  readonly outside: string;
  /** The router's address there. */
  readonly address: string;
  /** Whether a device may reach another one of the same home by its outside address (RFC 4787 §6). */
  readonly hairpin?: boolean;
}

/**
 * Linux's own masquerading keeps the port and lets in only what answers: it is the port-restricted kind. The others are
 * made of it: a table of mappings that lets more in, or ports at random, which makes a mapping for each destination.
 *
 * What comes in unasked has to be dropped and never answered: a router that takes the other side's first check for
 * itself has its port taken, and the client's own check goes out from another one, where nobody aims.
 */
export function rulesOf({ kind, inside, outside, address, hairpin = false }: RouterRules): string {
  const opens = kind === 'endpoint-independent' || kind === 'address-restricted';
  const mapped = opens || hairpin;
  const when = (condition: boolean, rule: string) => (condition ? rule : '');
  return `flush ruleset
table ip nat {
  ${when(mapped, `# outside port -> inside address and port; the outside port is the inside one, so it is known before masquerading`)}
  ${when(mapped, `map mappings { type inet_service : ipv4_addr . inet_service; flags dynamic,timeout; timeout 120s; }`)}
  ${when(kind === 'address-restricted', `set asked { type inet_service . ipv4_addr; flags dynamic,timeout; timeout 120s; }`)}
  chain note {
    type filter hook postrouting priority 90; policy accept;
    ${when(mapped, `oifname "${outside}" meta l4proto udp update @mappings { udp sport : ip saddr . udp sport }`)}
    ${when(kind === 'address-restricted', `oifname "${outside}" meta l4proto udp update @asked { udp sport . ip daddr }`)}
  }
  chain out {
    type nat hook postrouting priority srcnat; policy accept;
    ${when(kind !== 'none', `oifname "${outside}" masquerade${kind === 'symmetric' ? ' fully-random' : ''}`)}
    ${when(hairpin, `iifname "${inside}" oifname "${inside}" ct status dnat snat to ${address}`)}
  }
  chain in {
    type nat hook prerouting priority dstnat; policy accept;
    ${when(kind === 'endpoint-independent', `iifname "${outside}" ip daddr ${address} meta l4proto udp dnat ip addr . port to udp dport map @mappings`)}
    ${when(kind === 'address-restricted', `iifname "${outside}" ip daddr ${address} udp dport . ip saddr @asked dnat ip addr . port to udp dport map @mappings`)}
    ${when(hairpin, `iifname "${inside}" ip daddr ${address} meta l4proto udp dnat ip addr . port to udp dport map @mappings`)}
  }
}
table ip filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iifname { "lo", "${inside}" } accept
    ct state established,related accept
    icmp type echo-request accept
  }
  chain across {
    type filter hook forward priority 0; policy drop;
    ${when(kind === 'udp-blocked', `meta l4proto udp drop`)}
    ct state established,related accept
    iifname "${inside}" accept
    ct status dnat accept
  }
}
`;
}
