/** Candidates, ICE, DTLS: whether there is a path, what kind of path, and whether it holds. */
import { parseCandidate } from '../ice/candidate.ts';
import { refusalWords } from '../ice/refusal.ts';
import type { EntryOf } from '../timeline.ts';
import {
  candidates,
  descriptions,
  lastState,
  refused,
  waited,
  wasConnected,
  type PeerFacts,
} from './facts.ts';
import type { Finding, Rule } from './finding.ts';
import { inMs, inSeconds, quoted, times } from './words.ts';

const inSdp = /^a=candidate:/m;

/** When both descriptions were in force for the first time; undefined while one is missing. */
function negotiatedAt(peer: PeerFacts): EntryOf<'signaling-state'> | undefined {
  const states = peer.of('signaling-state');
  return states.find(
    ({ state, seq }) => state === 'stable' && descriptions(peer, 'remote').some((one) => one.seq < seq),
  );
}

const hasRemoteCandidates = (peer: PeerFacts) =>
  candidates(peer, 'remote').length > 0 || descriptions(peer, 'remote').some(({ sdp }) => inSdp.test(sdp));
const hasLocalCandidates = (peer: PeerFacts) =>
  candidates(peer, 'local').length > 0 || descriptions(peer, 'local').some(({ sdp }) => inSdp.test(sdp));
const candidatesRefused = (peer: PeerFacts) => refused(peer, 'addIceCandidate');

/** Nothing came that could be connected to. Chromium stays silent about it for ever, Firefox fails after 5 s. */
export const noRemoteCandidates: Rule = (peer) => {
  const negotiated = negotiatedAt(peer);
  if (!negotiated || wasConnected(peer) || hasRemoteCandidates(peer) || candidatesRefused(peer).length > 0)
    return undefined;
  const howLong = waited(peer, negotiated.atMs, 'within');
  if (!howLong) return undefined;
  return {
    code: 'no-remote-candidates',
    severity: 'problem',
    peer: peer.peer,
    text: `No candidate of the other side reached ${peer.peer} ${howLong}, so there was nothing to connect to. Candidates travel apart from the descriptions (trickle ICE): is each one sent, and does the other end listen for that very name?`,
    seq: negotiated.seq,
    lesson: 'connectivity/trickle-ice',
  };
};

/** Candidates were added before the description to which they belong (webrtc-pc §4.4.2, addIceCandidate). */
export const earlyCandidates: Rule = (peer) => {
  const failures = candidatesRefused(peer);
  const [first] = failures;
  if (!first) return undefined;
  const description = descriptions(peer, 'remote')[0];
  const isEarly = !description || first.entry.seq < description.seq;
  const lost = failures.length === 1 ? 'One candidate was' : `${failures.length} candidates were`;
  return {
    code: isEarly ? 'candidates-too-early' : 'candidates-refused',
    severity: wasConnected(peer) ? 'notice' : 'problem',
    peer: peer.peer,
    text: isEarly
      ? `${lost} refused: ${peer.peer} had no remote description yet. Nobody sends a candidate a second time: keep those that come early, and add them after setRemoteDescription().`
      : `${lost} refused by ${peer.peer}. The browser: ${quoted(first.message)}.`,
    seq: first.entry.seq,
    lesson: 'connectivity/trickle-ice',
  };
};

/** The search for addresses ended and found none. */
export const noLocalCandidates: Rule = (peer) => {
  const complete = peer.of('ice-gathering-state').findLast(({ state }) => state === 'complete');
  if (!complete || hasLocalCandidates(peer) || peer.of('ice-gathering-state').at(-1) !== complete)
    return undefined;
  const configuration: RTCConfiguration = peer.of('peer-opened')[0]?.configuration ?? {};
  const servers = (configuration.iceServers ?? []).flatMap(({ urls }) => urls);
  const isRelayOnly = configuration.iceTransportPolicy === 'relay';
  return {
    code: isRelayOnly ? 'relay-only-nothing' : 'no-local-candidates',
    severity: 'problem',
    peer: peer.peer,
    text: isRelayOnly
      ? `${peer.peer} may only use a relay (iceTransportPolicy: relay) and found none: ${
          servers.some((url) => /^turns?:/.test(url))
            ? 'its TURN server gave it no address. Look at the errors of gathering.'
            : 'no TURN server is configured.'
        }`
      : `${peer.peer} found no address at which it could be reached. Is there a network at all, and does the browser let the page see it?`,
    seq: complete.seq,
    lesson: 'connectivity/candidates',
  };
};

