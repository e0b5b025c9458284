import type { MediaSection, SdpLine, SessionDescriptionModel } from '../../../rtc/sdp/parse.ts';
import { sectionOf, valueOf } from '../../../rtc/sdp/parse.ts';
import type { InboundSample, OutboundSample, StatsSample } from '../../../rtc/stats/sample.ts';
import type { EntryOf, PeerLabel } from '../../../rtc/timeline.ts';
import type { Target } from '../../view.ts';
import { isSelected, type PeerCandidates } from './candidates.ts';
import { fold, type Fold } from './fold.ts';
import { inBitrate, plural } from './format.ts';
import { codecName } from './stats.ts';

/** One thing that a line of a description became, and where it can be looked at. */
export interface LivesOn {
  readonly text: string;
  readonly target?: Target;
}

/** What a peer's transceiver says of itself; the entries do not tell, the connection does. */
export interface TransceiverFacts {
  readonly mid: string | null;
  readonly direction: RTCRtpTransceiverDirection;
  readonly currentDirection: RTCRtpTransceiverDirection | null;
  /** Whether a track is being sent. */
  readonly sends: boolean;
}

/** What the entries tell about one peer. */
interface PeerFacts {
  stats?: StatsSample;
  /** The latest state of each DTLS transport, by the mid that it was recorded for ('' where none was). */
  readonly dtls: Map<string, RTCDtlsTransportState>;
  readonly tracks: EntryOf<'track'>[];
  /** Data channels by label. */
  readonly channels: Map<string, RTCDataChannelState>;
  ice?: RTCIceConnectionState;
}
export type Facts = ReadonlyMap<PeerLabel, PeerFacts>;

/** What there is to tell about each peer that was opened in this page. */
export function factsFold(): Fold<Map<PeerLabel, PeerFacts>> {
  return fold(
    () => new Map(),
    (peers, entry) => {
      if (entry.kind === 'peer-opened')
        peers.set(entry.peer, { dtls: new Map(), tracks: [], channels: new Map() });
      const own = peers.get(entry.peer);
      if (!own) return;
      if (entry.kind === 'stats') own.stats = entry.sample;
      else if (entry.kind === 'dtls-transport-state') own.dtls.set(entry.mid ?? '', entry.state);
      else if (entry.kind === 'ice-connection-state') own.ice = entry.state;
      else if (entry.kind === 'track') own.tracks.push(entry);
      else if (entry.kind === 'data-channel') own.channels.set(entry.label, entry.state);
    },
  );
}

/** Where a line is to be looked for. */
export interface Around {
  readonly line: SdpLine;
  readonly model: SessionDescriptionModel;
  readonly writer: PeerLabel | undefined;
  readonly reader: PeerLabel | undefined;
  readonly facts: Facts;
  readonly candidates: ReadonlyMap<PeerLabel, PeerCandidates>;
  /** Of the peers that live in this page, and only as they are now. */
  readonly transceivers?: ReadonlyMap<PeerLabel, readonly TransceiverFacts[]>;
}

/**
 * Where a line of a description lives on: in the transceiver, the codec in use, the pair of candidates, the DTLS transport.
 *
 * Empty for a line that nothing outside the text shows. Peers in another page are silent.
 */
export function livesOn(around: Around): LivesOn[] {
  const { line, model } = around;
  const section = sectionOf(line, model);
  if (line.type === 'm') return section ? ofSection(around, section) : [];
  switch (line.attribute) {
    case 'mid':
    case 'sendrecv':
    case 'sendonly':
    case 'recvonly':
    case 'inactive':
      return section ? ofSection(around, section) : [];
    case 'rtpmap':
    case 'fmtp':
    case 'rtcp-fb':
      return section ? ofCodec(around, section, line.value.split(' ')[0] ?? '') : [];
    case 'candidate':
      return ofCandidate(around, `candidate:${line.value}`);
    case 'ice-ufrag':
    case 'ice-pwd':
    case 'ice-options':
    case 'rtcp-mux':
      return ofIce(around);
    case 'fingerprint':
    case 'setup':
    case 'tls-id':
      return ofDtls(around, section);
    case 'group':
      return ofBundle(around);
    case 'ssrc':
      return section ? ofSsrc(around, section, Number(line.value.split(' ')[0])) : [];
    case 'rid':
    case 'simulcast':
      return section ? ofLayers(around, section) : [];
    case 'msid':
      return section ? ofStream(around, section) : [];
    case 'sctp-port':
    case 'max-message-size':
      return ofChannels(around);
    default:
      return [];
  }
}

