import { help } from '../../../rtc/errors.ts';
import { parseCandidate } from '../../../rtc/ice/candidate.ts';
import { messageOf } from '../../../rtc/stun/message-of.ts';
import { summaryOf } from '../../../rtc/stun/summary.ts';
import type { Entry, EntryKind, EntryOf, Outcome, Signal } from '../../../rtc/timeline.ts';
import { inMs, plural } from './format.ts';

/** What an entry is about; the timeline's filter. */
export const allGroups = [
  'run',
  'signals',
  'api',
  'states',
  'descriptions',
  'candidates',
  'wire',
  'media',
  'stats',
] as const;
export type Group = (typeof allGroups)[number];

export const groups: Readonly<Record<Group, string>> = {
  run: 'Run',
  signals: 'Signals',
  api: 'API calls',
  states: 'States',
  descriptions: 'Descriptions',
  candidates: 'Candidates',
  wire: 'STUN and TURN',
  media: 'Media and data',
  stats: 'Statistics',
};

const groupOfKind: Readonly<Record<EntryKind, Group>> = {
  'run-started': 'run',
  'run-ended': 'run',
  note: 'run',
  measure: 'run',
  error: 'run',
  presence: 'run',
  step: 'run',
  prediction: 'run',
  fault: 'run',
  'signal-sent': 'signals',
  'signal-received': 'signals',
  'server-message': 'signals',
  'peer-opened': 'api',
  'peer-closed': 'api',
  call: 'api',
  'call-settled': 'api',
  'negotiation-needed': 'states',
  'signaling-state': 'states',
  'ice-gathering-state': 'states',
  'ice-connection-state': 'states',
  'connection-state': 'states',
  'dtls-transport-state': 'states',
  description: 'descriptions',
  candidate: 'candidates',
  'end-of-candidates': 'candidates',
  'candidate-error': 'candidates',
  'selected-candidate-pair': 'candidates',
  'candidate-pairs': 'candidates',
  'wire-message': 'wire',
  allocations: 'stats',
  track: 'media',
  'track-state': 'media',
  'device-change': 'media',
  'first-frame': 'media',
  'data-channel': 'media',
  'data-message': 'media',
  stats: 'stats',
};

/** A record from a newer version of this page may hold kinds that we do not know: they belong to the run. */
export const groupOf = (entry: Entry): Group => groupOfKind[entry.kind] ?? 'run';

export interface Description {
  /** One line: what happened. */
  readonly title: string;
  /** What it means, or what came of it. */
  readonly detail: string;
  /** The text itself where there is one: SDP, a candidate, the browser's words. From other peers too: never markup. */
  readonly raw?: string;
  readonly tone?: 'good' | 'bad';
}

