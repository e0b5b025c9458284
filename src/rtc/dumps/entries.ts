import { pairsOf } from '../ice/pairs.ts';
import type { PairSample } from '../stats/sample.ts';
import { ofType, text, type Report } from '../stats/report.ts';
import { toRates } from '../stats/rates.ts';
import { selectedPair } from '../stats/selected-pair.ts';
import { stateNames, type Entry, type PeerLabel, type RtcEvent } from '../timeline.ts';
import { cut, limits, type DumpEvent, type DumpReport, type RawDump } from './raw.ts';
import {
  argumentsOf,
  candidateOf,
  channelLabelOf,
  configurationOf,
  descriptionOf,
  failureOf,
  namedText,
  stateOf,
  trackOf,
  type Description,
} from './values.ts';

/** A dump as a timeline. */
export interface ReadEntries {
  /** `pc 1`, `pc 2`, …; two that talked with each other stand side by side, the offerer first. */
  readonly peers: readonly PeerLabel[];
  readonly entries: readonly Entry[];
  /** The time of the first entry, in milliseconds since 1970; absent where the dump has no times. */
  readonly startedAtMs?: number;
}

type Draft = { readonly peer: PeerLabel; readonly atMs: number; readonly event: RtcEvent };

/** The entries so far, and how many calls are among them. */
interface Written {
  readonly drafts: Draft[];
  calls: number;
}

/** Turns what a dump tells of into the entries that our own recorder would have written. */
export function toEntries({ events, reports, losses, takenAtMs }: RawDump): ReadEntries {
  const connections = new Map<string, Connection>();
  const written: Written = { drafts: [], calls: 0 };
  const { drafts } = written;
  const page = new Page(written);
  const added = addedCandidates(events);
  const of = (pc: string): Connection | undefined => {
    const known = connections.get(pc);
    if (known || connections.size >= limits.connections) return known;
    const made = new Connection(`pc ${connections.size + 1}`, written, added);
    connections.set(pc, made);
    return made;
  };
  const all = inOrder(events, reports);
  for (const { atMs, what } of all) {
    if ('report' in what) of(what.pc)?.report(what.report, atMs);
    else if (what.pc === null) page.event(what, atMs);
    else of(what.pc)?.event(what, atMs);
  }
  const startMs = all[0]?.atMs ?? 0;
  const endMs = drafts.reduce((latest, { atMs }) => Math.max(latest, atMs), startMs);
  if (takenAtMs !== undefined && takenAtMs >= endMs && drafts.length > 0)
    drafts.push({ peer: 'lab', atMs: takenAtMs, event: { kind: 'note', text: 'The dump was taken.' } });
  for (const loss of losses)
    drafts.push({ peer: 'lab', atMs: drafts.at(-1)?.atMs ?? endMs, event: { kind: 'note', text: loss } });
  return {
    peers: sideBySide([...connections.values()]),
    entries: drafts.map(({ peer, atMs, event }, seq) => ({
      ...event,
      peer,
      atMs: Math.max(0, atMs - startMs),
      seq,
    })),
    ...(startMs > 0 && { startedAtMs: startMs }),
  };
}

/**
 * The calls of addIceCandidate() that were fulfilled without a word: Chromium's page tells only, and at once, when one
 * was refused. Empty for programs that tell of both.
 */
function addedCandidates(events: readonly DumpEvent[]): ReadonlySet<DumpEvent> {
  const added = new Set<DumpEvent>();
  const last = new Map<string | null, DumpEvent>();
  for (const event of events) {
    const { pc, type } = event;
    if (type === 'addIceCandidateOnSuccess') return new Set();
    const before = last.get(pc);
    if (before && /^addIceCandidate(Failed|OnFailure)$/.test(type)) added.delete(before);
    if (type === 'addIceCandidate') added.add(event);
    last.set(pc, event);
  }
  return added;
}

interface Timed {
  readonly atMs: number;
  readonly what: DumpEvent | DumpReport;
}

/** By time; what has no time is as old as what stands before it in the file. Equal times keep the order of the file. */
function inOrder(events: readonly DumpEvent[], reports: readonly DumpReport[]): readonly Timed[] {
  const timed: Timed[] = [];
  const later: number[] = [];
  let atMs = events.find((event) => !Number.isNaN(event.atMs))?.atMs ?? 0;
  for (const event of events.slice(0, limits.events)) {
    if (!Number.isNaN(event.atMs)) atMs = event.atMs;
    timed.push({ atMs, what: event });
    later.push(atMs);
  }
  const first = later.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  for (const report of reports.slice(0, limits.reports))
    timed.push({ atMs: Number.isFinite(first) ? Math.max(first, report.atMs) : report.atMs, what: report });
  return timed.toSorted((a, b) => a.atMs - b.atMs);
}

