/**
 * Who may see which message of the wire.
 *
 * A flow (one client port at one of our addresses) belongs to the session whose user name it has proved, or that has
 * claimed its port from the same address. Nobody sees a flow that belongs to nobody.
 */
import type { Endpoint } from '../../src/protocol/stun/address.ts';
import { decodeMessage, kindOf, valueOf } from '../../src/protocol/stun/message.ts';
import { attributes, methods } from '../../src/protocol/stun/names.ts';
import type { WireAllocation, WireClaim, WireMessage } from '../../src/protocol/wire.ts';
import { Bucket } from '../signaling/bucket.ts';
import { plainAddress } from './addresses.ts';
import { ownerOf } from './credentials.ts';
import type { AllocationView, Flow, Owner, Tap } from './flow.ts';

/** Somebody who looks at a session: the page that it was given to. */
export interface Viewer {
  messages(messages: WireMessage[], missed: number): void;
  allocations(list: WireAllocation[]): void;
}

export interface WireDeps {
  /** Milliseconds of any clock that does not go back, with its fractions. */
  readonly now: () => number;
  readonly isOwn: (address: string) => boolean;
  readonly allocationsOf: (session: string) => readonly AllocationView[];
  /** @returns how many there were */
  readonly endAllocationsOf: (session: string, label?: string) => number;
  /** Calls once, soon: what came in between goes together. */
  readonly soon: (act: () => void) => void;
}

/** What is kept of a flow that nobody owns yet: the first Binding and Allocate say no user name. */
const RING = 8;
/** What a STUN message fits into without knowing the path (RFC 8489 §6.1). */
const UNKNOWN_BYTES = 548;
const UNKNOWN_FLOWS = 1_000;
const UNKNOWN_MS = 30_000;
/** Messages of a session: the checks of some calls at once, and what a page can draw in the long run. */
const RATE = { burst: 400, perSec: 50 };
/** Longer ones are counted as missed. The longest of a browser carries a packet of 1500 bytes. */
const MAX_BYTES = 4_096;
/** Packets of the peers that are no STUN, so many of each flow: later ones are only counted, as ChannelData is. */
const OTHER_PACKETS = 20;
/** Ports that a session waits for at most. */
const CLAIMS = 64;
const NEWS_EVERY_MS = 1_000;

interface Known {
  readonly flow: Flow;
  owner: Owner | undefined;
  /** By a user name, not by a claim. */
  isProved: boolean;
  readonly ring: Seen[];
  otherPackets: number;
  lastMs: number;
}
interface Seen {
  readonly way: 'received' | 'sent';
  readonly bytes: Uint8Array;
  readonly seenMs: number;
}
interface Claim extends WireClaim {
  readonly session: string;
  /** Where the page's own connection comes from. */
  readonly from: string;
  readonly untilMs: number;
}
interface Watched {
  readonly viewer: Viewer;
  readonly bucket: Bucket;
  waiting: WireMessage[];
  missed: number;
  isDue: boolean;
  /** The last list that was sent, without its times. */
  told: string;
  isStale: boolean;
}

export class Wire {
  readonly tap: Tap = {
    message: (flow, way, bytes) => this.#message(flow, way, bytes),
    user: (flow, username) => this.#user(flow, username),
    closed: (flow) => this.#forget(flow.id),
  };
  readonly #deps: WireDeps;
  /** In the order of the first message of those that have no owner. */
  readonly #flows = new Map<number, Known>();
  readonly #watched = new Map<string, Watched>();
  readonly #claims: Claim[] = [];
  #unknown = 0;
  #nextNewsMs = 0;

  constructor(deps: WireDeps) {
    this.#deps = deps;
  }

  /** How much is kept, for tests and for health. */
  get counts(): { readonly flows: number; readonly sessions: number; readonly claims: number } {
    return { flows: this.#flows.size, sessions: this.#watched.size, claims: this.#claims.length };
  }

  /** From now on `viewer` is told of the session. Another one of the same session takes its place. */
  watch(session: string, viewer: Viewer): void {
    const bucket = new Bucket(RATE, this.#deps.now());
    this.#watched.set(session, {
      viewer,
      bucket,
      waiting: [],
      missed: 0,
      isDue: false,
      told: '[]',
      isStale: true,
    });
    this.#send(session);
  }