/** An entry in words. */
export function describeEntry(entry: Entry): Description {
  switch (entry.kind) {
    case 'run-started':
      return {
        title: 'run started',
        detail: `The lab “${entry.lab}” began, arrangement “${entry.arrangement}”.`,
      };
    case 'run-ended':
      return { title: `run ended: ${entry.why}`, detail: 'Peers, tracks, sockets and timers ended with it.' };
    case 'note':
      return { title: entry.text, detail: 'A note that the lab wrote.' };
    case 'measure':
      return {
        title: `${entry.name}: ${inMs(entry.valueMs)} ms`,
        detail: 'Measured in this browser, in this run.',
        tone: 'good',
      };
    case 'error': {
      const { what, next } = help[entry.code] ?? help.unexpected;
      return { title: `error: ${entry.code}`, detail: `${what} ${next}`, raw: entry.detail, tone: 'bad' };
    }
    case 'step':
      return { title: `step ${entry.step}: ${entry.text}`, detail: 'The run was held here, and let go on.' };
    case 'prediction': {
      const isRight = entry.chosen === entry.happened;
      return {
        title: `predicted ${isRight ? 'rightly' : 'wrongly'}: ${entry.chosen}`,
        detail: isRight ? 'That is what happened next.' : `What happened next: ${entry.happened}.`,
        raw: entry.options.join('\n'),
        tone: isRight ? 'good' : 'bad',
      };
    }
    case 'fault':
      return {
        title: `fault: ${entry.text}`,
        detail: 'The fault board did this, at the learner’s wish.',
        tone: 'bad',
      };
    case 'server-message':
      if (entry.socket !== undefined || /^[A-Z]+ [/h]/.test(entry.name)) return realMessage(entry);
      return {
        title: entry.way === 'sent' ? `to the server: ${entry.name}` : `from the server: ${entry.name}`,
        detail: 'A message between this peer and the server that runs in a thread of this page.',
        ...(entry.text && { raw: entry.text }),
      };
    case 'presence':
      return { title: entry.state, detail: presenceMeaning[entry.state] };
    case 'peer-opened':
      return {
        title: 'new RTCPeerConnection()',
        detail: 'A connection object exists. Nothing has been sent yet.',
        raw: JSON.stringify(entry.configuration, null, 2),
      };
    case 'peer-closed':
      return { title: 'close()', detail: 'The connection was closed. close() fires no event.' };
    case 'call':
      return {
        title: `${entry.method}(${entry.args.map(short).join(', ')})`,
        detail: 'The lab’s code called this method.',
        ...(entry.args.length > 0 ? { raw: entry.args.join('\n') } : {}),
      };
    case 'call-settled':
      return settled(entry.method, entry.outcome, entry.tookMs);
    case 'negotiation-needed':
      return {
        title: 'negotiationneeded',
        detail: 'Something changed that the other side has to agree to: an offer is due.',
      };
    case 'signaling-state':
      return { title: `signalingState: ${entry.state}`, detail: capital(meaning(entry.state)) };
    case 'ice-gathering-state':
      return {
        title: `iceGatheringState: ${entry.state}`,
        detail: capital(meaning(`gathering ${entry.state}`)),
      };
    case 'ice-connection-state':
      return {
        title: `iceConnectionState: ${entry.state}`,
        detail: capital(meaning(`ice ${entry.state}`)),
        ...tone(entry.state),
      };
    case 'connection-state':
      return {
        title: `connectionState: ${entry.state}`,
        detail: capital(meaning(entry.state)),
        ...tone(entry.state),
      };
    case 'dtls-transport-state':
      return {
        title: `DTLS transport${entry.mid === undefined ? '' : ` (mid ${entry.mid})`}: ${entry.state}`,
        detail: capital(meaning(`dtls ${entry.state}`)),
        ...tone(entry.state),
      };
    case 'description':
      return {
        title: `${entry.side} ${entry.type} in force · ${sections(entry.sdp)}`,
        detail: `The ${entry.side} description is set; the browser works with it from here on.`,
        raw: entry.sdp,
      };
    case 'candidate':
      return {
        title: `${entry.side} ${candidateLabel(entry.candidate)}`,
        detail:
          entry.side === 'local'
            ? 'The browser found an address at which this peer may be reached.'
            : 'An address of the other peer; the browser pairs it with its own and checks the pairs.',
        raw: entry.candidate,
      };
    case 'end-of-candidates':
      return {
        title: `${entry.side} end of candidates`,
        detail:
          entry.side === 'local'
            ? 'Every address has been found.'
            : 'The other peer has no more: when no pair answers now, ICE may give up.',
      };
    case 'candidate-error':
      return {
        title: `candidate error ${entry.errorCode}`,
        detail: `${entry.url} gave no candidate.`,
        raw: entry.errorText,
        tone: 'bad',
      };
    case 'selected-candidate-pair':
      return {
        title: `pair selected: ${typeOf(entry.local)} ↔ ${typeOf(entry.remote)}`,
        raw: `${entry.local}\n${entry.remote}`,
        detail: 'Both directions answered on this pair; media and data take it.',
        tone: 'good',
      };
    case 'candidate-pairs':
      return {
        title: `checklist: ${plural(entry.pairs.length, 'pair')}, ${entry.pairs.filter(({ state }) => state === 'succeeded').length} succeeded`,
        detail: 'The candidate pairs as getStats() tells of them, after one of them has changed.',
        raw: entry.pairs
          .map(({ state, local, remote }) => `${state}: ${local.type} ${local.protocol} → ${remote.type}`)
          .join('\n'),
      };
    case 'wire-message':
      return wireMessage(entry);
    case 'allocations':
      return {
        title: `at the TURN server: ${plural(entry.list.length, 'allocation')}`,
        detail: 'What the server holds for the peers of this run, and how much it has relayed.',
        get raw() {
          return JSON.stringify(entry.list, null, 2);
        },
      };
    case 'track':
      return {
        title: `${entry.track} track arrives${entry.mid === null ? '' : ` · mid ${entry.mid}`}`,
        detail: 'The remote description announced it. Pictures or sound follow when the connection is up.',
        ...(entry.streams.length > 0 ? { raw: `streams: ${entry.streams.join(', ')}` } : {}),
      };
    case 'track-state':
      return { title: `${entry.track} track ${entry.state}`, detail: trackMeaning[entry.state] };
    case 'device-change':
      return {
        title: 'devicechange',
        detail: 'A camera, microphone or loudspeaker came or went. enumerateDevices() tells which are there.',
      };
    case 'first-frame':
      return {
        title: `first remote frame, ${entry.width}×${entry.height}`,
        detail: 'The first picture from the other peer was decoded and shown.',
        tone: 'good',
      };
    case 'data-channel':
      return {
        title: `channel “${entry.label}” ${entry.state}`,
        detail:
          entry.side === 'local' ? 'This peer created the channel.' : 'The other peer created the channel.',
      };
    case 'data-message':
      return {
        title: `${entry.side} on “${entry.label}”: ${plural(entry.sizeBytes, 'byte')}`,
        detail: 'A message of a data channel, straight between the peers.',
        raw: entry.preview,
      };
    case 'stats': {
      const { outbound, inbound } = entry.sample;
      return {
        title: `getStats(): ${plural(outbound.length, 'stream')} out, ${inbound.length} in`,
        detail: 'Counters of the browser, turned into rates.',
        // Made when somebody looks at it: a row needs the title only.
        get raw() {
          return JSON.stringify(entry.sample, null, 2);
        },
      };
    }
    case 'signal-sent':
      return {
        title: `sends ${signalLabel(entry.signal)} to ${entry.to}`,
        detail: `Handed to the signaling channel as message ${entry.id}. WebRTC leaves open how it travels.`,
        ...signalText(entry.signal),
      };
    case 'signal-received':
      return {
        title: `receives ${signalLabel(entry.signal)} from ${entry.from}`,
        detail: `Message ${entry.id} came out of the signaling channel.`,
        ...signalText(entry.signal),
      };
    default:
      return unknown(entry);
  }
}

