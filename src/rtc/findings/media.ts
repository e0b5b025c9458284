/** What flows, and how well. Rules look at samples of getStats(), one a second; one or two bad ones mean nothing. */
import { parseSdp } from '../sdp/parse.ts';
import type { InboundSample, OutboundSample } from '../stats/sample.ts';
import type { EntryOf } from '../timeline.ts';
import { wasConnected, type Facts, type PeerFacts, type StreamFacts } from './facts.ts';
import { HABIT, type Finding, type Rule } from './finding.ts';
import { inPercent, inSeconds, mean, times } from './words.ts';

type Stream = StreamFacts<InboundSample> | StreamFacts<OutboundSample>;
type Inbound = StreamFacts<InboundSample>;
type Outbound = StreamFacts<OutboundSample>;

const lesson = 'orientation/first-call';

/** Makes a rule of one about a single stream: the first stream for which it holds. */
const ofInbound =
  (rule: (stream: Inbound, peer: PeerFacts) => Finding | undefined): Rule =>
  (peer) =>
    first(peer.inbound.values(), (stream) => rule(stream, peer));
const ofOutbound =
  (rule: (stream: Outbound, peer: PeerFacts, facts: Facts) => Finding | undefined): Rule =>
  (peer, facts) =>
    first(peer.outbound.values(), (stream) => rule(stream, peer, facts));

function first<T, R>(all: Iterable<T>, find: (one: T) => R | undefined): R | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** More than this share of packets lost can be seen and heard, in spite of repair. */
const HIGH_LOSS = 0.05;

/** The other end may be in the record too: then it counts its losses itself, and better. */
const isCountedElsewhere = (ssrc: number, { peers }: Facts) => peers.some(({ inbound }) => inbound.has(ssrc));

function lossy(stream: Stream, peer: PeerFacts, verb: 'receives' | 'sends'): Finding | undefined {
  const bad = stream.samples.filter(({ sample }) => (sample.lossFraction ?? 0) > HIGH_LOSS);
  const [firstBad] = bad;
  if (!firstBad || bad.length < HABIT) return undefined;
  const share = mean(bad.map(({ sample }) => sample.lossFraction ?? 0));
  return {
    code: 'loss',
    severity: 'problem',
    peer: peer.peer,
    text: `${inPercent(share)} of the ${stream.kind} packets that ${peer.peer} ${verb} were lost, in ${bad.length} of ${stream.samples.length} samples. The network, or something that fills it, drops them.`,
    seq: firstBad.entry.seq,
    lesson,
  };
}

export const lossReceived: Rule = ofInbound((stream, peer) => lossy(stream, peer, 'receives'));
export const lossSent: Rule = ofOutbound((stream, peer, facts) =>
  isCountedElsewhere(stream.ssrc, facts) ? undefined : lossy(stream, peer, 'sends'),
);

/** People begin to interrupt each other from about 300 ms on (ITU-T G.114 wants 150 ms one way). */
const HIGH_RTT_MS = 300;

export const highRoundTrip: Rule = (peer) => {
  const slow = peer.of('stats').flatMap((entry) => {
    const { candidatePair, outbound } = entry.sample;
    const rttMs = Math.max(
      candidatePair?.currentRoundTripTimeMs ?? 0,
      ...outbound.map((each) => each.rttMs ?? 0),
    );
    return rttMs > HIGH_RTT_MS ? [{ entry, rttMs }] : [];
  });
  const [firstSlow] = slow;
  if (!firstSlow || slow.length < HABIT) return undefined;
  return {
    code: 'high-rtt',
    severity: 'notice',
    peer: peer.peer,
    text: `A round trip of ${peer.peer} took ${Math.round(mean(slow.map(({ rttMs }) => rttMs)))} ms on average in ${slow.length} samples. Above ${HIGH_RTT_MS} ms people start to talk into each other.`,
    seq: firstSlow.entry.seq,
    lesson,
  };
};

const HIGH_BUFFER_MS = 200;

/** Packets come so unevenly that the receiver has to hold them back. */
export const jitterBufferGrew: Rule = ofInbound((stream, peer) => {
  const known = stream.samples.filter(({ sample }) => sample.jitterBufferDelayMs !== undefined);
  const before = known[0]?.sample.jitterBufferDelayMs ?? 0;
  const high = known.filter(
    ({ sample: { jitterBufferDelayMs = 0 } }) =>
      jitterBufferDelayMs > HIGH_BUFFER_MS && jitterBufferDelayMs > 2 * before,
  );
  const [firstHigh] = high;
  if (!firstHigh || high.length < HABIT) return undefined;
  const most = Math.max(...high.map(({ sample }) => sample.jitterBufferDelayMs ?? 0));
  return {
    code: 'jitter-buffer',
    severity: 'notice',
    peer: peer.peer,
    text: `The jitter buffer for ${stream.kind} of ${peer.peer} grew from ${Math.round(before)} ms to ${Math.round(most)} ms: packets come unevenly, and what is played lags that much more.`,
    seq: firstHigh.entry.seq,
    lesson,
  };
});