/** Media takes the way through a TURN server. */
export const relayed: Rule = (peer) => {
  const selected = peer.of('selected-candidate-pair').at(-1);
  const ends = selected && [selected.local, selected.remote].filter((end) => end.startsWith('relay'));
  if (!selected || !ends?.length) return undefined;
  const policy = peer.of('peer-opened')[0]?.configuration.iceTransportPolicy;
  return {
    code: 'relayed',
    severity: 'notice',
    peer: peer.peer,
    text: `${peer.peer} is connected through a TURN server${
      policy === 'relay'
        ? ', as iceTransportPolicy: relay demands'
        : ': no direct path answered, or none sooner'
    }. Everything takes that detour, and the server carries its traffic.`,
    seq: selected.seq,
    lesson: 'connectivity/turn',
  };
};

/** All that the other side gave are names that only its own network can resolve. */
export const mdnsOnly: Rule = (peer, { peers }) => {
  const remote = candidates(peer, 'remote');
  const negotiated = negotiatedAt(peer);
  const [first] = remote;
  if (!first || !negotiated || wasConnected(peer) || !waited(peer, negotiated.atMs)) return undefined;
  const addresses = remote.map(addressOf);
  if (!addresses.every((address) => address?.endsWith('.local'))) return undefined;
  // The browser that made a name knows it: then it was not the name that stood in the way.
  const own = new Set(peers.flatMap((each) => candidates(each, 'local').map(addressOf)));
  if (addresses.some((address) => own.has(address))) return undefined;
  return {
    code: 'mdns-unresolved',
    severity: 'problem',
    peer: peer.peer,
    text: `The candidates that ${peer.peer} got (${remote.length}) are all hidden behind names that end in .local (mDNS), and none answered. Such a name is known only in the network of the one who made it: from elsewhere, a STUN or TURN server is needed.`,
    seq: first.seq,
    lesson: 'connectivity/ip-privacy',
  };
};

function addressOf({ candidate }: EntryOf<'candidate'>): string | undefined {
  const parsed = parseCandidate(candidate);
  return parsed.kind === 'candidate' ? parsed.candidate.address : undefined;
}

/** STUN and TURN servers that refused or kept silent (webrtc-pc §4.8.2; 701 is “no answer”, RFC 8489 has the others). */
export const serverErrors: Rule = (peer) => {
  const errors = peer.of('candidate-error');
  const refusal = errors.find(({ errorCode }) => errorCode >= 300 && errorCode < 700);
  const first = refusal ?? errors[0];
  if (!first) return undefined;
  const host = first.url || 'A server';
  const matters = !wasConnected(peer);
  const came = matters ? '' : ' The call found its way without it.';
  const advice = refusal && ` ${refusalWords(refusal.errorCode)}`.trimEnd();
  const said = first.errorText ? ` (${first.errorText.slice(0, 80)})` : '';
  return {
    code: refusal ? 'turn-refused' : 'server-silent',
    severity: matters && waited(peer, first.atMs) ? 'problem' : 'notice',
    peer: peer.peer,
    text: refusal
      ? `${host} refused ${peer.peer} with ${first.errorCode}${said}: no relayed address.${advice}${came}`
      : `${host} did not answer ${peer.peer}${first.errorCode ? ` (${first.errorCode})` : ''}${errors.length > 1 ? `, ${times(errors.length)}` : ''}.${
          matters ? ' Without it, only peers in the same network may be reached.' : came
        }`,
    seq: first.seq,
    lesson: 'connectivity/trickle-ice',
  };
};

/** A path was there, and the handshake on it failed: the certificate is not the one that was announced (RFC 8827 §6.5). */
export const dtlsFailed: Rule = (peer) => {
  const [failed] = peer.of('dtls-transport-state').filter(({ state }) => state === 'failed');
  const connection = peer.of('connection-state').find(({ state }) => state === 'failed');
  const entry = failed ?? connection;
  const iceFailed = peer.of('ice-connection-state').some(({ state }) => state === 'failed');
  if (!entry || iceFailed || !wasIceConnected(peer)) return undefined;
  return {
    code: 'dtls-failed',
    severity: 'problem',
    peer: peer.peer,
    text: `${peer.peer} found a path, and then the DTLS handshake failed. Mostly the fingerprint in the description is not that of the certificate: was the SDP changed on its way?`,
    seq: entry.seq,
    lesson: 'signaling/by-hand',
  };
};

const wasIceConnected = (peer: PeerFacts) =>
  peer.of('ice-connection-state').some(({ state }) => state === 'connected' || state === 'completed');

/** No pair of candidates answered. */
export const iceFailed: Rule = (peer) => {
  if (wasIceConnected(peer) || !hasRemoteCandidates(peer)) return undefined;
  // Chromium says so in connectionState first, and may call the ICE state disconnected until then.
  const failed =
    peer.of('ice-connection-state').find(({ state }) => state === 'failed') ??
    peer.of('connection-state').find(({ state }) => state === 'failed');
  if (!failed) return undefined;
  const pairs = peer.of('candidate-pairs').at(-1)?.pairs.length;
  const hasRelay = candidates(peer, 'local').some(({ candidate }) => / typ relay\b/.test(candidate));
  return {
    code: 'ice-failed',
    severity: 'problem',
    peer: peer.peer,
    text: `${peer.peer} found no path: ${pairs ? `none of ${pairs} candidate pairs answered` : 'no candidate pair answered'}.${
      hasRelay ? '' : ' It has no relay candidate; behind strict NATs and firewalls a TURN server is the way.'
    }`,
    seq: failed.seq,
    lesson: 'connectivity/checks',
  };
};

