import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import type { PublishedSection, ServerCandidate, Source, Want } from '../../src/protocol/middlebox.ts';
import type { MediaState, PeerId } from '../../src/protocol/signaling.ts';
import type { MiddleboxSeat, Participant, SeatEvents } from '../middlebox/middlebox.ts';
import { Bucket } from '../signaling/bucket.ts';
import { Refusal } from '../signaling/refusal.ts';
import type { Consumer, Outlet, Producer, Router, RouterTransport } from './core/types.ts';
import { BYTES, readdress, WORDS } from './lines.ts';
import { choose, type Chosen, type FeedbackKind } from './sdp/choose.ts';
import { readDescription, type Description } from './sdp/read.ts';
import { consumerOptions, type Slot, Slots, type Supply } from './sdp/slots.ts';
import { candidatesFor, type OfferedSection, writeAnswer, writeOffer } from './sdp/write.ts';
import type {
  MediaTransport,
  OfferingTransport,
  TransportEvents,
  Transports,
} from './transport/transport.ts';

/** A room of the SFU: who sits in it, and what forwards between them. */
export interface SfuRoom {
  readonly router: Router;
  readonly seats: Map<PeerId, Seat>;
  /** What is sent in the room has changed: everybody's connection down follows. */
  refresh(): void;
}

export interface SeatDeps {
  readonly room: SfuRoom;
  readonly transports: Transports;
  readonly feedback: FeedbackKind;
  readonly log: Logger;
  readonly now: () => number;
  /** The seat is free. */
  readonly left: () => void;
}

/** Packets that one connection may bring: several cameras in the best quality. What comes above it is lost. */
const PACKETS = { burst: 8_000, perSec: 4_000 };
/** Words and pieces of files that one participant may say. */
const MESSAGES = { burst: 4_000, perSec: 2_000 };

/** A connection up, with what is published on it. */
interface Up {
  readonly sessionId: string;
  readonly media: MediaTransport;
  readonly transport: RouterTransport;
  readonly producers: readonly Producer[];
}

interface ProducerSupply extends Supply {
  readonly producer: Producer;
}

/** A connection down. One offer is on its way at a time; what changes meanwhile is in the next one. */
interface Down {
  readonly sessionId: string;
  readonly media: OfferingTransport;
  readonly transport: RouterTransport;
  readonly slots: Slots<ProducerSupply>;
  readonly consumers: Map<string, Consumer>;
  /** Of supplies that this receiver cannot receive. */
  readonly refused: Set<string>;
  isAccepted: boolean;
  isDirty: boolean;
  waiting: OfferOnItsWay | undefined;
}

interface OfferOnItsWay {
  readonly version: number;
  readonly sdp: string;
  readonly offered: readonly OfferedSection[];
  readonly slots: readonly Slot<ProducerSupply>[];
}

/** One participant at the SFU. */
export class Seat implements MiddleboxSeat {
  readonly events: SeatEvents;
  readonly #deps: SeatDeps;
  readonly #messages: Bucket;
  #participant: Participant;
  #up: Up | undefined;
  #down: Down | undefined;
  /** Which opening of each leg is the present one. */
  readonly #openings = { up: 0, down: 0 };
  #version = 0;
  #wants: readonly Want[] = [];
  #closed = false;

  constructor(participant: Participant, events: SeatEvents, deps: SeatDeps) {
    this.#participant = participant;
    this.events = events;
    this.#deps = deps;
    this.#messages = new Bucket(MESSAGES, deps.now());
  }

  /** What this participant sends. */
  get producers(): readonly Producer[] {
    return this.#up?.producers ?? [];
  }