/** What belongs to the page and to no connection: the camera, the microphone, the screen. */
class Page {
  readonly #written: Written;
  readonly #open: { call: number; method: string; atMs: number }[] = [];

  constructor(written: Written) {
    this.#written = written;
  }

  event({ type, value }: DumpEvent, atMs: number): void {
    const [, base, outcome] = /(get(?:User|Display)Media)(On(?:Success|Failure))?$/.exec(type) ?? [];
    if (!base) return;
    const add = (event: RtcEvent) => void this.#written.drafts.push({ peer: 'lab', atMs, event });
    if (!outcome) {
      const call = ++this.#written.calls;
      this.#open.push({ call, method: base, atMs });
      add({ kind: 'call', call, method: base, args: argumentsOf(value) });
      return;
    }
    const asked = this.#open.shift();
    if (!asked) return;
    const tookMs = Math.max(0, atMs - asked.atMs);
    add({
      kind: 'call-settled',
      call: asked.call,
      method: asked.method,
      outcome: outcome === 'OnSuccess' ? { ok: true, value: 'stream' } : { ok: false, ...failureOf(value) },
      tookMs,
    });
  }
}

const machines = {
  signalingstatechange: 'signaling-state',
  icegatheringstatechange: 'ice-gathering-state',
  iceconnectionstatechange: 'ice-connection-state',
  connectionstatechange: 'connection-state',
} as const;

/** Methods whose promise is settled by an event of its own. */
const promised: ReadonlySet<string> = new Set([
  'addIceCandidate',
  'createAnswer',
  'createOffer',
  'setLocalDescription',
  'setRemoteDescription',
]);
const immediate: ReadonlySet<string> = new Set([
  'addTrack',
  'addTransceiver',
  'createDataChannel',
  'removeTrack',
  'replaceTrack',
  'restartIce',
  'setCodecPreferences',
  'setConfiguration',
  'setParameters',
]);

interface Open {
  readonly call: number;
  readonly method: string;
  readonly atMs: number;
  readonly value: unknown;
  /** Where its entry is: the description that it brings is put behind it. */
  readonly index: number;
}

/** One connection of the dump, as it is read from front to back. */
class Connection {
  readonly label: PeerLabel;
  readonly #written: Written;
  readonly #added: ReadonlySet<DumpEvent>;
  readonly #open = new Map<string, Open[]>();
  readonly #channels = new Map<string, { side: 'local' | 'remote'; state: RTCDataChannelState }>();
  readonly #tracks = new Map<string, 'audio' | 'video'>();
  readonly #ufrags = { local: new Set<string>(), remote: new Set<string>() };
  #created: Partial<Record<string, Description>> = {};
  #isOpened = false;
  #isClosed = false;
  #offersAt = Number.POSITIVE_INFINITY;
  #previous: Report | undefined;
  #selected = '';
  #pairs = '';
  #dtls: RTCDtlsTransportState | undefined;

  constructor(label: PeerLabel, written: Written, added: ReadonlySet<DumpEvent>) {
    this.label = label;
    this.#written = written;
    this.#added = added;
  }