/** The path stopped answering. ICE calls that disconnected and hopes; consent to send ends after 30 s (RFC 7675). */
export const interrupted: Rule = (peer) => {
  if (!wasConnected(peer)) return undefined;
  const states =
    peer.of('connection-state').length > 0 ? peer.of('connection-state') : peer.of('ice-connection-state');
  const breaks = states.flatMap((entry, index) =>
    entry.state === 'disconnected' ? [{ entry, next: states[index + 1] }] : [],
  );
  const back = breaks.findLast(({ next }) => next?.state === 'connected' || next?.state === 'completed');
  const last = breaks.at(-1);
  const howLong = last && !last.next && waited(peer, last.entry.atMs);
  if (howLong)
    return {
      code: 'path-lost',
      severity: 'problem',
      peer: peer.peer,
      text: `${peer.peer} heard nothing on its path ${howLong}. It may come back by itself; an ICE restart looks for a new path.`,
      seq: last.entry.seq,
      lesson: 'connectivity/ice-restart',
    };
  if (!back?.next) return undefined;
  const tookMs = back.next.atMs - back.entry.atMs;
  return {
    code: 'interrupted',
    severity: 'notice',
    peer: peer.peer,
    text: `${peer.peer} lost its path for ${inSeconds(tookMs)}${breaks.length > 1 ? ` (${times(breaks.length)} in all)` : ''}, and it came back by itself.`,
    seq: back.entry.seq,
    lesson: 'connectivity/ice-restart',
  };
};

const ufragOf = (sdp: string): string | undefined => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];

/** Candidates looked for anew under a new user fragment (RFC 8445 §9). */
export const iceRestarted: Rule = (peer) => {
  const connected = peer.of('connection-state').find(({ state }) => state === 'connected');
  if (!connected) return undefined;
  for (const side of ['local', 'remote'] as const) {
    const all = descriptions(peer, side);
    // The same side may offer anew before the first call is up: only what comes after it is a restart.
    const restart = all.findLast((entry, index) => {
      const before = all[index - 1];
      return before && entry.seq > connected.seq && ufragOf(entry.sdp) !== ufragOf(before.sdp);
    });
    if (!restart) continue;
    const works =
      lastState(peer, 'connection-state') === 'connected' &&
      peer.endMs - restart.atMs > 0 &&
      !isStale(peer, restart);
    const howLong = waited(peer, restart.atMs, 'within');
    if (!works && !howLong) return undefined;
    return {
      code: works ? 'ice-restarted' : 'ice-restart-failed',
      severity: works ? 'good' : 'problem',
      peer: peer.peer,
      text: works
        ? `${peer.peer} restarted ICE, and the call went on.`
        : `${peer.peer} restarted ICE and was not connected anew ${howLong ?? ''}.`,
      seq: restart.seq,
      lesson: 'connectivity/ice-restart',
    };
  }
  return undefined;
};

/** Whether the restart's own exchange never ended. */
const isStale = (peer: PeerFacts, restart: EntryOf<'description'>): boolean =>
  lastState(peer, 'signaling-state') !== 'stable' && waited(peer, restart.atMs) !== undefined;

/** It went well, and how fast. Counted from the first description that the peer set. */
export const connectedFast: Rule = (peer): Finding | undefined => {
  const connected = peer.of('connection-state').find(({ state }) => state === 'connected');
  const begun = peer.of('signaling-state')[0] ?? peer.of('peer-opened')[0];
  if (!connected || !begun || lastState(peer, 'connection-state') !== 'connected') return undefined;
  return {
    code: 'connected',
    severity: 'good',
    peer: peer.peer,
    text: `${peer.peer} was connected ${inMs(connected.atMs - begun.atMs)} after its first description.`,
    seq: connected.seq,
    lesson: 'orientation/first-call',
  };
};

/** Descriptions and candidates were there on both sides, and yet nothing has been heard. */
export const stillChecking: Rule = (peer) => {
  const checking = peer.of('ice-connection-state').findLast(({ state }) => state === 'checking');
  if (!checking || wasConnected(peer) || lastState(peer, 'ice-connection-state') !== 'checking')
    return undefined;
  const howLong = waited(peer, checking.atMs);
  if (!howLong) return undefined;
  return {
    code: 'still-checking',
    severity: 'notice',
    peer: peer.peer,
    text: `${peer.peer} checked candidate pairs ${howLong}, and none has answered. Has the other side set its remote description, and got our candidates?`,
    seq: checking.seq,
    lesson: 'connectivity/checks',
  };
};
