import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import { MAX_BATCH, MAX_VIEWERS } from '../../src/protocol/forward.ts';
import type { ServerCandidate } from '../../src/protocol/middlebox.ts';
import { keyFrameWishes, packetTypes, pictureLoss, splitCompound } from '../rtp/rtcp.ts';
import type { Codec } from '../sfu/core/types.ts';
import { choose, type Chosen } from '../sfu/sdp/choose.ts';
import { readDescription } from '../sfu/sdp/read.ts';
import { candidatesFor, writeAnswer, writeOffer } from '../sfu/sdp/write.ts';
import type { MediaTransport, OfferingTransport, Transports } from '../sfu/transport/transport.ts';
import { Bucket } from '../signaling/bucket.ts';
import { Refusal } from '../signaling/refusal.ts';

/** How many pages may forward at a time. */
const STAGES = 8;
/** A stage ends after so long: an exercise takes half a minute. */
const LIFETIME_MS = 120_000;
/** Packets come in ones and twos; they go to the page together. */
const BATCH_MS = 10;
/** Packets a second that a page may send, and what comes of the publisher: a small picture to eight viewers. */
const SENDS = { burst: 2_000, perSec: 1_000 };
const COMES = { burst: 500, perSec: 250 };
/** The smallest RTP header (RFC 3550 §5.1), and what fits into a datagram. */
const LEAST_BYTES = 12;
const MOST_BYTES = 1_500;

export interface StageEvents {
  /** RTP packets of the publisher. */
  packets(packets: readonly Buffer[]): void;
  /** A viewer's browser asks for a key frame. */
  wished(viewer: string): void;
}

export interface ForwardingDeps {
  /** Opens ports for media; called when somebody forwards for the first time. */
  readonly open: () => Promise<Transports>;
  /** Whether learners are let in here at all. */
  readonly isOn: boolean;
  readonly now: () => number;
  readonly log: Logger;
}

/** The stages of learners who write a forwarder: connections with browsers, and no mind of their own. */
export class Forwarding {
  readonly #deps: ForwardingDeps;
  readonly #stages = new Set<Stage>();
  #transports: Promise<Transports> | undefined;

  constructor(deps: ForwardingDeps) {
    this.#deps = deps;
  }