const socketStates: Readonly<Record<string, { readonly title: string; readonly detail: string }>> = {
  'sent connect': {
    title: 'opens a WebSocket',
    detail: 'An HTTP request that asks for another protocol (RFC 6455 §4.1). Nothing can be sent yet.',
  },
  'received open': {
    title: 'WebSocket is open',
    detail: 'The server has agreed: frames can cross both ways.',
  },
  'received close': {
    title: 'WebSocket is closed',
    detail: 'The status code and the reason that the closing end gave (RFC 6455 §7.4).',
  },
};

/** A frame of a socket of this page, or a request: `sends OFFER · 6212 bytes`. */
function realMessage({ way, name, text, socket, sizeBytes, id }: EntryOf<'server-message'>): Description {
  const raw = text && { raw: text };
  if (socket === undefined) {
    const title = way === 'sent' ? `requests ${name}` : `answer to ${name}: ${text}`;
    return { title, detail: 'A request of fetch() and its answer.', ...raw };
  }
  const state = sizeBytes === undefined ? socketStates[`${way} ${name}`] : undefined;
  if (state) return { ...state, detail: `${state.detail} Its path is ${socket}.`, ...raw };
  const size = sizeBytes === undefined ? '' : ` · ${plural(sizeBytes, 'byte')}`;
  const inside = id === undefined ? '' : ` The signal in it is message ${id}.`;
  return {
    title: `${way === 'sent' ? 'sends' : 'receives'} ${name}${size}`,
    detail: `A frame of the WebSocket ${socket}.${inside}`,
    ...raw,
  };
}

/** A description or a candidate in a few words: `offer · 3 m-sections`, `candidate host udp`, `end of candidates`. */
export function signalLabel(signal: Signal): string {
  if ('description' in signal) return `${signal.description.type} · ${sections(signal.description.sdp)}`;
  return signal.candidate?.candidate ? candidateLabel(signal.candidate.candidate) : 'end of candidates';
}

/** `candidate host udp`; text that cannot be read is called a candidate all the same. */
function candidateLabel(text: string): string {
  const parsed = parseCandidate(text);
  if (parsed.kind === 'end-of-candidates') return 'end of candidates';
  if (parsed.kind === 'malformed') return 'candidate, malformed';
  const { type, protocol, tcpType } = parsed.candidate;
  return ['candidate', type, protocol, tcpType].filter(Boolean).join(' ');
}

/** `host udp` of `host udp 192.0.2.1:50000`. */
const typeOf = (words: string): string => words.split(' ').slice(0, 2).join(' ');

