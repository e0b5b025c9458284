import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import type { PeerId, RoomId } from '../../src/protocol/signaling.ts';
import { Bucket } from '../signaling/bucket.ts';
import { newPeerId } from '../signaling/sessions.ts';
import { pictureLoss } from '../rtp/rtcp.ts';
import type { Codec, Outlet, Producer, Router, RouterEvents, RouterTransport } from '../sfu/core/types.ts';
import type { FeedbackKind } from '../sfu/sdp/choose.ts';
import type { Description } from '../sfu/sdp/read.ts';
import { type SentSection, writeAnswer, writeSendAnswer } from '../sfu/sdp/write.ts';
import type { MediaTransport, TransportEvents, Transports } from '../sfu/transport/transport.ts';
import { agreeToPublish, agreeToView, type Kind, readOffer } from './agree.ts';
import type { Opened, Stages } from './http.ts';
import { Problem } from './problem.ts';

export interface StagesDeps {
  readonly log: Logger;
  readonly router: (events: RouterEvents) => Router;
  /** Undefined: the SFU is not there, or could not open its port. */
  readonly transports: () => Transports | undefined;
  readonly feedback: FeedbackKind;
  /** Milliseconds of any clock that does not go back. */
  readonly now?: () => number;
}

/** Somebody who is sent the broadcast without a connection. */
export interface Listening {
  readonly codecs: Readonly<Partial<Record<Kind, Codec>>>;
  /** Asks for a key frame. */
  wishKeyFrame(): void;
  close(): void;
}

export interface ListenerEvents {
  /** A packet of the broadcast, under payload type {@link PAYLOAD_TYPES}; the buffer belongs to the listener. */
  rtp(packet: Buffer): void;
  /** What is known of a stream's clock: a sender report. */
  rtcp(packet: Buffer): void;
  /** The broadcast is over. */
  ended(): void;
}

/** Of what a listener is sent. */
export const PAYLOAD_TYPES = { audio: 111, video: 96 } as const;

/** One room's broadcast: as long as somebody publishes. */
interface Stage {
  readonly router: Router;
  readonly producers: Map<Kind, Producer>;
  /** What ends with it, and how. */
  readonly audience: Set<() => void>;
}

const TICK_MS = 50;
/** Packets that one connection may bring: one camera in the best quality. What comes above it is lost. */
const PACKETS = { burst: 4_000, perSec: 2_000 };
const MAX_AUDIENCE = 150;
/** A viewer is sent the best there is. */
const SHOWN = { width: 1920, height: 1080, pinned: true };
const RETRY = { 'Retry-After': '2' };

/**
 * The broadcasts of all rooms on the SFU: for each a router with one publisher. Those who watch are receivers as any other,
 * but that they make the offer. With the publisher the broadcast ends for all of them.
 */
