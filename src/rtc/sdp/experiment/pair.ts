import { toRtcError } from '../../errors.ts';
import { openSyntheticMedia } from '../../media/synthetic.ts';
import { openPeer } from '../../peer.ts';
import { linked, number, ofType, text, type Report } from '../../stats/report.ts';
import { selectedPair } from '../../stats/selected-pair.ts';
import { Timeline, type Entry } from '../../timeline.ts';
import { modelOrNothing } from '../parse.ts';
import { applyEdit, type Edit } from './edit.ts';
import { codecsOf, receives, sends, type Plan, type PlannedSection } from './plan.ts';

export const ends = ['alice', 'bob'] as const;
export type End = (typeof ends)[number];
export const otherEnd = (end: End): End => (end === 'alice' ? 'bob' : 'alice');

/** Which description is edited, and when: `before-set` between createOffer() and setLocalDescription(), or on its way. */
export interface Intervention {
  readonly side: 'offer' | 'answer';
  readonly where: 'before-set' | 'on-the-way';
  readonly edit: Edit;
}

/** A browser's own words. */
export interface Refusal {
  readonly peer: End;
  /** The call that was refused: `setRemoteDescription(offer)`. */
  readonly step: string;
  readonly name: string;
  readonly message: string;
}

/** What arrived at one end in one m-section. */
export interface Flow {
  /** Place of the section among those of the pair, from 0. */
  readonly section: number;
  readonly to: End;
  readonly kind: 'audio' | 'video';
  readonly mid: string | null;
  /** MIME type: `video/VP8`. */
  readonly codec?: string;
  /** Packets for sound, decoded frames for a picture. */
  readonly arrived: number;
  /** RTP streams that are being sent for it; more than one with simulcast. */
  readonly streams: number;
}

/** How far a pair came. */
export interface Observation {
  /** The exchange ended here; nothing after it happened. */
  readonly refused?: Refusal;
  /** The edit found no line to be made to. */
  readonly notApplicable?: string;
  /** The line as it was and as it became. */
  readonly edited?: { readonly before?: string; readonly after?: string };
  readonly candidateRefusals: readonly Refusal[];
  readonly states: Readonly<Record<End, EndStates>>;
  /** What was reached, as words to compare: `connected alice`, `media 0 bob`, `channel`. */
  readonly reached: ReadonlySet<string>;
  readonly flows: readonly Flow[];
  /** `currentDirection` of each transceiver, by its place. */
  readonly directions: Readonly<Record<End, readonly (string | null)[]>>;
  /** The types of the selected pair, as `host–prflx`: the end's own candidate first. */
  readonly pairs: Readonly<Record<End, string | undefined>>;
  /** Transports in use at the offerer: 1 where everything is bundled. */
  readonly transports: number;
  /** The answer as the answerer made it, before any edit. */
  readonly answer?: string;
  readonly tookMs: number;
  /** What both ends did, as every other run is recorded. */
  readonly entries: readonly Entry[];
}

export interface EndStates {
  readonly signaling: RTCSignalingState;
  readonly ice: RTCIceConnectionState;
  readonly dtls: readonly RTCDtlsTransportState[];
  readonly connection: RTCPeerConnectionState;
  /** Of the data channel; undefined where there is none. */
  readonly channel?: RTCDataChannelState;
  /** What the DTLS transport said when it failed. */
  readonly dtlsErrors: readonly string[];
}