  /**
   * Opens a stage with its publisher. It ends by `close()`, or after two minutes.
   *
   * @returns the stage, and the answer to the offer
   * @throws {Refusal} `classroom-unavailable`, `classroom-busy`, `bad-description`
   */
  async publish(sdp: string, events: StageEvents): Promise<{ stage: Stage; sdp: string }> {
    const { isOn, open, now, log } = this.#deps;
    if (!isOn) throw new Refusal('classroom-unavailable', 'this server lets no learner in (CLASSROOM=off)');
    if (this.#stages.size >= STAGES)
      throw new Refusal('classroom-busy', `all ${STAGES} places for forwarders are taken`);
    const transports = await (this.#transports ??= open()).catch((error: unknown) => {
      this.#transports = undefined;
      log.warn({ err: error }, 'no port for a learner’s forwarder');
      throw new Refusal('classroom-unavailable', 'this server has no port for media');
    });
    const stage = new Stage(transports, events, now, () => this.#stages.delete(stage));
    this.#stages.add(stage);
    try {
      return { stage, sdp: await stage.publish(sdp) };
    } catch (error) {
      stage.close();
      throw error;
    }
  }

  /** May be called twice. */
  close(): void {
    for (const stage of this.#stages) stage.close();
    void this.#transports?.then((transports) => transports.close()).catch(() => {});
    this.#transports = undefined;
  }
}

/** One page's publisher and viewers. What is sent to whom, the page says. */
export class Stage {
  readonly #transports: Transports;
  readonly #events: StageEvents;
  readonly #now: () => number;
  readonly #onClose: () => void;
  readonly #viewers = new Map<string, OfferingTransport>();
  readonly #sends: Bucket;
  readonly #comes: Bucket;
  readonly #own = randomInt(1, 2 ** 32);
  readonly #timer: NodeJS.Timeout;
  #publisher: MediaTransport | undefined;
  #codec: Codec | undefined;
  #ssrc = 0;
  #waiting: Buffer[] = [];
  #batch: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(transports: Transports, events: StageEvents, now: () => number, onClose: () => void) {
    this.#transports = transports;
    this.#events = events;
    this.#now = now;
    this.#onClose = onClose;
    this.#sends = new Bucket(SENDS, now());
    this.#comes = new Bucket(COMES, now());
    this.#timer = setTimeout(() => this.close(), LIFETIME_MS).unref();
  }

  /** @throws {Refusal} `bad-description` */
  async publish(sdp: string): Promise<string> {
    const offer = readDescription(sdp);
    const section = offer.sections.find(({ kind, isAlive }) => kind === 'video' && isAlive);
    const chosen = section && choose(section, 'transport-cc');
    const [named] = section?.ssrcs ?? [];
    if (!section || !chosen || !named || section.rids.length > 0)
      throw bad('it has no m-section with one encoding of video and its SSRC');
    // Nothing that a first forwarder would have to rewrite: no extensions, no repair, no feedback.
    const { rtxPayloadType: _, ...codec } = chosen.codec;
    const plain: Chosen = { codec, extensions: {}, rids: [], feedback: 'none' };
    this.#codec = codec;
    this.#ssrc = named.ssrc;
    const media = await this.#usable(
      this.#transports.answer(offer.transport, {
        channels: [],
        events: {
          connected: () => {},
          rtp: (packet) => this.#take(packet),
          rtcp: () => {},
          message: () => {},
          closed: () => this.close(),
        },
      }),
    );
    this.#publisher = media;
    return writeAnswer(offer, new Map([[section.mid, plain]]), media.local, origin());
  }

  /** @returns the offer for a further viewer @throws {Refusal} `bad-request` */
  async view(viewer: string): Promise<string> {
    const codec = this.#codec;
    if (!codec || this.#closed) throw new Refusal('bad-request', 'nobody publishes on this stage');
    if (this.#viewers.has(viewer)) throw new Refusal('bad-request', `${viewer} is there already`);
    if (this.#viewers.size >= MAX_VIEWERS)
      throw new Refusal('bad-request', `a stage has at most ${MAX_VIEWERS} viewers`);
    const media = await this.#usable(
      this.#transports.offer({
        channels: [],
        events: {
          connected: () => {},
          rtp: () => {},
          rtcp: (packet) => this.#hear(viewer, packet),
          message: () => {},
          closed: () => void this.#viewers.delete(viewer),
        },
      }),
    );
    this.#viewers.set(viewer, media);
    const sends = { stream: 'alice', track: 'camera', cname: 'alice', ssrc: this.#ssrc, rtxSsrc: undefined };
    const section = { kind: 'video', mid: '0', isRefused: false, codec, extensions: {}, sends } as const;
    return writeOffer([section], media.local, origin());
  }

  /**
   * @returns where the server is
   * @throws {Refusal} `bad-description`, `bad-request` for a viewer who was not offered anything
   */
  answer(viewer: string, sdp: string): ServerCandidate[] {
    const media = this.#viewers.get(viewer);
    if (!media) throw new Refusal('bad-request', `${viewer} has no offer to answer`);
    const answer = readDescription(sdp);
    try {
      media.accept(answer.transport);
    } catch (error) {
      throw bad(error instanceof Error ? error.message : 'its parameters are of no use');
    }
    return candidatesFor(answer, media.local);
  }

  /** @throws {Refusal} `rate-limited` */
  send(packets: readonly { readonly to: string; readonly packet: string }[]): void {
    if (!this.#sends.take(this.#now(), packets.length))
      throw new Refusal('rate-limited', `a forwarder sends at most ${SENDS.perSec} packets a second here`);
    for (const { to, packet } of packets) {
      const bytes = Buffer.from(packet, 'base64');
      const isRtp = bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES && bytes[0]! >> 6 === 2;
      if (isRtp) this.#viewers.get(to)?.sendRtp(bytes);
    }
  }

  requestKeyFrame(): void {
    this.#publisher?.sendRtcp(pictureLoss(this.#own, this.#ssrc));
  }

  /** May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#batch);
    this.#publisher?.close();
    for (const media of this.#viewers.values()) media.close();
    this.#viewers.clear();
    this.#onClose();
  }

  #take(packet: Buffer): void {
    if (this.#closed || packet.length > MOST_BYTES || !this.#comes.take(this.#now())) return;
    this.#waiting.push(packet);
    if (this.#waiting.length >= MAX_BATCH) this.#hand();
    else this.#batch ??= setTimeout(() => this.#hand(), BATCH_MS);
  }

  #hand(): void {
    clearTimeout(this.#batch);
    this.#batch = undefined;
    const packets = this.#waiting;
    this.#waiting = [];
    if (packets.length > 0) this.#events.packets(packets);
  }

  #hear(viewer: string, compound: Buffer): void {
    const wishes = (splitCompound(compound) ?? []).filter(
      (packet) => packet[1] === packetTypes.payloadFeedback && keyFrameWishes(packet).length > 0,
    );
    if (wishes.length > 0 && !this.#closed) this.#events.wished(viewer);
  }

  /** A connection of a stage that is still there. @throws {Refusal} `bad-description` */
  async #usable<T extends MediaTransport>(opening: Promise<T>): Promise<T> {
    let media: T;
    try {
      media = await opening;
    } catch (error) {
      throw bad(error instanceof Error ? error.message : 'its parameters are of no use');
    }
    if (!this.#closed) return media;
    media.close();
    throw new Refusal('bad-request', 'this stage has ended');
  }
}

const origin = () => ({ sessionId: String(randomInt(1, 2 ** 40)), version: 1 });
const bad = (why: string) => new Refusal('bad-description', `the description cannot be used: ${why}`);
