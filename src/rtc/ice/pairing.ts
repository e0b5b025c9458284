import { familyOf, type CandidateType } from './candidate.ts';

/** What decides whether two candidates make a pair. */
export interface Pairable {
  readonly type: CandidateType;
  readonly protocol: string;
  /** Absent where the browser hides it. */
  readonly address?: string;
  readonly tcpType?: 'active' | 'passive' | 'so';
  readonly component?: 'rtp' | 'rtcp';
}

/** Why ICE makes no pair of two candidates. */
export interface NoPair {
  /** A few characters for a cell of a table. */
  readonly short: string;
  readonly text: string;
  readonly spec: string;
}

/**
 * Says why ICE never checks a pair of these two; undefined where nothing speaks against it.
 *
 * @param local  the candidate of the agent whose checklist it is
 * @param remote the one that the other agent told
 * @see RFC 8445 §6.1.2.2 (which make a pair), §6.1.2.4 (which are pruned); RFC 6544 §6.2 (TCP)
 */
export function whyNoPair(local: Pairable, remote: Pairable): NoPair | undefined {
  if ((local.component ?? 'rtp') !== (remote.component ?? 'rtp'))
    return {
      short: 'RTP/RTCP',
      text: 'One is for RTP and the other for RTCP: a pair joins two candidates of the same component.',
      spec: 'RFC 8445 §6.1.2.2',
    };
  if (local.protocol !== remote.protocol)
    return {
      short: `${local.protocol}/${remote.protocol}`.toUpperCase(),
      text: 'One is UDP and the other TCP: a pair needs the same transport protocol at both ends.',
      spec: 'RFC 8445 §6.1.2.2',
    };
  return whyNoTcpPair(local, remote) ?? whyNoFamily(local, remote) ?? whyPruned(local);
}

function whyNoTcpPair(
  { protocol, tcpType: own }: Pairable,
  { tcpType: other }: Pairable,
): NoPair | undefined {
  if (protocol !== 'tcp' || !own || !other) return undefined;
  const spec = 'RFC 6544 §6.2';
  if (own === 'passive' && other === 'active')
    return {
      short: 'waits',
      text: 'This end only waits for the other one to open the connection. The check goes the other way; when it arrives, a prflx candidate takes its place.',
      spec,
    };
  if ((own === 'active' && other === 'passive') || (own === 'so' && other === 'so')) return undefined;
  const text =
    own === 'active' && other === 'active'
      ? 'Both want to open the TCP connection, and nobody waits for one.'
      : own === 'passive' && other === 'passive'
        ? 'Both wait for a TCP connection, and nobody opens one.'
        : `A TCP candidate of type ${own} cannot be joined with one of type ${other}.`;
  return { short: own === other ? `both ${own}` : `${own}/${other}`, text, spec };
}

function whyNoFamily(local: Pairable, remote: Pairable): NoPair | undefined {
  const [own, other] = [local, remote].map(({ address }) => (address ? familyOf(address) : undefined));
  const isIp = (family: string | undefined) => family === 'IPv4' || family === 'IPv6';
  const spec = 'RFC 8445 §6.1.2.2';
  if (isIp(own) && isIp(other) && own !== other)
    return {
      short: `${own}/${other}`.replaceAll('IP', ''),
      text: `One address is ${own} and the other ${other}: no packet can go from one to the other.`,
      spec,
    };
  if (own === 'IPv6' && other === 'IPv6' && isLinkLocal(local.address) !== isLinkLocal(remote.address))
    return {
      short: 'link-local',
      text: 'One address is valid on its own link only (fe80::/10) and the other is not.',
      spec,
    };
  return undefined;
}

const isLinkLocal = (address = '') => /^fe[89ab]/i.test(address);

function whyPruned({ type }: Pairable): NoPair | undefined {
  if (type !== 'srflx') return undefined;
  return {
    short: 'its base',
    text: 'A peer cannot send from the outside of its NAT. It sends from the host candidate behind it, so that this pair would be the same as the one of that host candidate.',
    spec: 'RFC 8445 §6.1.2.4',
  };
}