  /** The page is gone: what it had not seen is forgotten. Does nothing when another viewer has taken its place. */
  unwatch(session: string, viewer: Viewer): void {
    if (this.#watched.get(session)?.viewer !== viewer) return;
    this.#watched.delete(session);
    for (let index = this.#claims.length - 1; index >= 0; index--)
      if (this.#claims[index]!.session === session) this.#claims.splice(index, 1);
  }

  /**
   * Makes flows from a port those of a session: the ones that are known, and one that comes within half a minute.
   *
   * Only from the address from which the page itself came; a page on this machine may name any of its addresses.
   *
   * @param from the address of the page's signaling connection
   * @returns how many flows became its own now
   */
  claim(session: string, claim: WireClaim, from: string): number {
    if (!this.#watched.has(session)) return 0;
    const nowMs = this.#deps.now();
    const full: Claim = { ...claim, session, from: plainAddress(from), untilMs: nowMs + UNKNOWN_MS };
    let count = 0;
    for (const known of this.#flows.values())
      if (!known.owner && this.#fits(full, known.flow)) {
        this.#give(known, { session, label: claim.peer }, false);
        count++;
      }
    if (count === 0 && this.#claims.filter((one) => one.session === session).length < CLAIMS)
      this.#claims.push(full);
    return count;
  }

  /** Ends the allocations of a session, or those of one of its peers, and tells the session's viewer. */
  end(session: string, label?: string): number {
    const ended = this.#deps.endAllocationsOf(session, label);
    this.#tellAllocations(session);
    return ended;
  }

  /** Forgets what is too old, and tells what the server holds when that has changed. */
  tick(): void {
    const nowMs = this.#deps.now();
    for (const [id, { owner, lastMs }] of this.#flows)
      if (!owner && nowMs - lastMs > UNKNOWN_MS) this.#forget(id);
    while (this.#claims[0] && this.#claims[0].untilMs <= nowMs) this.#claims.shift();
    if (nowMs < this.#nextNewsMs) return;
    this.#nextNewsMs = nowMs + NEWS_EVERY_MS;
    for (const [session, watched] of this.#watched) {
      this.#tellAllocations(session);
      if (watched.missed === 0) continue;
      watched.viewer.messages([], watched.missed);
      watched.missed = 0;
    }
  }

  #message(flow: Flow, way: 'received' | 'sent', bytes: Uint8Array): void {
    const nowMs = this.#deps.now();
    const known = this.#flows.get(flow.id) ?? this.#meet(flow, nowMs);
    known.lastMs = nowMs;
    if (!isWorthTelling(bytes) && ++known.otherPackets > OTHER_PACKETS) return;
    // The buffer belongs to the socket.
    const seen: Seen = { way, bytes: bytes.slice(), seenMs: nowMs };
    if (known.owner) this.#tell(known, known.owner, seen);
    else if (known.ring.length < RING && bytes.length <= UNKNOWN_BYTES) known.ring.push(seen);
  }

  #meet(flow: Flow, nowMs: number): Known {
    const known: Known = {
      flow,
      owner: undefined,
      isProved: false,
      ring: [],
      otherPackets: 0,
      lastMs: nowMs,
    };
    this.#flows.set(flow.id, known);
    this.#unknown++;
    if (this.#unknown > UNKNOWN_FLOWS) this.#forgetOldest();
    const claims = this.#claims.filter((claim) => claim.untilMs > nowMs && this.#fits(claim, flow));
    const [first] = claims;
    // Where two sessions want the same one, neither gets it.
    if (first && claims.every(({ session }) => session === first.session))
      this.#give(known, { session: first.session, label: first.peer }, false);
    return known;
  }

  #forgetOldest(): void {
    for (const [id, { owner }] of this.#flows)
      if (!owner) {
        this.#forget(id);
        return;
      }
  }

  #forget(id: number): void {
    if (this.#flows.get(id)?.owner === undefined && this.#flows.has(id)) this.#unknown--;
    this.#flows.delete(id);
  }

  #fits({ port, address, from }: Claim, { client }: Flow): boolean {
    const theirs = plainAddress(client.address);
    const isNear = theirs === from || (this.#deps.isOwn(from) && this.#deps.isOwn(theirs));
    return (
      isNear &&
      client.port === port &&
      (address === undefined || address === theirs || this.#deps.isOwn(theirs))
    );
  }

  #user(flow: Flow, username: string): void {
    const known = this.#flows.get(flow.id);
    if (!known || known.isProved) return;
    this.#give(known, ownerOf(username), true);
  }

  /** A proof is worth more than a claim: what is told from then on goes to its owner alone. */
  #give(known: Known, owner: Owner, isProved: boolean): void {
    if (!known.owner) this.#unknown--;
    known.owner = owner;
    known.isProved = isProved;
    for (const seen of known.ring.splice(0)) this.#tell(known, owner, seen);
  }

  #tell({ flow }: Known, { session, label }: Owner, { way, bytes, seenMs }: Seen): void {
    const watched = this.#watched.get(session);
    if (!watched) return;
    if (bytes.length > MAX_BYTES || !watched.bucket.take(this.#deps.now())) watched.missed++;
    else {
      const [source, destination] =
        way === 'received' ? [flow.client, flow.server] : [flow.server, flow.client];
      watched.waiting.push({
        peer: label.slice(0, 64),
        way,
        transport: flow.transport,
        source: endText(source),
        destination: endText(destination),
        bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'),
        seenMs,
      });
      // What a success says has happened: the table is to show it at once.
      watched.isStale ||= way === 'sent' && isSuccess(bytes);
    }
    this.#send(session);
  }

  #send(session: string): void {
    const watched = this.#watched.get(session);
    if (!watched || watched.isDue) return;
    watched.isDue = true;
    this.#deps.soon(() => {
      watched.isDue = false;
      if (this.#watched.get(session) !== watched) return;
      const { waiting } = watched;
      watched.waiting = [];
      if (waiting.length > 0) watched.viewer.messages(waiting, 0);
      if (watched.isStale) this.#tellAllocations(session, true);
      watched.isStale = false;
    });
  }

  /** @param refreshed the times have been set anew: they are news too */
  #tellAllocations(session: string, refreshed = false): void {
    const watched = this.#watched.get(session);
    if (!watched) return;
    const list = this.#deps.allocationsOf(session).map(allocationOf);
    const told = JSON.stringify(list.map(withoutTimes));
    if (told === watched.told && !(refreshed && list.length > 0)) return;
    watched.told = told;
    watched.viewer.allocations(list);
  }
}

/** All but packets of the peers that are no STUN themselves: a video call of Firefox is made of Send indications. */
function isWorthTelling(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0 || (bytes[1] !== SEND && bytes[1] !== DATA)) return true;
  const message = decodeMessage(bytes);
  const data = message && valueOf(message, attributes.DATA);
  return data === undefined || kindOf(data) === 'stun';
}

/** The second byte of the two indications: the method's bits with those of the class between them. */
const [SEND, DATA] = [methods.Send | 0x10, methods.Data | 0x10];

const isSuccess = (bytes: Uint8Array): boolean => (bytes[0]! & 1) === 1 && (bytes[1]! & 0x10) === 0;

function allocationOf({
  label,
  flow,
  relayed,
  leftMs,
  permissions,
  channels,
  counters,
}: AllocationView): WireAllocation {
  const { fromClient, toClient, channelData, dropped } = counters;
  return {
    peer: label.slice(0, 64),
    transport: flow.transport,
    client: endText(flow.client),
    server: endText(flow.server),
    relayed: endText(relayed),
    lifetimeLeftMs: leftMs,
    permissions: permissions.map(({ address, leftMs: left }) => ({ address, leftMs: left })),
    channels: channels.map(({ number, peer, leftMs: left }) => ({
      number,
      peer: endText(peer),
      leftMs: left,
    })),
    fromClient: { ...fromClient },
    toClient: { ...toClient },
    channelDataFromClient: { ...channelData.fromClient },
    channelDataToClient: { ...channelData.toClient },
    dropped,
  };
}

/** Times run down by themselves; a list that differs only in them is no news. */
const withoutTimes = (view: WireAllocation): object => ({
  ...view,
  lifetimeLeftMs: 0,
  permissions: view.permissions.map(({ address }) => address),
  channels: view.channels.map(({ number, peer }) => [number, peer]),
});

function endText({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