/** Both ends of the description, the writer first, as far as they are known. */
const endsOf = ({ writer, reader }: Around): PeerLabel[] =>
  [writer, reader].filter((peer) => peer !== undefined);

function ofSection(around: Around, section: MediaSection): LivesOn[] {
  if (section.kind === 'application') return ofChannels(around);
  const found: LivesOn[] = [];
  for (const peer of endsOf(around)) {
    const transceiver = around.transceivers
      ?.get(peer)
      ?.find(({ mid }) => mid !== null && mid === section.mid);
    if (transceiver) {
      const { mid, direction, currentDirection, sends } = transceiver;
      found.push({
        text: `Transceiver of ${peer} with mid ${mid}: direction ${direction}, currentDirection ${currentDirection ?? 'null'}, ${sends ? 'a track to send' : 'no track to send'}.`,
      });
    } else {
      const track = around.facts.get(peer)?.tracks.findLast(({ mid }) => mid === section.mid);
      if (track) found.push({ text: `${peer} got a track event for it: ${track.track}, mid ${track.mid}.` });
    }
  }
  return [...found, ...ofStreams(around, section)];
}

interface Stream {
  readonly peer: PeerLabel;
  readonly way: 'sends' | 'receives';
  readonly sample: OutboundSample | InboundSample;
}

/** The RTP streams of a section, at both ends; those that are sent first. */
function streamsOf(around: Around, { mid, kind }: MediaSection): Stream[] {
  const all = endsOf(around).flatMap((peer): Stream[] => {
    const { outbound = [], inbound = [] } = around.facts.get(peer)?.stats ?? {};
    return [
      ...outbound.map((sample): Stream => ({ peer, way: 'sends', sample })),
      ...inbound.map((sample): Stream => ({ peer, way: 'receives', sample })),
    ];
  });
  return all
    .filter(({ sample }) => (sample.mid === undefined ? sample.kind === kind : sample.mid === mid))
    .toSorted((a, b) => Number(a.way === 'receives') - Number(b.way === 'receives'));
}

function inWords({ peer, way, sample }: Stream, section: MediaSection): LivesOn {
  const rate = sample.bitrateBps === undefined ? '' : `, ${inBitrate(sample.bitrateBps)}`;
  const layer = sample.rid === undefined ? '' : `, layer ${sample.rid}`;
  return {
    text: `${peer} ${way} it now: ${codecName(sample.codec)}${layer}${rate}.`,
    target: { panel: 'stats', peer, ...(section.mid !== undefined && { mid: section.mid }) },
  };
}

const ofStreams = (around: Around, section: MediaSection): LivesOn[] =>
  streamsOf(around, section).map((stream) => inWords(stream, section));

/** Formats that carry no sound or picture of their own. */
const helpers: Readonly<Record<string, string>> = {
  rtx: 'Retransmissions: lost packets are sent again in this format. The statistics count them with the stream that they repair.',
  red: 'A wrapper for redundancy, not a codec.',
  ulpfec: 'Forward error correction, not a codec.',
  'flexfec-03': 'Forward error correction, not a codec.',
  'telephone-event': 'Touch tones. Nothing is sent until somebody presses a key.',
  cn: 'Comfort noise, for codecs that know no silence.',
};

function ofCodec(around: Around, section: MediaSection, payloadType: string): LivesOn[] {
  const codec = section.codecs.get(payloadType);
  if (!codec) return [];
  const name = codec.name.toLowerCase();
  const streams = streamsOf(around, section);
  const using = streams.filter(({ sample }) => codecName(sample.codec).toLowerCase() === name);
  if (using.length > 0) return using.map((stream) => inWords(stream, section));
  if (helpers[name]) return [{ text: helpers[name] }];
  return streams
    .filter(({ way, sample }) => way === 'sends' && sample.codec)
    .map(({ peer, sample }) => ({
      text: `Not in use: ${peer} sends ${codecName(sample.codec)} here.`,
      target: { panel: 'stats', peer, ...(section.mid !== undefined && { mid: section.mid }) },
    }));
}

function ofCandidate(around: Around, candidate: string): LivesOn[] {
  const { writer, reader, candidates } = around;
  const found: LivesOn[] = [];
  for (const [peer, side] of [
    [writer, 'local'],
    [reader, 'remote'],
  ] as const) {
    const own = peer === undefined ? undefined : candidates.get(peer);
    const row = own?.[side].find(({ text }) => text === candidate);
    if (peer === undefined || !own || !row) continue;
    const use = !own.pair
      ? 'no pair is selected'
      : isSelected(row, own.pair[side])
        ? 'in use, one end of the selected pair'
        : 'not in use';
    found.push({
      text: `${side === 'local' ? 'A local' : 'A remote'} candidate of ${peer}: ${use}.`,
      target: { panel: 'candidates', peer, candidate },
    });
  }
  return found;
}