const sections = (sdp: string): string => plural(sdp.match(/^m=/gm)?.length ?? 0, 'm-section');

function signalText(signal: Signal): { raw?: string } {
  if ('description' in signal) return { raw: signal.description.sdp };
  return signal.candidate?.candidate ? { raw: signal.candidate.candidate } : {};
}

function wireMessage(entry: EntryOf<'wire-message'>): Description {
  const { at, way, transport, source, destination, bytes } = entry;
  const message = messageOf(entry);
  return {
    title: `${message ? summaryOf(message) : 'no STUN message'}, ${way} at ${at === 'server' ? 'the STUN/TURN server' : at}`,
    detail: `From ${source} to ${destination} over ${transport.toUpperCase()}. Its fields are in the panel “STUN/TURN”.`,
    raw: bytes,
    ...(message?.class === 'error' && { tone: 'bad' as const }),
  };
}

const LONGEST_ARGUMENT = 40;
const short = (text: string): string =>
  text.length > LONGEST_ARGUMENT ? `${text.slice(0, LONGEST_ARGUMENT - 1)}…` : text;

function settled(method: string, outcome: Outcome, tookMs: number): Description {
  if (!outcome.ok)
    return {
      title: `${method}() refused: ${outcome.name}`,
      detail: `The browser refused it after ${inMs(tookMs)} ms.`,
      raw: outcome.message,
      tone: 'bad',
    };
  return {
    title: `${method}() done in ${inMs(tookMs)} ms`,
    detail: 'The call returned, or its promise was fulfilled.',
    ...(outcome.value === undefined ? {} : { raw: outcome.value }),
  };
}

/** Tells apart what two machines call by the same word. */
const meanings: Readonly<Record<string, string>> = {
  stable: 'no exchange of descriptions is under way.',
  'have-local-offer': 'our offer is set and waits for an answer.',
  'have-remote-offer': 'the other side’s offer is set; an answer is due.',
  'have-local-pranswer': 'a provisional answer of ours is set.',
  'have-remote-pranswer': 'a provisional answer of the other side is set.',
  new: 'nothing has begun.',
  connecting: 'ICE checks or the DTLS handshake are under way.',
  connected: 'a path is found and encrypted; media can flow.',
  disconnected: 'no answer on the path at the moment; it may come back.',
  failed: 'no path, or the handshake failed; an ICE restart is the way on.',
  closed: 'over for good.',
  'gathering new': 'the search for addresses has not begun.',
  'gathering gathering': 'the browser looks for addresses at which it can be reached.',
  'gathering complete': 'every address is found.',
  'ice new': 'no candidate pair to check yet.',
  'ice checking': 'candidate pairs are being checked.',
  'ice connected': 'a pair works; others may still be checked.',
  'ice completed': 'a pair is chosen, all checks are done.',
  'ice disconnected': 'the chosen pair stopped answering; it may come back.',
  'ice failed': 'no pair answered.',
  'ice closed': 'over for good.',
  'dtls new': 'the handshake has not begun.',
  'dtls connecting': 'the DTLS handshake is under way; the fingerprint in the description is being checked.',
  'dtls connected': 'the handshake is done: keys for SRTP and data are agreed (RFC 5764).',
  'dtls closed': 'over for good.',
  'dtls failed': 'the handshake failed, or the fingerprint is not that of the certificate.',
};
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const meaning = (state: string): string => meanings[state] ?? 'this page does not know that state.';

const tone = (state: string): { tone?: 'good' | 'bad' } =>
  state === 'failed'
    ? { tone: 'bad' }
    : state === 'connected' || state === 'completed'
      ? { tone: 'good' }
      : {};

const trackMeaning = {
  muted: 'No media arrives at the moment.',
  unmuted: 'Media arrives.',
  ended: 'It will give nothing any more.',
} as const;

const presenceMeaning = {
  joined: 'The peer is in the room.',
  away: 'The peer’s signaling connection broke; its seat is kept for a while.',
  back: 'The peer returned to its seat.',
  left: 'The peer is gone.',
  reloaded: 'The peer’s page was loaded anew: its connection to us is a new one.',
  'server-lost': 'The signaling server does not answer. A running call goes on without it.',
  'server-back': 'The signaling server answers again.',
} as const;

function unknown(entry: never): Description {
  const { kind, ...rest } = entry as Entry;
  return {
    title: kind,
    detail: 'This version of the page does not know this kind of entry.',
    raw: JSON.stringify(rest, null, 2),
  };
}
