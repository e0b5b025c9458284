import type { NatKind } from '../../rtc/nat-sim/plan.ts';
import type { Reach } from '../../rtc/nat-sim/simulate.ts';

/** Why two homes reach each other as they do: one sentence, from RFC 4787's behaviours. */
export function why(a: NatKind, b: NatKind, reach: Reach): string {
  const kinds = [a, b];
  const has = (kind: NatKind) => kinds.includes(kind);
  if (has('udp-blocked'))
    return reach === 'none'
      ? 'Where no UDP passes, neither a STUN answer nor a check comes through, so that no pair can work.'
      : 'Where no UDP passes, the only way out is TCP to the TURN server, which talks UDP to the other side.';
  if (a === 'symmetric' && b === 'symmetric')
    return `Each NAT takes a new port for each destination, so the ports in both descriptions are wrong and neither filter lets the other one’s new port in${reach === 'none' ? '.' : ': only a relay is left.'}`;
  if (has('symmetric') && has('port-restricted'))
    return `The symmetric NAT sends its checks from a port that nobody announced, and the port-restricted one lets in only ports to which it has sent${reach === 'none' ? '.' : ': only a relay is left.'}`;
  if (has('symmetric'))
    return 'The symmetric NAT sends from a port that nobody announced, but the other NAT does not ask for the port (or there is none), so the check gets in and its source is learned: prflx.';
  if (reach !== 'direct')
    return 'These NATs allow a direct path; when it was looked at, the browsers had not changed to it yet.';
  return 'Every check comes from the port that was announced, and each side’s own check has opened its filter for just that port.';
}