export interface PairOptions {
  readonly plan: Plan;
  readonly intervention?: Intervention;
  /** Ends as soon as all of these are reached; without them, as soon as all that the plan promises is. */
  readonly goals?: ReadonlySet<string>;
  /** How long the pair gets after its descriptions are set, in milliseconds. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** How often the pair is looked at, how long the exchange and the gathering may take. Milliseconds. */
const LOOK_MS = 60;
const EXCHANGE_MS = 2500;
const GATHER_MS = 1500;

/**
 * Connects two fresh peer connections of this page as planned, edits one description on the way, and tells how far they
 * came. Both are closed when it returns.
 *
 * @throws {RtcError} `stopped` when `signal` aborts; `media-unsupported`, `webrtc-unsupported`
 */
export async function runPair(options: PairOptions): Promise<Observation> {
  const end = new AbortController();
  const pair = new DisposablePair(options, AbortSignal.any([options.signal, end.signal]));
  try {
    options.signal.throwIfAborted();
    await pair.exchange();
    await pair.watch();
    options.signal.throwIfAborted();
    return await pair.observe();
  } catch (error) {
    throw toRtcError(error);
  } finally {
    end.abort();
  }
}

/** Ends an exchange whose story is over: a refusal, or an edit without a line. */
class Over extends Error {}

class DisposablePair {
  readonly #plan: Plan;
  readonly #intervention: Intervention | undefined;
  readonly #goals: ReadonlySet<string>;
  readonly #patienceMs: number;
  readonly #signal: AbortSignal;
  readonly #timeline = new Timeline();
  readonly #pcs: Readonly<Record<End, RTCPeerConnection>>;
  readonly #channels: Partial<Record<End, RTCDataChannel>> = {};
  readonly #candidateRefusals: Refusal[] = [];
  readonly #dtlsErrors: Record<End, string[]> = { alice: [], bob: [] };
  readonly #heard = new WeakSet<RTCDtlsTransport>();
  #refused: Refusal | undefined;
  #notApplicable: string | undefined;
  #edited: { readonly before?: string; readonly after?: string } | undefined;
  #answer: string | undefined;

  constructor({ plan, intervention, goals, patienceMs }: PairOptions, signal: AbortSignal) {
    this.#plan = plan;
    this.#intervention = intervention;
    this.#goals = goals ?? promised(plan);
    this.#patienceMs = patienceMs;
    this.#signal = signal;
    const run = { timeline: this.#timeline, signal };
    this.#pcs = {
      alice: openPeer('alice', run, plan.configuration),
      bob: openPeer('bob', run, plan.configuration),
    };
  }

