import { randomInt } from 'node:crypto';
import type { PublishedSection, ReceivedSection, Source, Want } from '../../../src/protocol/middlebox.ts';
import type { PeerId } from '../../../src/protocol/signaling.ts';
import type { MiddleboxSeat, Participant, SeatEvents } from '../../middlebox/middlebox.ts';
import { Refusal } from '../../signaling/refusal.ts';
import { fromLowest } from '../sdp/choose.ts';
import { type Description, readDescription } from '../sdp/read.ts';
import { hasCandidates, withCandidates, withOrigin, withoutData } from './descriptions.ts';
import { Joined, type JanusId, type Jsep, SubscribedStreams, Switched } from './messages.ts';
import { aimOf, type Aim, type Feed, type Slot, Strain, type Steps, stepsTo } from './plan.ts';
import { NO_SUCH_FEED, refusalOf } from './refusals.ts';
import type { JanusRoom } from './room.ts';
import { type JanusHandle, JanusError, type Told } from './session.ts';

/** What is published: the section, and its layers from the lowest to the highest. */
interface Published extends PublishedSection {
  readonly layers: Feed['layers'];
}

interface Up {
  readonly sessionId: string;
  readonly published: readonly Published[];
  handle: JanusHandle | undefined;
  feed: JanusId | undefined;
  isConnected: boolean;
  isOver: boolean;
}

interface Offer {
  readonly version: number;
  readonly sdp: string;
  readonly sections: readonly ReceivedSection[];
}

interface Down {
  /** Of our offers, in their `o=` lines. */
  readonly sessionId: string;
  handle: JanusHandle | undefined;
  /** Into the room at Janus: from then on the subscriber is changed, not made. */
  hasJoined: boolean;
  slots: Slot[];
  /** Of those that it was subscribed to, by what Janus calls them. */
  readonly known: Map<string, Feed>;
  /** An offer that waits for its answer. */
  pending: Offer | undefined;
  isAnswering: boolean;
  /** Only one request at a time changes it; what comes meanwhile is seen afterwards. */
  isBusy: boolean;
  isStale: boolean;
  isConnected: boolean;
  readonly strain: Strain;
  isOver: boolean;
}

/** One participant at Janus: a publisher for the connection up, a subscriber for the connection down. */
export class Seat implements MiddleboxSeat {
  readonly events: SeatEvents;
  readonly #room: JanusRoom;
  #participant: Participant;
  #up: Up | undefined;
  #down: Down | undefined;
  #wants: readonly Want[];
  /** Of all offers, also of those on earlier connections: an answer to one of them finds nothing. */
  #version = 0;

  constructor(room: JanusRoom, participant: Participant, events: SeatEvents) {
    this.#room = room;
    this.#participant = participant;
    this.#wants = room.wantsOf(participant.peer);
    this.events = events;
  }

  get peer(): PeerId {
    return this.#participant.peer;
  }

  get up(): Pick<Up, 'handle' | 'published' | 'isConnected'> | undefined {
    return this.#up;
  }

  get down(): Pick<Down, 'handle' | 'slots' | 'isConnected'> | undefined {
    return this.#down;
  }

  /** What it sends, once it is connected: Janus knows a publisher from then on. */
  get feeds(): Feed[] {
    const up = this.#up;
    if (!up?.isConnected || up.feed === undefined) return [];
    const { feed } = up;
    return up.published.map(({ mid, source, layers }) => ({
      peer: this.peer,
      source,
      feed,
      mid,
      layers,
      isOff: this.#isOff(source),
    }));
  }

  isFeed(id: JanusId): boolean {
    return this.#up?.feed === id;
  }

