import type { Entry, PeerLabel, RtcEvent } from '../../../rtc/timeline.ts';

export type Step = readonly [peer: PeerLabel, event: RtcEvent, atMs?: number];

/** A record for tests: the events in their order, 10 ms apart where no time is given. */
export function record(...steps: readonly Step[]): Entry[] {
  return steps.map(([peer, event, atMs], seq) => ({ ...event, peer, seq, atMs: atMs ?? seq * 10 }));
}

export const opened = (peer: PeerLabel): Step => [peer, { kind: 'peer-opened', configuration: {} }];

export const hostCandidate = 'candidate:1 1 udp 2113937151 192.0.2.1 50000 typ host';

export function candidateSent(from: PeerLabel, to: PeerLabel, id: string, candidate = hostCandidate): Step {
  return [from, { kind: 'signal-sent', id, to, signal: { candidate: { candidate, sdpMid: '0' } } }];
}
export function candidateReceived(
  to: PeerLabel,
  from: PeerLabel,
  id: string,
  candidate = hostCandidate,
): Step {
  return [to, { kind: 'signal-received', id, from, signal: { candidate: { candidate, sdpMid: '0' } } }];
}

/** A description of `sections` m-sections. `version` tells descriptions of one peer apart, as in browsers. */
export function sdp(version: number, sections = 1, more = ''): string {
  const lines = ['v=0', `o=- 4611 ${version} IN IP4 127.0.0.1`, 's=-', 't=0 0'];
  for (let mid = 0; mid < sections; mid++)
    lines.push(
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'c=IN IP4 0.0.0.0',
      `a=mid:${mid}`,
      'a=rtpmap:111 opus/48000/2',
    );
  return `${lines.join('\r\n')}\r\n${more}`;
}

export const described = (
  peer: PeerLabel,
  side: 'local' | 'remote',
  type: RTCSdpType,
  text: string,
): Step => [peer, { kind: 'description', side, type, sdp: text }];

export function descriptionSent(
  from: PeerLabel,
  to: PeerLabel,
  type: RTCSdpType,
  text: string,
  id = text,
): Step {
  return [from, { kind: 'signal-sent', id, to, signal: { description: { type, sdp: text } } }];
}
export function descriptionReceived(
  to: PeerLabel,
  from: PeerLabel,
  type: RTCSdpType,
  text: string,
  id = text,
): Step {
  return [to, { kind: 'signal-received', id, from, signal: { description: { type, sdp: text } } }];
}