  async exchange(): Promise<void> {
    const { alice, bob } = this.#pcs;
    this.#offerMedia();
    bob.addEventListener('datachannel', ({ channel }) => void (this.#channels.bob = channel));
    if (this.#plan.candidates === 'trickled') for (const end of ends) this.#trickle(end);
    try {
      await this.#preferCodecs('alice');
      const offer = await this.#describe('alice', 'offer');
      await this.#call('bob', 'setRemoteDescription(offer)', () => bob.setRemoteDescription(offer));
      await this.#answerMedia();
      await this.#preferCodecs('bob');
      const answer = await this.#describe('bob', 'answer');
      await this.#call('alice', 'setRemoteDescription(answer)', () => alice.setRemoteDescription(answer));
    } catch (error) {
      if (!(error instanceof Over)) throw error;
    }
  }

  /** Makes a description, sets it, and gives it as it reaches the other side. */
  async #describe(end: End, type: 'offer' | 'answer'): Promise<RTCSessionDescriptionInit> {
    const pc = this.#pcs[end];
    const create = type === 'offer' ? 'createOffer' : 'createAnswer';
    const made = await this.#call(end, `${create}()`, () => pc[create]());
    if (type === 'answer') this.#answer = made.sdp;
    const sdp = this.#edit(type, 'before-set', made.sdp ?? '');
    await this.#call(end, `setLocalDescription(${type})`, () => pc.setLocalDescription({ type, sdp }));
    if (this.#plan.candidates === 'in-description') await this.#gathered(pc);
    return { type, sdp: this.#edit(type, 'on-the-way', pc.localDescription?.sdp ?? sdp) };
  }

  #edit(type: 'offer' | 'answer', where: Intervention['where'], sdp: string): string {
    const { side, where: wanted, edit } = this.#intervention ?? {};
    if (!edit || side !== type || wanted !== where) return sdp;
    const edited = applyEdit(edit, sdp);
    if (!edited.ok) {
      this.#notApplicable = edited.why;
      throw new Over();
    }
    const { before, after } = edited;
    this.#edited = { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
    return edited.sdp;
  }

  /** One call of the API. A refusal is the result, not an error of ours. */
  async #call<T>(peer: End, step: string, call: () => Promise<T>): Promise<T> {
    const limit = AbortSignal.any([this.#signal, AbortSignal.timeout(EXCHANGE_MS)]);
    try {
      return await Promise.race([call(), rejected(limit)]);
    } catch (error) {
      this.#signal.throwIfAborted();
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      this.#refused = {
        peer,
        step,
        name,
        message: limit.aborted ? `${step} did not answer within ${EXCHANGE_MS} ms.` : message,
      };
      throw new Over();
    }
  }

  #offerMedia(): void {
    const { alice } = this.#pcs;
    const stream = this.#media('alice');
    for (const { kind, offered, layers } of this.#plan.sections) {
      if (kind === 'application') {
        this.#channels.alice ??= alice.createDataChannel('disposable');
        continue;
      }
      const track = sends(offered) ? stream?.getTracks().find((one) => one.kind === kind) : undefined;
      alice.addTransceiver(track ?? kind, {
        direction: offered,
        ...(stream && { streams: [stream] }),
        ...(layers.length > 1 && { sendEncodings: encodings(layers) }),
      });
    }
  }

  async #answerMedia(): Promise<void> {
    const stream = this.#media('bob');
    const planned = this.#plan.sections.filter(({ kind }) => kind !== 'application');
    for (const [index, transceiver] of this.#pcs.bob.getTransceivers().entries()) {
      const { kind, answered } = planned[index] ?? {};
      if (!kind || !answered) continue;
      if (answered === 'rejected') {
        transceiver.stop();
        continue;
      }
      transceiver.direction = answered;
      const track = sends(answered) ? stream?.getTracks().find((one) => one.kind === kind) : undefined;
      if (!track) continue;
      await transceiver.sender.replaceTrack(track).catch(() => {}); // an edit made another kind of section
      if (stream && 'setStreams' in transceiver.sender) transceiver.sender.setStreams(stream);
    }
  }

  /** The picture and tone that an end sends, if it sends any. */
  #media(end: End): MediaStream | undefined {
    const wanted = (kind: string) =>
      this.#plan.sections.some(
        (section) => section.kind === kind && sends(end === 'alice' ? section.offered : section.answered),
      );
    const isLayered = this.#plan.sections.some(({ layers }) => layers.length > 1);
    const [audio, video] = [wanted('audio'), wanted('video')];
    if (!audio && !video) return undefined;
    return openSyntheticMedia({
      peer: end,
      signal: this.#signal,
      audio,
      video: video && { width: isLayered ? 640 : 320, frameRate: 15 },
    }).stream;
  }