/** A picture or two may freeze while a call begins. */
const MANY_FREEZES = 3;

export const freezes: Rule = ofInbound((stream, peer) => {
  const begun = stream.samples[0]?.sample.freezeCount ?? 0;
  const froze = stream.samples.filter(
    ({ sample }, index) =>
      (sample.freezeCount ?? 0) > (stream.samples[index - 1]?.sample.freezeCount ?? begun),
  );
  const count = (stream.samples.at(-1)?.sample.freezeCount ?? 0) - begun;
  const [firstFreeze] = froze;
  if (!firstFreeze || count < MANY_FREEZES) return undefined;
  return {
    code: 'freezes',
    severity: 'notice',
    peer: peer.peer,
    text: `The picture at ${peer.peer} froze ${times(count)}.`,
    seq: firstFreeze.entry.seq,
    lesson,
  };
});

/** The encoder gives less than it could (webrtc-stats §8.5, qualityLimitationReason). */
export const qualityLimited: Rule = ofOutbound((stream, peer) => {
  for (const reason of ['cpu', 'bandwidth'] as const) {
    const limited = stream.samples.filter(({ sample }) => sample.qualityLimitationReason === reason);
    const [firstLimited] = limited;
    // At the beginning of a call the estimate of the bandwidth is always small.
    if (!firstLimited || limited.length < HABIT || limited.length * 2 < stream.samples.length) continue;
    return {
      code: `limited-by-${reason}`,
      severity: 'notice',
      peer: peer.peer,
      text: `${peer.peer} sent a smaller or slower picture than its camera gives in ${limited.length} of ${stream.samples.length} samples: ${
        reason === 'cpu' ? 'its processor is too slow for more' : 'the network carries no more'
      }.`,
      seq: firstLimited.entry.seq,
      lesson,
    };
  }
  return undefined;
});

/** Video packets arrive and no picture comes of them. */
export const noFramesDecoded: Rule = ofInbound((stream, peer) => {
  if (stream.kind !== 'video') return undefined;
  const run = longestRun(
    stream.samples,
    ({ sample }) => sample.framesPerSecond === 0 && (sample.packetsPerSecond ?? 0) > 0,
  );
  const [start] = run;
  if (!start || run.length < HABIT) return undefined;
  return {
    code: 'no-frames-decoded',
    severity: 'problem',
    peer: peer.peer,
    text: `Video packets reach ${peer.peer}, and for ${run.length} samples in a row no frame was decoded: key frames are lost, or the decoder cannot read them.`,
    seq: start.entry.seq,
    lesson,
  };
});

/** A video track was added and the encoder has never had a picture. */
export const nothingEncoded: Rule = ofOutbound((stream, peer) => {
  if (stream.kind !== 'video') return undefined;
  // Before there is a path, nothing is encoded.
  const samples = stream.samples.filter(({ entry }) => entry.sample.candidatePair);
  const [start] = samples;
  const isLayer = samples.some(({ sample }) => sample.rid !== undefined);
  // A layer of a simulcast that the bandwidth does not allow is off, and is meant to be.
  if (!start || samples.length < HABIT || isLayer) return undefined;
  if (samples.some(({ sample }) => sample.framesEncoded !== 0)) return undefined;
  return {
    code: 'nothing-encoded',
    severity: 'problem',
    peer: peer.peer,
    text: `${peer.peer} sends a video track that has given no frame in ${samples.length} samples: the source is paused, covered, or never draws.`,
    seq: start.entry.seq,
    lesson,
  };
});

/** What was sent stops for good: the track ended, was stopped or was taken away. */
export const sendingStopped: Rule = ofOutbound((stream, peer) => {
  const lastSent = stream.samples.findLastIndex(({ sample }) => (sample.bitrateBps ?? 0) > 0);
  const silent = stream.samples.length - 1 - lastSent;
  const end = stream.samples[lastSent + 1];
  const until = peer.of('stats').at(-1);
  if (lastSent < 1 || !end || silent < 3 || until !== stream.samples.at(-1)?.entry) return undefined;
  return {
    code: 'sending-stopped',
    severity: 'notice',
    peer: peer.peer,
    text: `${peer.peer} stopped sending ${stream.kind} and sent nothing in the last ${silent} samples: its track ended, or was stopped or taken away.`,
    seq: end.entry.seq,
    lesson,
  };
});

/** A track of the other side has ended, as the browser says itself. */
export const trackEnded: Rule = (peer) => {
  const ended = peer.of('track-state').find(({ state }) => state === 'ended');
  // Tracks end with their connection as well.
  if (!ended || peer.of('peer-closed').some(({ atMs }) => Math.abs(atMs - ended.atMs) < 100))
    return undefined;
  return {
    code: 'track-ended',
    severity: 'notice',
    peer: peer.peer,
    text: `An ${ended.track === 'audio' ? 'audio' : 'incoming video'} track of ${peer.peer} ended: nothing comes from it any more.`,
    seq: ended.seq,
    lesson,
  };
};

