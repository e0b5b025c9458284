import type { ForwardTable } from '../../../src/protocol/middlebox.ts';
import type { PeerId } from '../../../src/protocol/signaling.ts';
import { allocate } from './allocate.ts';
import type { SfuConsumer } from './consumer.ts';
import { Levels } from './levels.ts';
import { type SfuProducer, SILENCE } from './producer.ts';
import { forwardTable } from './table.ts';
import { SfuTransport, type TransportOwner } from './transport.ts';
import type { Outlet, Producer, Router, RouterEvents } from './types.ts';

/** How many of those who speak each participant is sent. */
const LOUDEST = 3;
const LEVELS_EVERY_MS = 100;
const ALLOCATE_EVERY_MS = 200;

export interface RouterOptions {
  /** For the table: which library has the sockets. */
  readonly engine: string;
  readonly events: RouterEvents;
  /** 0 to 1. */
  readonly random?: () => number;
}

interface Tile {
  readonly width: number;
  readonly height: number;
  readonly pinned: boolean;
}

export function createRouter(options: RouterOptions): Router {
  return new SfuRouter(options);
}

class SfuRouter implements Router {
  readonly producers = new Map<string, SfuProducer>();
  readonly #options: RouterOptions;
  readonly #transports = new Set<SfuTransport>();
  /** What each participant's page shows. */
  readonly #tiles = new Map<PeerId, Map<Producer, Tile>>();
  readonly #levels = new Levels<SfuProducer>();
  #heard: readonly PeerId[] = [];
  #levelsMs = -Infinity;
  #allocatedMs = -Infinity;
  #ids = 0;
  readonly #owner: TransportOwner;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#owner = {
      random: options.random ?? Math.random,
      nextId: () => String(++this.#ids),
      added: (producer) => this.producers.set(producer.id, producer),
      removed: (producer) => {
        this.producers.delete(producer.id);
        for (const transport of this.#transports)
          for (const consumer of transport.consumers) if (consumer.producer === producer) consumer.close();
        for (const tiles of this.#tiles.values()) tiles.delete(producer);
      },
      closed: (transport) => {
        this.#transports.delete(transport);
        if (![...this.#transports].some(({ peer }) => peer === transport.peer))
          this.#tiles.delete(transport.peer);
      },
    };
  }

  transport(peer: PeerId, leg: 'up' | 'down', outlet: Outlet): SfuTransport {
    const transport = new SfuTransport(peer, leg, outlet, this.#owner);
    this.#transports.add(transport);
    return transport;
  }

  want(peer: PeerId, wants: readonly ({ readonly producer: Producer } & Tile)[]): void {
    if (![...this.#transports].some((transport) => transport.peer === peer)) return;
    this.#tiles.set(
      peer,
      new Map(wants.map(({ producer, width, height, pinned }) => [producer, { width, height, pinned }])),
    );
    // Not at the next tick but one: somebody has turned a page.
    this.#allocatedMs = -Infinity;
  }

  tick(nowMs: number): void {
    if (nowMs - this.#levelsMs >= LEVELS_EVERY_MS) {
      this.#levelsMs = nowMs;
      this.#listen();
    }
    if (nowMs - this.#allocatedMs >= ALLOCATE_EVERY_MS) {
      this.#allocatedMs = nowMs;
      for (const transport of this.#transports) this.#allocate(transport, nowMs);
    }
    for (const transport of this.#transports) transport.tick(nowMs);
  }

  table(nowMs: number): ForwardTable {
    return forwardTable(this.#options.engine, this.#transports, nowMs);
  }

  close(): void {
    for (const transport of this.#transports) transport.close();
    this.#tiles.clear();
  }

  /** Who speaks, of those whose packets tell their level. */
  #listen(): void {
    const levels = new Map<SfuProducer, number>();
    for (const producer of this.producers.values())
      if (isMeasured(producer)) levels.set(producer, producer.level ?? SILENCE);
    this.#levels.tick(levels);
    const heard = this.#levels.order.slice(0, LOUDEST).map(({ options }) => options.peer);
    const before = this.#heard;
    if (heard.length === before.length && heard.every((peer, index) => peer === before[index])) return;
    this.#heard = heard;
    this.#options.events.heard(heard);
  }

  /** What one participant is sent: the loudest of the others, and the pictures that it shows. */
  #allocate(transport: SfuTransport, nowMs: number): void {
    const pictures: SfuConsumer[] = [];
    let soundBps = 0;
    const loudest = new Set(
      this.#levels.order.filter(({ options }) => options.peer !== transport.peer).slice(0, LOUDEST),
    );
    for (const consumer of transport.consumers) {
      const { producer } = consumer;
      if (producer.options.codec.kind === 'audio') soundBps += consumer.rate.bitsPerSec(nowMs);
      if (producer.options.codec.kind === 'video') pictures.push(consumer);
      else if (producer.options.peer === transport.peer) consumer.aim(null, 'not-shown');
      else if (!producer.isActive) consumer.aim(null, 'off');
      else if (isMeasured(producer) && !loudest.has(producer)) consumer.aim(null, 'not-loud');
      else consumer.aim(0, null);
    }
    const tiles = this.#tiles.get(transport.peer);
    const choices = allocate(
      pictures.map(({ producer, target }) => ({
        layers: producer.layers.map((layer) => ({
          isSent: layer.isSent(nowMs),
          bitsPerSec: layer.rate.bitsPerSec(nowMs),
          baseBitsPerSec: layer.baseRate.bitsPerSec(nowMs),
          width: layer.size?.width ?? null,
          height: layer.size?.height ?? null,
        })),
        isActive: producer.isActive,
        shown: tiles?.get(producer),
        current: target?.index ?? null,
      })),
      transport.line.budgetBps(nowMs) - soundBps,
    );
    for (const [index, consumer] of pictures.entries()) {
      const choice = choices[index]!;
      consumer.aim(choice.layer, choice.reason, choice.isThinned ? 0 : undefined);
    }
  }
}

/** Sound of a screen is not speech: it is always sent, and so is sound whose level is not told. */
function isMeasured({ options, isActive }: SfuProducer): boolean {
  return options.source === 'microphone' && options.extensions.audioLevel !== undefined && isActive;
}