  async publish(sdp: string, sections: readonly PublishedSection[]): Promise<string> {
    const offer = readDescription(sdp);
    const published = check(offer, sections);
    if (this.#up?.sessionId === offer.sessionId)
      throw new Refusal('bad-description', 'A connection up is offered once: make a new one.');
    this.#closeUp();
    const up: Up = {
      sessionId: offer.sessionId,
      published,
      handle: undefined,
      feed: undefined,
      isConnected: false,
      isOver: false,
    };
    this.#up = up;
    try {
      const { session, room, pin } = await this.#room.made();
      const handle = await session.attach({
        told: (data) => this.#room.told(data),
        connected: () => {
          if (up.isOver) return;
          up.isConnected = true;
          this.#room.sync();
        },
        hungUp: (reason) => this.#end('up', up, `Janus has ended the connection: ${reason}`),
      });
      up.handle = handle;
      this.#orGone(up);
      up.feed = Joined.parse((await handle.ask({ request: 'join', ptype: 'publisher', room, pin })).data).id;
      this.#orGone(up);
      const stripped = withoutData(sdp);
      const { jsep } = await handle.ask({ request: 'configure' }, { type: 'offer', sdp: stripped.offer });
      if (!jsep) throw new JanusError(0, 'Janus gave no answer to the offer');
      const answer = await this.#complete(handle, jsep);
      this.#orGone(up);
      return stripped.answerFor(answer);
    } catch (error) {
      up.handle?.detach();
      if (this.#up === up) this.#closeUp();
      throw refusalOf(error);
    }
  }

  async receive(): Promise<void> {
    this.#closeDown();
    const down: Down = {
      sessionId: String(randomInt(1, 2 ** 47)),
      handle: undefined,
      hasJoined: false,
      slots: [],
      known: new Map(),
      pending: undefined,
      isAnswering: false,
      isBusy: false,
      isStale: false,
      isConnected: false,
      strain: new Strain(),
      isOver: false,
    };
    this.#down = down;
    try {
      const { session } = await this.#room.made();
      down.handle = await session.attach({
        told: (data, jsep) => void this.#told(down, data, jsep),
        connected: () => (down.isConnected = true),
        hungUp: (reason) => this.#end('down', down, `Janus has ended the connection: ${reason}`),
        slow: (towards) => {
          if (towards === 'janus') return;
          down.strain.slow(this.#room.deps.now());
          void this.#sync(down);
        },
      });
      this.#orGone(down);
    } catch (error) {
      down.handle?.detach();
      if (this.#down === down) this.#closeDown();
      throw refusalOf(error);
    }
    void this.#sync(down);
  }

  async answer(version: number, sdp: string): Promise<readonly []> {
    const down = this.#down;
    const offer = down?.pending;
    if (!down?.handle || !offer || offer.version !== version || down.isAnswering) return [];
    readDescription(sdp);
    down.isAnswering = true;
    try {
      await down.handle.ask({ request: 'start' }, { type: 'answer', sdp });
    } catch (error) {
      if (!down.isOver) throw refusalOf(error);
      return [];
    } finally {
      down.isAnswering = false;
    }
    if (down.pending === offer) down.pending = undefined;
    void this.#sync(down);
    return []; // Janus names them in its offers
  }

  want(wants: readonly Want[]): void {
    this.#wants = wants;
    const down = this.#down;
    if (down?.pending) this.events.offer(down.pending);
    this.sync();
  }

  change(participant: Participant): void {
    const before = this.#participant.media;
    this.#participant = participant;
    const { media } = participant;
    // Without packets Janus does not notice that somebody is silent.
    if (media.muted) this.#room.silent(this.peer);
    if (media.muted !== before.muted || media.camera !== before.camera || media.screen !== before.screen)
      this.#room.sync();
  }

  /** What is there to be received, or wanted, is something else. */
  sync(): void {
    if (this.#down) void this.#sync(this.#down);
  }

  aimOf(feed: Feed): Aim {
    return aimOf(feed, {
      wants: this.#wants,
      heard: this.#room.heardBy(this.peer),
      lowered: this.#down?.strain.lowered(this.#room.deps.now()) ?? 0,
    });
  }

  /** Both connections are gone. */
  lost(why: string): void {
    if (this.#up) this.#end('up', this.#up, why);
    if (this.#down) this.#end('down', this.#down, why);
  }

  close(): void {
    this.#closeUp();
    this.#closeDown();
    if (this.#room.seats.get(this.peer) === this) this.#room.leave(this.peer, this.#wants);
  }

  #isOff(source: Source): boolean {
    const { muted, camera, screen } = this.#participant.media;
    if (source === 'microphone') return muted;
    return source === 'camera' ? !camera : !screen;
  }

  /** Something that has been taken the place of is not gone on with. */
  #orGone(leg: Up | Down): void {
    if (leg.isOver) throw new Refusal('bad-description', 'Another connection has taken its place meanwhile.');
  }

  #end(leg: 'up' | 'down', which: Up | Down, why: string): void {
    if (which.isOver) return;
    if (leg === 'up') this.#closeUp();
    else this.#closeDown();
    this.events.ended(leg, why);
  }

  #closeUp(): void {
    const up = this.#up;
    if (!up) return;
    this.#up = undefined;
    up.isOver = true;
    up.handle?.detach();
    this.#room.silent(this.peer);
    if (up.isConnected) this.#room.sync();
  }

  #closeDown(): void {
    const down = this.#down;
    if (!down) return;
    this.#down = undefined;
    down.isOver = true;
    down.handle?.detach();
  }

  /** With the candidates of Janus in it. */
  async #complete(handle: JanusHandle, { sdp }: Jsep): Promise<string> {
    if (hasCandidates(sdp)) return sdp;
    return withCandidates(sdp, await handle.candidates(this.#room.deps.gatherMs));
  }

  async #sync(down: Down): Promise<void> {
    if (down.isOver || !down.handle) return;
    if (down.isBusy) {
      down.isStale = true;
      return;
    }
    down.isBusy = true;
    try {
      do {
        down.isStale = false;
        await this.#step(down, down.handle);
      } while (down.isStale && !down.isOver);
    } catch (error) {
      if (down.isOver) return;
      this.#room.deps.log.warn({ err: error }, 'a subscriber at Janus could not be changed');
      this.#end('down', down, (refusalOf(error) as Error).message);
    } finally {
      down.isBusy = false;
    }
  }

  async #step(down: Down, handle: JanusHandle): Promise<void> {
    const feeds = this.#room.feeds.filter(({ peer }) => peer !== this.peer);
    const steps = stepsTo(feeds, down.slots, (feed) => this.aimOf(feed));
    const hasToOffer = !down.hasJoined || steps.subscribe.length > 0 || steps.unsubscribe.length > 0;
    if (!down.pending && hasToOffer) {
      try {
        await this.#offered(down, handle, await this.#change(down, handle, steps));
      } catch (error) {
        // Whoever has just left takes his feed along; the room is looked at again.
        if (!(error instanceof JanusError && error.code === NO_SUCH_FEED)) throw error;
        this.#room.syncSoon();
      }
    }
    if (down.isOver) return;
    const { configure } = stepsTo(feeds, down.slots, (feed) => this.aimOf(feed));
    if (configure.length === 0) return;
    for (const { slot, send, substream } of configure) Object.assign(slot, { send, substream });
    await handle.ask({
      request: 'configure',
      streams: configure.map(({ slot: { mid }, send, substream }) => ({
        mid,
        send,
        ...(substream !== undefined && { substream }),
      })),
    });
  }

  async #change(down: Down, handle: JanusHandle, { subscribe, unsubscribe }: Steps): Promise<Told> {
    for (const { feed } of subscribe) down.known.set(nameOf(feed.feed, feed.mid), feed);
    const streams = subscribe.map(({ feed: { feed, mid }, substream }) => ({
      feed,
      mid,
      ...(substream !== undefined && { substream }),
    }));
    if (down.hasJoined)
      return handle.ask({
        request: 'update',
        ...(streams.length > 0 && { subscribe: streams }),
        ...(unsubscribe.length > 0 && { unsubscribe: unsubscribe.map((mid) => ({ sub_mid: mid })) }),
      });
    const { room, pin, dummy } = await this.#room.made();
    // We say when it is offered anew, not Janus: one offer at a time.
    const told = await handle.ask({
      request: 'join',
      ptype: 'subscriber',
      room,
      pin,
      autoupdate: false,
      streams: [{ feed: dummy }, ...streams],
    });
    down.hasJoined = true;
    return told;
  }

  /** What comes by itself: the layer that is forwarded now, or an offer that had to wait at Janus. */
  async #told(down: Down, data: Readonly<Record<string, unknown>>, jsep: Jsep | undefined): Promise<void> {
    const switched = Switched.safeParse(data);
    const slot = switched.success && down.slots.find(({ mid }) => mid === switched.data.mid);
    if (slot) slot.forwarded = switched.data?.substream;
    if (jsep?.type === 'offer' && down.handle) await this.#offered(down, down.handle, { data, jsep });
  }