  /** Asks for the codecs in the planned order, where the browser would choose another one by itself. */
  async #preferCodecs(end: End): Promise<void> {
    const pc = this.#pcs[end];
    const planned = this.#plan.sections.filter(({ kind }) => kind !== 'application');
    const own = end === 'alice' ? await offerAlike(planned) : await pc.createAnswer().catch(() => undefined);
    const media = modelOrNothing(own?.sdp).media.filter(({ kind }) => kind !== 'application');
    for (const [index, transceiver] of pc.getTransceivers().entries()) {
      const { kind, offerCodecs, answerCodecs } = planned[index] ?? {};
      const wanted = end === 'alice' ? offerCodecs : answerCodecs;
      const section = media[index];
      if (!kind || kind === 'application' || !wanted?.length || !section || section.rejected) continue;
      if (codecsOf(section).join() === wanted.join()) continue;
      const known = RTCRtpReceiver.getCapabilities?.(kind)?.codecs ?? [];
      const rank = ({ mimeType, clockRate }: RTCRtpCodec) =>
        wanted.indexOf(`${mimeType.split('/').at(-1)}/${clockRate}`.toLowerCase());
      const isHelper = ({ mimeType }: RTCRtpCodec) =>
        /\/(?:rtx|red|ulpfec|telephone-event|CN)$/i.test(mimeType);
      const chosen = known.filter((codec) => rank(codec) >= 0).toSorted((a, b) => rank(a) - rank(b));
      if (chosen.length === 0) continue;
      try {
        transceiver.setCodecPreferences([...chosen, ...known.filter(isHelper)]);
      } catch {
        // The browser cannot send what it can receive: it keeps its own order.
      }
    }
  }

  /** Hands each candidate over when the other side can take it: after its remote description (JSEP §3.5.2). */
  #trickle(from: End): void {
    const to = otherEnd(from);
    const receiver = this.#pcs[to];
    const waiting: (RTCIceCandidate | null)[] = [];
    const add = (candidate: RTCIceCandidate | null) =>
      receiver.addIceCandidate(candidate ?? undefined).catch(({ name, message }: Error) => {
        if (!this.#signal.aborted)
          this.#candidateRefusals.push({ peer: to, step: 'addIceCandidate()', name, message });
      });
    this.#pcs[from].addEventListener('icecandidate', ({ candidate }) => {
      if (receiver.remoteDescription) void add(candidate);
      else waiting.push(candidate);
    });
    receiver.addEventListener('signalingstatechange', () => {
      if (receiver.remoteDescription) for (const candidate of waiting.splice(0)) void add(candidate);
    });
  }

  #gathered(pc: RTCPeerConnection): Promise<void> {
    const limit = AbortSignal.any([this.#signal, AbortSignal.timeout(GATHER_MS)]);
    return new Promise((resolve) => {
      const look = () => pc.iceGatheringState === 'complete' && resolve();
      pc.addEventListener('icegatheringstatechange', look, { signal: limit });
      limit.addEventListener('abort', () => resolve(), { once: true });
      look();
    });
  }

  /** Looks at both ends until all is reached, nothing can be any more, or the patience is over. */
  async watch(): Promise<void> {
    if (this.#refused || this.#notApplicable) return;
    const limit = AbortSignal.any([this.#signal, AbortSignal.timeout(this.#patienceMs)]);
    while (!limit.aborted) {
      this.#listenToDtls();
      const reached = await this.#reached();
      if ([...this.#goals].every((goal) => reached.has(goal))) return;
      if (ends.some((end) => this.#pcs[end].connectionState === 'failed')) return;
      await pause(LOOK_MS, limit);
    }
  }

  #listenToDtls(): void {
    for (const end of ends)
      for (const transport of transportsOf(this.#pcs[end])) {
        if (this.#heard.has(transport)) continue;
        this.#heard.add(transport);
        transport.addEventListener('error', ({ error }) => {
          this.#dtlsErrors[end].push(`${error.name} (${error.errorDetail}): ${error.message}`);
        });
      }
  }

  async #reached(): Promise<ReadonlySet<string>> {
    const reached = new Set<string>();
    for (const end of ends)
      if (this.#pcs[end].connectionState === 'connected') reached.add(`connected ${end}`);
    if (ends.every((end) => this.#channels[end]?.readyState === 'open')) reached.add('channel');
    for (const { section, to, arrived } of await this.#flows())
      if (arrived > 0) reached.add(`media ${section} ${to}`);
    return reached;
  }

  async #flows(): Promise<Flow[]> {
    const flows: Flow[] = [];
    const places = mediaPlaces(this.#plan);
    for (const to of ends)
      for (const [index, { receiver, mid }] of this.#pcs[to].getTransceivers().entries()) {
        const section = places[index];
        if (section === undefined) continue;
        const kind = receiver.track.kind === 'audio' ? 'audio' : 'video';
        const sender = this.#pcs[otherEnd(to)].getTransceivers()[index]?.sender;
        const [got, sent] = await Promise.all([statsOf(receiver), statsOf(sender)]);
        const inbound = ofType(got, 'inbound-rtp');
        const busiest = inbound.toSorted((a, b) => packets(b) - packets(a))[0];
        const codec = text(linked(got, busiest, 'codecId'), 'mimeType');
        const member = kind === 'video' ? 'framesDecoded' : 'packetsReceived';
        flows.push({
          section,
          to,
          kind,
          mid,
          ...(codec && { codec }),
          arrived: inbound.reduce((sum, stream) => sum + (number(stream, member) ?? 0), 0),
          streams: ofType(sent, 'outbound-rtp').filter((stream) => (number(stream, 'packetsSent') ?? 0) > 0)
            .length,
        });
      }
    return flows;
  }

  async observe(): Promise<Observation> {
    const { alice, bob } = this.#pcs;
    const directions = (pc: RTCPeerConnection) =>
      pc.getTransceivers().map(({ currentDirection }) => currentDirection);
    return {
      ...(this.#refused && { refused: this.#refused }),
      ...(this.#notApplicable !== undefined && { notApplicable: this.#notApplicable }),
      ...(this.#edited && { edited: this.#edited }),
      ...(this.#answer !== undefined && { answer: this.#answer }),
      candidateRefusals: this.#candidateRefusals,
      states: { alice: this.#statesOf('alice'), bob: this.#statesOf('bob') },
      reached: await this.#reached(),
      flows: await this.#flows(),
      directions: { alice: directions(alice), bob: directions(bob) },
      pairs: { alice: await pairTypes(alice), bob: await pairTypes(bob) },
      transports: transportsOf(alice).size,
      tookMs: this.#timeline.nowMs,
      entries: [...this.#timeline.entries],
    };
  }

  #statesOf(end: End): EndStates {
    const { signalingState, iceConnectionState, connectionState } = this.#pcs[end];
    const channel = this.#channels[end]?.readyState;
    return {
      signaling: signalingState,
      ice: iceConnectionState,
      connection: connectionState,
      dtls: [...transportsOf(this.#pcs[end])].map(({ state }) => state),
      ...(channel && { channel }),
      dtlsErrors: this.#dtlsErrors[end],
    };
  }
}

/** What this browser offers by itself. Asked of another connection: each createOffer() uses up mids. */
async function offerAlike(
  sections: readonly PlannedSection[],
): Promise<RTCSessionDescriptionInit | undefined> {
  const pc = new RTCPeerConnection();
  try {
    for (const { kind, offered } of sections) pc.addTransceiver(kind, { direction: offered });
    return await pc.createOffer();
  } catch {
    return undefined; // then its own order has to do
  } finally {
    pc.close();
  }
}

/** What must be reached if nothing is wrong. */
function promised({ sections }: Plan): ReadonlySet<string> {
  const goals = new Set(ends.map((end) => `connected ${end}`));
  sections.forEach(({ kind, offered, answered }, index) => {
    if (kind === 'application') goals.add('channel');
    else {
      if (sends(offered) && receives(answered)) goals.add(`media ${index} bob`);
      if (receives(offered) && sends(answered)) goals.add(`media ${index} alice`);
    }
  });
  return goals;
}

/** Transceivers have no place for data channels: the place of each among all sections. */
const mediaPlaces = ({ sections }: Plan): number[] =>
  sections.flatMap(({ kind }, index) => (kind === 'application' ? [] : [index]));

function transportsOf(pc: RTCPeerConnection): Set<RTCDtlsTransport> {
  const media = pc
    .getTransceivers()
    .flatMap(({ sender, receiver }) => [sender.transport, receiver.transport]);
  return new Set([pc.sctp?.transport, ...media].filter((one) => one !== null && one !== undefined));
}

async function pairTypes(pc: RTCPeerConnection): Promise<string | undefined> {
  const pair = selectedPair(await statsOf(pc));
  if (!pair) return undefined;
  return [pair.localCandidate, pair.remoteCandidate]
    .map((end) => text(end, 'candidateType') ?? '?')
    .join('–');
}

/** Smaller from layer to layer, as an application would ask for them. */
const encodings = (layers: readonly string[]): RTCRtpEncodingParameters[] =>
  layers.map((rid, index) => ({ rid, scaleResolutionDownBy: 2 ** index }));

const nothing: Report = new Map();
const packets = (stream: Parameters<typeof number>[0]): number => number(stream, 'packetsReceived') ?? 0;

async function statsOf(source: Pick<RTCPeerConnection, 'getStats'> | undefined): Promise<Report> {
  return (await source?.getStats().catch(() => nothing)) ?? nothing;
}

function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const now = () => reject(signal.reason as Error);
    if (signal.aborted) now();
    else signal.addEventListener('abort', now, { once: true });
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