/** Sound arrives and there is none in it: so few bits that it is silence, and a level of 0 besides. */
const SILENCE_BPS = 6000;

export const silence: Rule = ofInbound((stream, peer) => {
  if (stream.kind !== 'audio') return undefined;
  const run = longestRun(
    stream.samples,
    // The level alone says nothing: it is 0 as well where the page plays the sound muted.
    ({ sample: { audioLevel, bitrateBps = 0 } }) =>
      audioLevel === 0 && bitrateBps > 0 && bitrateBps < SILENCE_BPS,
  );
  const [start] = run;
  if (!start || run.length < HABIT) return undefined;
  return {
    code: 'silence',
    severity: 'notice',
    peer: peer.peer,
    text: `Audio packets reach ${peer.peer}, and for ${run.length} samples in a row they held silence: is the microphone muted on the other side?`,
    seq: start.entry.seq,
    lesson,
  };
});

/** Media in one direction only. */
export const oneWay: Rule = (peer, { peers }) => {
  const flowing = peer.of('stats').flatMap((entry) => {
    const flows = (streams: readonly (InboundSample | OutboundSample)[]) =>
      streams.some(({ bitrateBps = 0 }) => bitrateBps > 1000);
    const [sends, receives] = [flows(entry.sample.outbound), flows(entry.sample.inbound)];
    return sends || receives ? [{ entry, sends, receives }] : [];
  });
  const [start] = flowing;
  if (!start || flowing.length < 3) return undefined;
  const sends = flowing.some((each) => each.sends);
  const receives = flowing.some((each) => each.receives);
  if (sends && receives) return undefined;
  const agreed = agreedWay(peer);
  // What the sender in the same record says already.
  if (receives && agreed !== 'sendrecv' && peers.some((other) => other.outbound.size > 0)) return undefined;
  const only = sends ? 'sendonly' : 'recvonly';
  return {
    code: 'one-way',
    severity: agreed === 'sendrecv' ? 'problem' : 'notice',
    peer: peer.peer,
    text: `${peer.peer} ${sends ? 'sends media and receives none' : 'receives media and sends none'}${
      agreed === 'sendrecv'
        ? ', though both directions were agreed on (sendrecv). Does the other side add its tracks, and do they give anything?'
        : agreed === only
          ? `, as the descriptions agreed (${only}).`
          : '.'
    }`,
    seq: start.entry.seq,
    lesson,
  };
};

/** In which directions media was agreed to flow, seen from this peer. */
function agreedWay(peer: PeerFacts): 'sendrecv' | 'sendonly' | 'recvonly' | undefined {
  const answer = peer.of('description').findLast(({ type }) => type === 'answer');
  const parsed = answer && parseSdp(answer.sdp, 'answer');
  if (!parsed?.ok || !answer) return undefined;
  const isOwn = answer.side === 'local';
  const ways = parsed.model.media.filter(({ kind, rejected }) => kind !== 'application' && !rejected);
  const sends = ways.some(
    ({ direction }) => direction === 'sendrecv' || direction === (isOwn ? 'sendonly' : 'recvonly'),
  );
  const receives = ways.some(
    ({ direction }) => direction === 'sendrecv' || direction === (isOwn ? 'recvonly' : 'sendonly'),
  );
  return sends && receives ? 'sendrecv' : sends ? 'sendonly' : receives ? 'recvonly' : undefined;
}

/** The other side announced a track, the call is up, and not one packet of it has come. */
export const nothingReceived: Rule = (peer) => {
  const track = peer.of('track')[0];
  const connected = peer.of('connection-state').find(({ state }) => state === 'connected');
  if (!track || !connected || !wasConnected(peer)) return undefined;
  const later = peer
    .of('stats')
    .filter(({ atMs, sample }) => atMs > Math.max(track.atMs, connected.atMs) && sample.candidatePair);
  const [start] = later;
  if (
    !start ||
    later.length < HABIT ||
    later.some(({ sample }) => sample.inbound.some((each) => each.packetsReceived > 0))
  )
    return undefined;
  const tookMs = (later.at(-1)?.atMs ?? start.atMs) - connected.atMs;
  return {
    code: 'nothing-received',
    severity: 'problem',
    peer: peer.peer,
    text: `${peer.peer} was told of ${article(track)} track and is connected, and not one media packet came in ${inSeconds(tookMs)}.`,
    seq: start.seq,
    lesson,
  };
};

const article = ({ track }: EntryOf<'track'>) => (track === 'audio' ? 'an audio' : 'a video');

/** The longest part of the list, without a gap, for all of which the condition holds. */
function longestRun<T>(list: readonly T[], holds: (one: T) => boolean): readonly T[] {
  let best: readonly T[] = [];
  let from = 0;
  for (const [index, one] of list.entries()) {
    if (!holds(one)) from = index + 1;
    else if (index + 1 - from > best.length) best = list.slice(from, index + 1);
  }
  return best;
}