export class BroadcastStages implements Stages {
  readonly #deps: StagesDeps;
  readonly #now: () => number;
  readonly #stages = new Map<RoomId, Stage>();
  /** Rooms whose publisher is about to come. */
  readonly #opening = new Set<RoomId>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(deps: StagesDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? (() => performance.now());
  }

  /** Whether somebody publishes. */
  has(room: RoomId): boolean {
    return this.#stages.has(room);
  }

  async publish(room: RoomId, sdp: string, ended: () => void): Promise<Opened> {
    const transports = this.#transports();
    const offer = readOffer(sdp, true);
    const chosen = agreeToPublish(offer, this.#deps.feedback);
    if (this.#stages.has(room) || this.#opening.has(room))
      throw new Problem(409, 'Somebody publishes in this room already.', RETRY);
    const router = this.#deps.router({ heard: () => {} });
    const peer = newPeerId();
    this.#opening.add(room);
    try {
      const line = await this.#connect(transports, offer, router.transport.bind(router, peer, 'up'), () =>
        end(),
      );
      const stage: Stage = { router, producers: new Map(), audience: new Set() };
      let isOver = false;
      const end = () => {
        if (isOver) return;
        isOver = true;
        if (this.#stages.get(room) === stage) this.#stages.delete(room);
        for (const leave of stage.audience) leave();
        router.close();
        line.close();
        this.#keepTime();
        ended();
      };
      if (line.isOver()) throw new Problem(400, 'The connection ended before it began.');
      for (const section of offer.sections) {
        const { mid, kind } = section;
        const { codec, extensions, rids, feedback } = chosen.get(mid)!;
        if (kind !== 'audio' && kind !== 'video') continue;
        const source = kind === 'audio' ? 'microphone' : 'camera';
        const ssrcs = rids.length > 0 ? [] : section.ssrcs;
        stage.producers.set(
          kind,
          line.transport.produce({ peer, source, mid, codec, extensions, rids, ssrcs, feedback }),
        );
      }
      this.#stages.set(room, stage);
      this.#keepTime();
      return {
        answer: writeAnswer(offer, chosen, line.media.local, origin()),
        remote: offer.transport,
        close: end,
      };
    } finally {
      this.#opening.delete(room);
    }
  }

  async view(room: RoomId, sdp: string, ended: () => void): Promise<Opened> {
    const transports = this.#transports();
    const offer = readOffer(sdp, false);
    const stage = this.#stageOf(room);
    const { router, producers } = stage;
    const peer = newPeerId();
    const agreed = offer.sections.map((section) => ({
      section,
      producer: producers.get(section.kind as Kind),
      ...agreeToView(section, producers.get(section.kind as Kind)?.options.codec),
    }));
    const line = await this.#connect(transports, offer, router.transport.bind(router, peer, 'down'), () =>
      end(),
    );
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      stage.audience.delete(end);
      line.transport.close();
      line.close();
      ended();
    };
    if (line.isOver() || this.#stages.get(room) !== stage) {
      line.close();
      throw new Problem(409, 'The broadcast has just ended.', RETRY);
    }
    stage.audience.add(end);
    const sent = new Map<string, SentSection>();
    for (const { section, producer, codec, extensions } of agreed) {
      const ssrc = randomInt(1, 2 ** 32);
      const rtxSsrc = codec.rtxPayloadType === undefined ? undefined : randomInt(1, 2 ** 32);
      sent.set(section.mid, {
        codec,
        extensions,
        sends: { stream: 'broadcast', track: `broadcast-${section.kind}`, cname: 'broadcast', ssrc, rtxSsrc },
      });
      if (!producer) continue;
      line.transport.consume(producer, {
        peer,
        mid: section.mid,
        payloadType: codec.payloadType,
        ssrc,
        extensions,
        ...(codec.rtxPayloadType !== undefined && { rtxPayloadType: codec.rtxPayloadType }),
        ...(rtxSsrc !== undefined && { rtxSsrc }),
      });
    }
    this.#show(stage, peer);
    return {
      answer: writeSendAnswer(offer, sent, line.media.local, origin()),
      remote: offer.transport,
      close: end,
    };
  }

  /** Hands the broadcast to somebody in this process. @throws {Problem} 409 while nobody publishes */
  listen(room: RoomId, events: ListenerEvents): Listening {
    const stage = this.#stageOf(room);
    const { router, producers } = stage;
    const peer = newPeerId();
    const outlet: Outlet = {
      sendRtp: (packet) => events.rtp(packet),
      sendRtcp: (packet) => events.rtcp(packet),
    };
    const transport = router.transport(peer, 'down', outlet);
    transport.connected();
    const consumers = [...producers].map(([kind, producer]) => ({
      kind,
      producer,
      ssrc: producerSsrc(transport, producer, peer, kind),
    }));
    let isOver = false;
    const end = (isOurs: boolean) => {
      if (isOver) return;
      isOver = true;
      stage.audience.delete(leave);
      transport.close();
      if (!isOurs) events.ended();
    };
    const leave = () => end(false);
    stage.audience.add(leave);
    this.#show(stage, peer);
    return {
      codecs: Object.fromEntries(consumers.map(({ kind, producer }) => [kind, producer.options.codec])),
      wishKeyFrame: () => {
        for (const { kind, ssrc } of consumers)
          if (kind === 'video') transport.receiveRtcp(pictureLoss(1, ssrc), this.#now());
      },
      close: () => end(true),
    };
  }

  close(): void {
    for (const { audience, router } of this.#stages.values()) {
      for (const leave of audience) leave();
      router.close();
    }
    this.#stages.clear();
    this.#keepTime();
  }

  #stageOf(room: RoomId): Stage {
    const stage = this.#stages.get(room);
    if (!stage) throw new Problem(409, 'Nobody publishes in this room at the moment.', RETRY);
    if (stage.audience.size >= MAX_AUDIENCE)
      throw new Problem(503, `${MAX_AUDIENCE} watch this broadcast already.`, { 'Retry-After': '30' });
    return stage;
  }

  #transports(): Transports {
    const transports = this.#deps.transports();
    if (transports) return transports;
    throw new Problem(503, 'This server forwards no media: its SFU is off, or could not open its port.', {
      'Retry-After': '30',
    });
  }

  #show({ router, producers }: Stage, peer: PeerId): void {
    const camera = producers.get('video');
    router.want(peer, camera ? [{ producer: camera, ...SHOWN }] : []);
  }

  /** A connection for an offer, and its place at the router. */
  async #connect(
    transports: Transports,
    offer: Description,
    transportTo: (outlet: Outlet) => RouterTransport,
    ended: () => void,
  ): Promise<{
    media: MediaTransport;
    transport: RouterTransport;
    isOver: () => boolean;
    close: () => void;
  }> {
    const packets = new Bucket(PACKETS, this.#now());
    let transport: RouterTransport | undefined;
    let isOver = false;
    const take = (act: (transport: RouterTransport, nowMs: number) => void) => {
      const nowMs = this.#now();
      if (!transport || isOver || !packets.take(nowMs)) return;
      try {
        act(transport, nowMs);
      } catch (error) {
        this.#deps.log.error({ err: error }, 'a packet of a broadcast could not be handled');
      }
    };
    const events: TransportEvents = {
      connected: () => transport?.connected(),
      rtp: (packet) => take((one, nowMs) => one.receiveRtp(packet, nowMs)),
      rtcp: (packet) => take((one, nowMs) => one.receiveRtcp(packet, nowMs)),
      message: () => {},
      closed: () => {
        isOver = true;
        if (transport) ended();
      },
    };
    let media: MediaTransport;
    try {
      media = await transports.answer(offer.transport, { channels: [], events });
    } catch (error) {
      throw new Problem(
        400,
        `The offer cannot be used: ${String(error instanceof Error ? error.message : error).slice(0, 200)}`,
      );
    }
    transport = transportTo({
      sendRtp: (packet) => media.sendRtp(packet),
      sendRtcp: (packet) => media.sendRtcp(packet),
    });
    // It may have been quicker than its description.
    if (media.state === 'connected') transport.connected();
    return {
      media,
      transport,
      isOver: () => isOver,
      close: () => {
        isOver = true;
        media.close();
      },
    };
  }

  /** The routers' clock runs while there is one. */
  #keepTime(): void {
    if (this.#stages.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
  }

  #tick(): void {
    for (const [room, { router }] of this.#stages) {
      try {
        router.tick(this.#now());
      } catch (error) {
        this.#deps.log.error({ err: error, room }, 'a broadcast failed');
      }
    }
  }
}

function producerSsrc(transport: RouterTransport, producer: Producer, peer: PeerId, kind: Kind): number {
  const ssrc = kind === 'audio' ? 1 : 2;
  transport.consume(producer, { peer, mid: kind, payloadType: PAYLOAD_TYPES[kind], ssrc, extensions: {} });
  return ssrc;
}

const origin = () => ({ sessionId: String(randomInt(1, 2 ** 47)), version: 1 });