  async #offered(down: Down, handle: JanusHandle, { data, jsep }: Told): Promise<void> {
    const told = SubscribedStreams.safeParse(data);
    if (!told.success || !jsep) return;
    down.slots = told.data.streams.flatMap((stream) => {
      const { mid, active, feed_id: feedId, feed_mid: feedMid } = stream;
      const feed = feedId !== undefined && down.known.get(nameOf(feedId, feedMid ?? ''));
      if (active === false || !feed) return [];
      const before = down.slots.find((slot) => slot.mid === mid && slot.feed === feed);
      return [
        before ?? {
          mid,
          feed,
          send: stream.send ?? true,
          substream: stream.simulcast?.['substream-target'],
          forwarded: undefined,
        },
      ];
    });
    const sdp = await this.#complete(handle, jsep);
    if (down.isOver) return;
    this.#version += 1;
    down.pending = {
      version: this.#version,
      sdp: withOrigin(sdp, down.sessionId, this.#version),
      sections: down.slots.map(({ mid, feed: { peer, source } }) => ({ mid, peer, source })),
    };
    this.events.offer(down.pending);
  }
}

const nameOf = (feed: JanusId, mid: string) => `${feed} ${mid}`;

/** Janus has three layers at most, and counts the last of them in the list as its first (rid-order hml). */
const SUBSTREAMS = 3;

/** @throws {Refusal} `bad-description` */
function check({ sections }: Description, wanted: readonly PublishedSection[]): Published[] {
  return wanted.map(({ mid, source }) => {
    const section = sections.find((candidate) => candidate.mid === mid);
    const kind = source === 'camera' || source === 'screen' ? 'video' : 'audio';
    if (section?.kind !== kind || !section.isAlive)
      throw new Refusal(
        'bad-description',
        `The offer has no m-section ${mid} with ${kind}, which is said to be the ${source}.`,
      );
    const listed = section.rids.slice(0, SUBSTREAMS);
    const layers = fromLowest(listed).map((rid) => ({
      rid,
      substream: SUBSTREAMS - 1 - listed.indexOf(rid),
    }));
    return { mid, source, layers: layers.length > 1 ? layers : [] };
  });
}