function ofIce(around: Around): LivesOn[] {
  return endsOf(around).flatMap((peer): LivesOn[] => {
    const own = around.candidates.get(peer);
    const ice = around.facts.get(peer)?.ice;
    if (!own || !ice) return [];
    const pair = own.pair;
    const used = pair && own.local.find((row) => isSelected(row, pair.local));
    const words = pair ? `, selected pair ${pair.local.type} – ${pair.remote.type}` : '';
    return [
      {
        text: `ICE of ${peer}: ${ice}${words}.`,
        target: used ? { panel: 'candidates', peer, candidate: used.text } : { panel: 'states', peer },
      },
    ];
  });
}

function ofDtls(around: Around, section: MediaSection | undefined): LivesOn[] {
  return endsOf(around).flatMap((peer): LivesOn[] => {
    const own = around.facts.get(peer);
    const states = own && statesOf(own, section?.mid);
    if (!own || !states?.length) return [];
    const { dtlsVersion, dtlsCipher, srtpCipher } = own.stats?.transport ?? {};
    const details = [dtlsVersion, dtlsCipher, srtpCipher && `media with ${srtpCipher}`].filter(Boolean);
    const role = roleOf(around, peer, section);
    return [
      {
        text: `DTLS transport of ${peer}: ${states.join(', ')}${role ? `, ${role}` : ''}${details.map((one) => `, ${one}`).join('')}.`,
        target: { panel: 'states', peer },
      },
    ];
  });
}

/** The state of the transport that carries a section; all of them where it cannot be told which. */
function statesOf({ dtls }: PeerFacts, mid: string | undefined): string[] {
  const own = mid === undefined ? undefined : dtls.get(mid);
  return own ? [own] : [...new Set(dtls.values())];
}

/** Who begins the handshake: the active one is the client (RFC 8842 §5.1). An offer leaves it open. */
function roleOf(
  { model, writer }: Around,
  peer: PeerLabel,
  section: MediaSection | undefined,
): string | undefined {
  const setup = valueOf(section?.lines ?? model.lines, 'setup');
  if (setup !== 'active' && setup !== 'passive') return undefined;
  return (setup === 'active') === (peer === writer) ? 'client' : 'server';
}

function ofBundle(around: Around): LivesOn[] {
  return endsOf(around).flatMap((peer): LivesOn[] => {
    const dtls = around.facts.get(peer)?.dtls;
    if (!dtls?.size) return [];
    const states = [...new Set(dtls.values())].join(', ');
    return [
      {
        text: `${plural(dtls.size, 'DTLS transport')} at ${peer}: ${states}.`,
        target: { panel: 'states', peer },
      },
    ];
  });
}

function ofSsrc(around: Around, section: MediaSection, ssrc: number): LivesOn[] {
  const found = streamsOf(around, section).filter(({ sample }) => sample.ssrc === ssrc);
  if (found.length > 0) return found.map((stream) => inWords(stream, section));
  const isRepair = section.lines.some(
    ({ attribute, value }) =>
      attribute === 'ssrc-group' && value.startsWith('FID ') && value.split(' ').at(-1) === String(ssrc),
  );
  return isRepair ? [{ text: 'The retransmission stream of the other SSRC (a=ssrc-group:FID).' }] : [];
}

function ofLayers(around: Around, section: MediaSection): LivesOn[] {
  return streamsOf(around, section)
    .filter(({ sample }) => sample.rid !== undefined)
    .map((stream) => inWords(stream, section));
}

/** a=msid becomes the streams of the track event at the other end (webrtc-pc §5.1.1). */
function ofStream(around: Around, section: MediaSection): LivesOn[] {
  const track = around.facts.get(around.reader ?? '')?.tracks.findLast(({ mid }) => mid === section.mid);
  const found: LivesOn[] = track
    ? [
        {
          text: `The track event of ${track.peer}: ${track.track}, mid ${track.mid}, ${track.streams.length > 0 ? plural(track.streams.length, 'stream') : 'without a stream'}.`,
        },
      ]
    : [];
  return [...found, ...ofStreams(around, section).slice(0, 2)];
}

function ofChannels(around: Around): LivesOn[] {
  return endsOf(around).flatMap((peer) =>
    [...(around.facts.get(peer)?.channels ?? [])].map(([label, state]): LivesOn => ({
      text: `Data channel “${label}” of ${peer}: ${state}.`,
      target: { panel: 'ladder' },
    })),
  );
}