  async publish(sdp: string, sections: readonly PublishedSection[]): Promise<string> {
    const offer = readDescription(sdp);
    if (this.#up?.sessionId === offer.sessionId)
      throw bad('an offer on the connection that is there already cannot be taken: make a new connection');
    const chosen = this.#choose(offer, sections);
    this.#endUp();
    const opening = ++this.#openings.up;
    const leg = this.#leg('up', () => {
      if (opening === this.#openings.up) this.#endUp();
    });
    const hasData = offer.sections.some(({ kind, isAlive }) => kind === 'application' && isAlive);
    const channels = hasData ? [WORDS, BYTES] : [];
    const media = await usable(
      this.#deps.transports.answer(offer.transport, { channels, events: leg.events }),
    );
    if (this.#closed || opening !== this.#openings.up) {
      media.close();
      throw bad('another connection has taken its place');
    }
    const transport = leg.open(media);
    const producers = sections.flatMap(({ mid, source }) => {
      const agreed = chosen.get(mid);
      const section = offer.sections.find((candidate) => candidate.mid === mid);
      if (!agreed || !section) return [];
      const { codec, extensions, rids, feedback } = agreed;
      const { peer } = this.#participant;
      // Of simulcast the SSRCs are learned: which is which layer, no description says.
      const ssrcs = rids.length > 0 ? [] : section.ssrcs;
      const producer = transport.produce({ peer, source, mid, codec, extensions, rids, ssrcs, feedback });
      return [producer];
    });
    this.#up = { sessionId: offer.sessionId, media, transport, producers };
    this.#setActive();
    this.#deps.room.refresh();
    return writeAnswer(offer, chosen, media.local, { sessionId: newSessionId(), version: 1 });
  }