  get #drafts(): Draft[] {
    return this.#written.drafts;
  }

  /** Whether one of the two has been given what the other one described itself as. */
  knows(other: Connection): boolean {
    return other !== this && [...this.#ufrags.remote].some((ufrag) => other.#ufrags.local.has(ufrag));
  }

  /** When it set an offer of its own; infinite when it never did. */
  get offersAt(): number {
    return this.#offersAt;
  }

  #add(event: RtcEvent, atMs: number): void {
    this.#drafts.push({ peer: this.label, atMs, event });
  }

  #ensureOpened(atMs: number, value?: unknown): void {
    if (this.#isOpened) return;
    this.#isOpened = true;
    this.#add({ kind: 'peer-opened', configuration: configurationOf(value) }, atMs);
  }

  event(event: DumpEvent, atMs: number): void {
    const { type, value } = event;
    if (type === 'create') return this.#ensureOpened(atMs, value);
    const name = type.replace(/^on/, '').toLowerCase();
    if (Object.hasOwn(machines, name)) return this.#state(name as keyof typeof machines, value, atMs);
    const [, method, outcome] = /^(\w+?)(OnSuccess|OnFailure|Failed)?$/.exec(type) ?? [];
    if (method && (promised.has(method) || (immediate.has(method) && !outcome))) {
      this.#ensureOpened(atMs);
      if (outcome) this.#settle(method, outcome === 'OnSuccess', value, atMs);
      else this.#call(method, value, atMs);
      if (this.#added.has(event)) this.#settle(method, true, undefined, atMs);
      return;
    }
    this.#happened(name, type, value, atMs);
  }

  #state(name: keyof typeof machines, value: unknown, atMs: number): void {
    const kind = machines[name];
    const states = stateNames[kind];
    const state = stateOf<string>(value, states);
    if (state === undefined) return;
    this.#ensureOpened(atMs);
    // Some programs write the same state twice; an event is only fired when it changes.
    this.#add({ kind, state } as RtcEvent, atMs);
  }

  #happened(name: string, type: string, value: unknown, atMs: number): void {
    switch (name) {
      case 'icecandidate': {
        const candidate = candidateOf(value);
        if (candidate === undefined) return;
        if (!candidate) this.#add({ kind: 'end-of-candidates', side: 'local' }, atMs);
        else if (candidate.candidate) {
          const ufrag = candidate.usernameFragment ?? / ufrag (\S+)/.exec(candidate.candidate)?.[1];
          if (ufrag && this.#ufrags.local.size < 1000) this.#ufrags.local.add(ufrag);
          this.#add({ kind: 'candidate', side: 'local', ...candidate }, atMs);
        }
        return;
      }
      case 'icecandidateerror':
        return this.#candidateError(value, atMs);
      case 'negotiationneeded':
        return this.#add({ kind: 'negotiation-needed' }, atMs);
      case 'track': {
        const track = trackOf(value);
        if (!track) return;
        if (this.#tracks.size < limits.events) this.#tracks.set(track.id, track.kind);
        return this.#add({ kind: 'track', track: track.kind, mid: null, streams: track.streams }, atMs);
      }
      case 'mediastreamtrack.onmute':
      case 'mediastreamtrack.onunmute': {
        const track = this.#tracks.get(typeof value === 'string' ? value : '');
        const state = type.endsWith('unmute') ? 'unmuted' : 'muted';
        if (track) this.#add({ kind: 'track-state', track, mid: null, state }, atMs);
        return;
      }
      case 'datachannel':
        return this.#channel(channelLabelOf(value), 'remote', 'open', atMs);
      case 'close':
        if (this.#isClosed) return;
        this.#isClosed = true;
        return this.#add({ kind: 'peer-closed' }, atMs);
      default:
    }
  }

  #candidateError(value: unknown, atMs: number): void {
    const code = Number(namedText(value, 'errorCode') ?? namedText(value, 'error_code'));
    const port = Number(namedText(value, 'port'));
    this.#add(
      {
        kind: 'candidate-error',
        url: cut(namedText(value, 'url') ?? ''),
        errorCode: Number.isSafeInteger(code) ? code : 0,
        errorText: cut(namedText(value, 'errorText') ?? namedText(value, 'error_text') ?? ''),
        address: cut(namedText(value, 'address') ?? '', 300) || null,
        port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : null,
      },
      atMs,
    );
  }

  #call(method: string, value: unknown, atMs: number): void {
    const call = ++this.#written.calls;
    const args = argumentsOf(value);
    if (promised.has(method)) {
      const open = this.#open.get(method) ?? [];
      open.push({ call, method, atMs, value, index: this.#drafts.length });
      this.#open.set(method, open);
    }
    this.#add({ kind: 'call', call, method, args }, atMs);
    if (method === 'createDataChannel') this.#channel(channelLabelOf(value), 'local', 'connecting', atMs);
  }

  #settle(method: string, ok: boolean, value: unknown, atMs: number): void {
    const open = this.#open.get(method)?.shift();
    if (!open) return;
    if (ok) {
      if (method === 'createOffer' || method === 'createAnswer')
        this.#created = { ...this.#created, [method]: descriptionOf(value) };
      if (method.endsWith('Description')) this.#describe(open, value);
      if (method === 'addIceCandidate') this.#remoteCandidate(open, atMs);
    }
    const created = ok && method.startsWith('create') ? argumentsOf(value)[0] : undefined;
    this.#add(
      {
        kind: 'call-settled',
        call: open.call,
        method,
        outcome: ok
          ? { ok: true, ...(created !== undefined && { value: created }) }
          : { ok: false, ...failureOf(value) },
        tookMs: Math.max(0, atMs - open.atMs),
      },
      atMs,
    );
  }

  #remoteCandidate(open: Open, atMs: number): void {
    const candidate = candidateOf(open.value);
    if (candidate?.candidate) this.#add({ kind: 'candidate', side: 'remote', ...candidate }, atMs);
    else if (candidate !== undefined) this.#add({ kind: 'end-of-candidates', side: 'remote' }, atMs);
  }

  /** A description is told of before the state that it brings, though dumps know it only once the promise is settled. */
  #describe(open: Open, value: unknown): void {
    const side = open.method === 'setLocalDescription' ? 'local' : 'remote';
    const given = descriptionOf(open.value) ?? descriptionOf(value);
    const type = given?.type;
    const description =
      given?.sdp || side === 'remote'
        ? given
        : (this.#created[type === 'answer' ? 'createAnswer' : 'createOffer'] ?? given);
    if (!description) return;
    for (const [, ufrag] of description.sdp.matchAll(/^a=ice-ufrag:(\S+)/gm))
      if (ufrag) this.#ufrags[side].add(ufrag);
    if (side === 'local' && description.type === 'offer')
      this.#offersAt = Math.min(this.#offersAt, open.atMs);
    // The state that came while the call was open; a hostile file may leave a call open for very long.
    const from = Math.max(open.index, this.#drafts.length - 100);
    // The last one: an offer that takes ours back passes through stable.
    let at = this.#drafts.length - 1;
    while (at >= from && !this.#isOwnState(this.#drafts[at])) at--;
    const before = at < from ? undefined : this.#drafts[at];
    const draft: Draft = {
      peer: this.label,
      atMs: before?.atMs ?? this.#drafts.at(-1)?.atMs ?? open.atMs,
      event: { kind: 'description', side, type: description.type, sdp: description.sdp },
    };
    if (before) this.#drafts.splice(at, 0, draft);
    else this.#drafts.push(draft);
  }

  #isOwnState(draft: Draft | undefined): boolean {
    return draft?.peer === this.label && draft.event.kind === 'signaling-state';
  }

  #channel(label: string, side: 'local' | 'remote', state: RTCDataChannelState, atMs: number): void {
    const known = this.#channels.get(label);
    if (known?.state === state || (!known && this.#channels.size >= 1000)) return;
    const channel = { side: known?.side ?? side, state };
    this.#channels.set(label, channel);
    this.#add({ kind: 'data-channel', label, ...channel }, atMs);
  }

  report(report: Report, atMs: number): void {
    this.#ensureOpened(atMs);
    for (const stat of ofType(report, 'data-channel')) {
      const state = stateNames['data-channel'].find((each) => each === stat['state']);
      if (state) this.#channel(cut(text(stat, 'label') ?? '', 300), 'remote', state, atMs);
    }
    for (const stat of ofType(report, 'transport').slice(0, 1)) {
      const state = stateNames['dtls-transport-state'].find((each) => each === stat['dtlsState']);
      if (state && state !== this.#dtls) this.#add({ kind: 'dtls-transport-state', state }, atMs);
      this.#dtls = state ?? this.#dtls;
    }
    const pair = selectedPair(report);
    const words = pair ? `${pair.local}\n${pair.remote}` : '';
    if (pair && words !== this.#selected)
      this.#add({ kind: 'selected-candidate-pair', local: cut(pair.local), remote: cut(pair.remote) }, atMs);
    this.#selected = words || this.#selected;
    const { pairs, iceRole } = pairsOf(report);
    const signature = JSON.stringify([iceRole, pairs.map(lasting)]);
    if (pairs.length > 0 && signature !== this.#pairs)
      this.#add({ kind: 'candidate-pairs', pairs, ...(iceRole && { iceRole }) }, atMs);
    this.#pairs = signature;
    const rates = toRates(this.#previous, report);
    this.#previous = report;
    if (rates.transport || rates.candidatePair || rates.outbound.length > 0 || rates.inbound.length > 0)
      this.#add({ kind: 'stats', sample: { atMs, ...rates } }, atMs);
  }
}

/** What of a pair makes its table worth another entry: everything but what grows with each second of a call. */
const lasting = ({ id, state, nominated, selected }: PairSample) => [id, state, nominated, selected];

/** Those that know each other stand together, the one that offered first to the left. */
function sideBySide(connections: readonly Connection[]): PeerLabel[] {
  const order: Connection[] = [];
  for (const one of connections) {
    if (order.includes(one)) continue;
    const other = connections.find((each) => !order.includes(each) && (one.knows(each) || each.knows(one)));
    const pair = other ? [one, other].toSorted((a, b) => a.offersAt - b.offersAt || 0) : [one];
    order.push(...pair);
  }
  return order.map(({ label }) => label);
}