  async receive(): Promise<void> {
    this.#endDown();
    const opening = ++this.#openings.down;
    const leg = this.#leg('down', () => {
      if (opening === this.#openings.down) this.#endDown();
    });
    const media = await this.#deps.transports.offer({ channels: [], events: leg.events });
    if (this.#closed || opening !== this.#openings.down) return media.close();
    const ssrcs = new Set<number>();
    const newSsrc = (): number => {
      const ssrc = randomInt(1, 2 ** 32);
      if (ssrcs.has(ssrc)) return newSsrc();
      ssrcs.add(ssrc);
      return ssrc;
    };
    this.#down = {
      sessionId: newSessionId(),
      media,
      transport: leg.open(media),
      slots: new Slots(newSsrc),
      consumers: new Map(),
      refused: new Set(),
      isAccepted: false,
      isDirty: true,
      waiting: undefined,
    };
    this.refresh();
  }

  async answer(version: number, sdp: string): Promise<readonly ServerCandidate[]> {
    const down = this.#down;
    const { waiting } = down ?? {};
    if (!down || waiting?.version !== version) return [];
    const answer = readDescription(sdp);
    const misfit = Slots.misfit(waiting.offered, answer);
    if (misfit) throw bad(`the answer cannot be used: ${misfit}`);
    const isFirst = !down.isAccepted;
    if (isFirst) {
      try {
        down.media.accept(answer.transport);
      } catch (error) {
        throw bad(`the answer cannot be used: ${reasonOf(error)}`);
      }
      down.isAccepted = true;
    }
    down.waiting = undefined;
    for (const verdict of down.slots.settle(waiting.offered, waiting.slots, answer)) {
      const { supply } = verdict.slot;
      if (verdict.is === 'taken') this.#consume(down, verdict.slot);
      else {
        down.slots.remove(supply.id);
        down.consumers.get(supply.id)?.close();
        down.consumers.delete(supply.id);
        down.refused.add(supply.id);
        down.isDirty = true;
        const { peer } = this.#participant;
        const { source, codec } = supply;
        this.#deps.log.info(
          { peer, from: supply.peer, source, codec: codec.name, why: verdict.why },
          'not received through the SFU',
        );
      }
    }
    this.refresh();
    return isFirst ? candidatesFor(answer, down.media.local) : [];
  }

  want(wants: readonly Want[]): void {
    this.#wants = wants;
    this.#tellWants();
    const waiting = this.#down?.waiting;
    if (waiting) this.#tellOffer(waiting);
  }

  change(participant: Participant): void {
    this.#participant = participant;
    this.#setActive();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#endUp();
    this.#endDown();
    this.#deps.left();
  }

  /** Follows what is sent in the room: with an offer, now or when the last one has been answered. */
  refresh(): void {
    const down = this.#down;
    if (!down) return;
    const supplies = this.#supplies();
    const ids = new Set(supplies.map(({ id }) => id));
    for (const { supply } of down.slots.slots) {
      if (ids.has(supply.id)) continue;
      down.slots.remove(supply.id);
      down.consumers.get(supply.id)?.close();
      down.consumers.delete(supply.id);
      down.isDirty = true;
    }
    for (const id of down.refused) if (!ids.has(id)) down.refused.delete(id);
    for (const supply of supplies) {
      if (down.slots.has(supply.id) || down.refused.has(supply.id)) continue;
      if (down.slots.add(supply)) {
        down.isDirty = true;
        continue;
      }
      down.refused.add(supply.id);
      const { peer } = this.#participant;
      const { source, codec } = supply;
      this.#deps.log.info(
        { peer, from: supply.peer, source, codec: codec.name },
        'no room for it in the SFU',
      );
    }
    this.#tellWants();
    if (down.isDirty && !down.waiting) this.#offer(down);
  }

  /** A message of another member for this one. False: it cannot be told now. */
  deliver(channel: number, message: string | Buffer): boolean {
    return this.#up?.media.sendMessage(channel, message) ?? false;
  }

  #choose(offer: Description, sections: readonly PublishedSection[]): Map<string, Chosen> {
    const chosen = new Map<string, Chosen>();
    for (const { mid, source } of sections) {
      const section = offer.sections.find((candidate) => candidate.mid === mid);
      if (!section) throw bad(`the offer has no m-section with a=mid:${mid}`);
      if (section.kind !== kindOf(source))
        throw bad(`the m-section with a=mid:${mid} is no ${kindOf(source)}, as the ${source} has to be`);
      const agreed = choose(section, this.#deps.feedback);
      if (agreed) chosen.set(mid, agreed);
      else
        this.#deps.log.info(
          { peer: this.#participant.peer, source },
          'an m-section was refused: it has no codec that the SFU forwards, or does not send',
        );
    }
    const hasData = offer.sections.some(({ kind, isAlive }) => kind === 'application' && isAlive);
    if (chosen.size === 0 && !hasData) throw bad('nothing in the offer can be forwarded');
    return chosen;
  }

  /** One connection: what comes of it goes to the router. */
  #leg(leg: 'up' | 'down', ended: () => void) {
    const { room, now } = this.#deps;
    const { peer } = this.#participant;
    const packets = new Bucket(PACKETS, now());
    let transport: RouterTransport | undefined;
    // What is handed on is at most a fault of one packet.
    const guard = (act: () => void): void => {
      try {
        act();
      } catch (error) {
        this.#deps.log.error({ err: error, peer }, 'a packet could not be handled');
      }
    };
    const events: TransportEvents = {
      connected: () => guard(() => transport?.connected()),
      rtp: (packet) => {
        const nowMs = now();
        if (transport && packets.take(nowMs)) guard(() => transport?.receiveRtp(packet, nowMs));
      },
      rtcp: (packet) => {
        const nowMs = now();
        if (transport && packets.take(nowMs)) guard(() => transport?.receiveRtcp(packet, nowMs));
      },
      message: (channel, message) => this.#forward(channel, message),
      closed: (why) => {
        ended();
        if (!this.#closed) this.events.ended(leg, why);
      },
    };
    return {
      events,
      open: (media: MediaTransport): RouterTransport => {
        const outlet: Outlet = {
          sendRtp: (packet) => media.sendRtp(packet),
          sendRtcp: (packet) => media.sendRtcp(packet),
        };
        transport = room.router.transport(peer, leg, outlet);
        // It may have been quicker than its description.
        if (media.state === 'connected') transport.connected();
        return transport;
      },
    };
  }

  #forward(channel: number, message: string | Buffer): void {
    if (this.#closed || !this.#messages.take(this.#deps.now())) return;
    const { peer } = this.#participant;
    const forward = readdress(channel, message, peer);
    // What cannot be handed on is lost, as on a line that is cut: the pages' protocol notices.
    if (forward && forward.to !== peer)
      this.#deps.room.seats.get(forward.to)?.deliver(channel, forward.message);
  }

  #supplies(): ProducerSupply[] {
    return [...this.#deps.room.seats.values()]
      .filter((seat) => seat !== this)
      .flatMap((seat) => seat.producers)
      .map((producer) => {
        const { peer, source, codec } = producer.options;
        return { id: producer.id, peer, source, codec, producer };
      });
  }

  #consume(down: Down, slot: Slot<ProducerSupply>): void {
    const { id, producer } = slot.supply;
    if (down.consumers.has(id)) return;
    const consumer = down.transport.consume(producer, consumerOptions(slot, this.#participant.peer));
    down.consumers.set(id, consumer);
  }

  #offer(down: Down): void {
    this.#version += 1;
    const version = this.#version;
    const offered = down.slots.offer();
    down.isDirty = false;
    down.waiting = {
      version,
      offered,
      slots: down.slots.slots,
      sdp: writeOffer(offered, down.media.local, { sessionId: down.sessionId, version }),
    };
    this.#tellOffer(down.waiting);
  }

  #tellOffer({ version, sdp, slots }: OfferOnItsWay): void {
    const sections = slots.map(({ mid, supply }) => ({
      mid,
      peer: supply.producer.options.peer,
      source: supply.source,
    }));
    this.events.offer({ version, sdp, sections });
  }

  #tellWants(): void {
    const { router } = this.#deps.room;
    const producers = this.#supplies();
    const known = this.#wants.flatMap(({ peer, source, width, height, pinned }) => {
      const supply = producers.find((candidate) => candidate.peer === peer && candidate.source === source);
      return supply ? [{ producer: supply.producer, width, height, pinned }] : [];
    });
    router.want(this.#participant.peer, known);
  }

  #setActive(): void {
    const { media } = this.#participant;
    for (const producer of this.producers) producer.setActive(isOn(producer.options.source, media));
  }

  #endUp(): void {
    const up = this.#up;
    this.#up = undefined;
    if (!up) return;
    this.#openings.up += 1;
    for (const producer of up.producers) producer.close();
    up.transport.close();
    up.media.close();
    this.#deps.room.refresh();
  }

  #endDown(): void {
    const down = this.#down;
    this.#down = undefined;
    if (!down) return;
    this.#openings.down += 1;
    for (const consumer of down.consumers.values()) consumer.close();
    down.transport.close();
    down.media.close();
  }
}

function isOn(source: Source, media: MediaState): boolean {
  switch (source) {
    case 'microphone':
      return !media.muted;
    case 'camera':
      return media.camera;
    case 'screen':
    case 'screen-audio':
      return media.screen;
    default:
      return source satisfies never;
  }
}

const kindOf = (source: Source): 'audio' | 'video' =>
  source === 'camera' || source === 'screen' ? 'video' : 'audio';

/** As RFC 9429 §5.2.1 wants it: 63 bits would be allowed, 47 are enough to tell sessions apart. */
const newSessionId = (): string => String(randomInt(1, 2 ** 47));

const bad = (why: string): Refusal => new Refusal('bad-description', why);

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 200);

/** What the library does not take, its sender has written. */
async function usable<T>(made: Promise<T>): Promise<T> {
  try {
    return await made;
  } catch (error) {
    throw bad(`the offer cannot be used: ${reasonOf(error)}`);
  }
}
