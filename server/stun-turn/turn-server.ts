import { randomBytes } from 'node:crypto';
import type { Endpoint } from '../../src/protocol/stun/address.ts';
import {
  decodeMessage,
  encodeMessage,
  errorCode,
  fingerprintFits,
  type MessageClass,
  readXorAddress,
  type StunMessage,
  textOf,
  uint16,
  uint32,
  valueOf,
  withFingerprint,
  xorAddress,
} from '../../src/protocol/stun/message.ts';
import { attributes, errorReasons, isComprehensionRequired, methods } from '../../src/protocol/stun/names.ts';
import type { Rate } from '../signaling/bucket.ts';
import { AddressLimit } from './address-limit.ts';
import { Allocation, type AllocationDeps } from './allocation.ts';
import { ownerOf, passwordAt, userOf } from './credentials.ts';
import { EndpointTable } from './endpoint-table.ts';
import type { AllocationView, Link, RelayHook, RelaySocket, Tap } from './flow.ts';
import { integrityFits, longTermKey, withIntegrity } from './integrity.ts';
import { Nonces } from './nonce.ts';

export interface TurnRules {
  /** Of the time-limited user names, see `credentials.ts`. */
  readonly secret: string;
  /** The longest life of an allocation without a refresh, in seconds. */
  readonly lifetimeSec: number;
  /** Allocations of one user name, its time left out. */
  readonly userQuota: number;
  readonly totalQuota: number;
  /** How many answers an address gets before it has proved anything. */
  readonly strangers: Rate;
}

/** Which socket an allocation wants. */
export interface WantedRelay {
  readonly address: string;
  /** An even port number (EVEN-PORT). */
  readonly even: boolean;
  /** The next higher port as well, for somebody else (EVEN-PORT with its R bit). */
  readonly andNext: boolean;
}

export interface TurnDeps {
  /** Opens the sockets. Rejects when there is none to be had. */
  readonly openRelay: (wanted: WantedRelay) => Promise<{ socket: RelaySocket; next?: RelaySocket }>;
  /** Where to relay for a client at that address of ours; undefined when this machine has none of the family. */
  readonly relayAddress: (server: string, family: 4 | 6) => string | undefined;
  /** Whether data may go where no allocation of ours lives. */
  readonly mayReach: (address: string) => boolean;
  /** Whether the address is this machine's own: it needs no protection from itself. */
  readonly isOwn: (address: string) => boolean;
  /** Milliseconds since 1970, of a clock that does not go back. */
  readonly now: () => number;
  readonly tap?: Tap | undefined;
  readonly relay?: RelayHook | undefined;
}

export const REALM = 'peerscope';
const SOFTWARE = 'Peerscope';
const NONCE_MS = 600_000;
/** RFC 8656 §3.2: what a client gets that does not ask for more. */
const DEFAULT_LIFETIME_SEC = 600;
const RESERVATION_MS = 30_000;
const UDP = 17;

/** What a request may carry without being refused with 420. */
const understood = new Set<number>([
  attributes.USERNAME,
  attributes.MESSAGE_INTEGRITY,
  attributes.MESSAGE_INTEGRITY_SHA256,
  attributes.REALM,
  attributes.NONCE,
  attributes.CHANNEL_NUMBER,
  attributes.LIFETIME,
  attributes.XOR_PEER_ADDRESS,
  attributes.DATA,
  attributes.REQUESTED_ADDRESS_FAMILY,
  attributes.EVEN_PORT,
  attributes.REQUESTED_TRANSPORT,
  attributes.DONT_FRAGMENT, // accepted and ignored: Node cannot set the bit, and no browser asks
  attributes.RESERVATION_TOKEN,
]);

type ToSend = { type: number; value: Uint8Array };
type ErrorCode = keyof typeof errorReasons;

/** A request that is being answered. */
interface Request {
  readonly link: Link;
  readonly bytes: Uint8Array;
  readonly message: StunMessage;
  readonly nowMs: number;
  /** With which its answers are signed, once it is known. */
  key?: Uint8Array;
  username?: string;
}

/**
 * What a STUN and TURN server answers (RFC 8489, RFC 8656), without sockets: links are how it speaks, time is passed
 * in. Nothing is stored for whoever has not proved a user name.
 */
export class TurnServer {
  readonly #rules: TurnRules;
  readonly #deps: TurnDeps;
  readonly #allocationDeps: AllocationDeps;
  readonly #relayed = new EndpointTable<Allocation>();
  readonly #users = new Map<string, number>();
  /** Allocations whose sockets are being opened, by link. */
  readonly #opening = new Map<Link, string>();
  readonly #reserved = new Map<string, { socket: RelaySocket; username: string; expiresAtMs: number }>();
  readonly #nonces = new Nonces(NONCE_MS);
  readonly #strangers: AddressLimit;
  #closed = false;

  constructor(rules: TurnRules, deps: TurnDeps) {
    this.#rules = rules;
    this.#deps = deps;
    this.#strangers = new AddressLimit(rules.strangers, deps.now());
    this.#allocationDeps = {
      relayed: this.#relayed,
      mayReach: deps.mayReach,
      indicate: (link, from, data) => this.#indicate(link, from, data),
      // Asked for each packet: mostly there is none, and then nothing is copied.
      get hook() {
        return deps.relay;
      },
    };
  }

  get allocations(): number {
    return this.#relayed.size;
  }

  /** One datagram, or one frame of a stream. */
  receive(link: Link, bytes: Uint8Array, nowMs: number): void {
    const first = bytes[0]!;
    if (first >= 0x40 && first < 0x80) {
      link.allocation?.fromClient(bytes);
      return;
    }
    const message = decodeMessage(bytes);
    if (!message || fingerprintFits(bytes, message) === false) return;
    if (message.class === 'indication') {
      this.#deps.tap?.message(link, 'received', bytes);
      if (message.method === methods.Send) this.#send(link, message);
    } else if (message.class === 'request') {
      const stranger = !link.allocation && !this.#deps.isOwn(link.client.address);
      if (stranger && !this.#strangers.take(link.client.address, nowMs)) return;
      this.#deps.tap?.message(link, 'received', bytes);
      this.#request({ link, bytes, message, nowMs });
    }
  }

  /** The link is gone, and with it its allocation. */
  gone(link: Link): void {
    this.#opening.delete(link);
    if (link.allocation) this.#close(link.allocation as Allocation);
    this.#deps.tap?.closed(link);
  }

  /** Lets the time pass. To be called about every second. */
  tick(nowMs: number): void {
    for (const allocation of this.#relayed.all()) if (!allocation.tick(nowMs)) this.#end(allocation);
    for (const [token, { socket, expiresAtMs }] of this.#reserved) {
      if (nowMs < expiresAtMs) continue;
      this.#reserved.delete(token);
      socket.close();
    }
  }

  /** What the allocations of a session look like now. */
  allocationsOf(session: string): AllocationView[] {
    const nowMs = this.#deps.now();
    return this.#relayed
      .all()
      .filter(({ owner }) => owner.session === session)
      .map((allocation) => allocation.view(nowMs));
  }

  /** Ends what a session holds, or one of its peers; its clients are not told. @returns how many there were */
  endAllocationsOf(session: string, label?: string): number {
    const ended = this.#relayed
      .all()
      .filter(({ owner }) => owner.session === session && (label === undefined || owner.label === label));
    for (const allocation of ended) this.#end(allocation);
    return ended.length;
  }

  close(): void {
    this.#closed = true;
    for (const allocation of this.#relayed.all()) this.#end(allocation);
    for (const { socket } of this.#reserved.values()) socket.close();
    this.#reserved.clear();
  }

  #request(request: Request): void {
    const { method } = request.message;
    if (method === methods.Binding) return this.#binding(request);
    // A method that is not known is not answered (RFC 8489 §6.3).
    const handler = this.#handlers.get(method);
    if (!handler || !this.#authenticate(request)) return;
    const unknown = this.#unknown(request);
    if (unknown) return this.#refuse(request, 420, unknown);
    handler(request);
  }

  readonly #handlers = new Map<number, (request: Required<Request>) => void>([
    [methods.Allocate, (request) => this.#allocate(request)],
    [methods.Refresh, (request) => this.#refresh(request)],
    [methods.CreatePermission, (request) => this.#createPermission(request)],
    [methods.ChannelBind, (request) => this.#channelBind(request)],
  ]);

  /** RFC 8489 §2: where the packet came from, as we see it. */
  #binding(request: Request): void {
    const unknown = this.#unknown(request);
    if (unknown) return this.#refuse(request, 420, unknown);
    const { link, message } = request;
    this.#answer(request, 'success', [
      { type: attributes.XOR_MAPPED_ADDRESS, value: xorAddress(link.client, message.transactionId) },
    ]);
  }

  /** Whether the request proves a user name; if not, it has been refused (RFC 8489 §9.2.4, RFC 8656 §5). */
  #authenticate(request: Request): request is Required<Request> {
    const { link, bytes, message, nowMs } = request;
    const text = (type: number) => {
      const value = valueOf(message, type);
      return value && textOf(value);
    };
    if (!message.attributes.some(({ type }) => type === attributes.MESSAGE_INTEGRITY)) {
      this.#challenge(request, 401);
      return false;
    }
    const [username, realm, nonce] = [attributes.USERNAME, attributes.REALM, attributes.NONCE].map(text);
    if (username === undefined || realm === undefined || nonce === undefined) {
      this.#refuse(request, 400);
      return false;
    }
    if (!this.#nonces.isFresh(nonce, link.client.address, nowMs)) {
      this.#challenge(request, 438);
      return false;
    }
    const allocation = link.allocation as Allocation | undefined;
    const key =
      // The key of an allocation stays good after the user name has expired: no call is cut by a clock.
      allocation?.username === username ? allocation.key : this.#keyOf(username, nowMs);
    if (!key || realm !== REALM || !integrityFits(bytes, message, key)) {
      this.#challenge(request, 401);
      return false;
    }
    request.key = key;
    request.username = username;
    if (allocation && allocation.username !== username) {
      this.#refuse(request, 441);
      return false;
    }
    if (link.username !== username) {
      link.username = username;
      this.#deps.tap?.user(link, username);
    }
    return true;
  }

  #keyOf(username: string, nowMs: number): Uint8Array | undefined {
    const password = passwordAt(this.#rules.secret, username, nowMs);
    return password === undefined ? undefined : longTermKey(username, REALM, password);
  }

  /** RFC 8656 §7.2 */
  #allocate(request: Required<Request>): void {
    const { link, message, username } = request;
    const existing = link.allocation as Allocation | undefined;
    if (existing) {
      // Sent again because the answer was lost: the same answer, and not a refusal.
      if (!sameBytes(existing.request, message.transactionId)) return this.#refuse(request, 437);
      return this.#write(link, existing.answer);
    }
    if (this.#opening.has(link)) return;
    const transport = valueOf(message, attributes.REQUESTED_TRANSPORT);
    if (transport?.length !== 4) return this.#refuse(request, 400);
    if (transport[0] !== UDP) return this.#refuse(request, 442);
    const token = valueOf(message, attributes.RESERVATION_TOKEN);
    const evenPort = valueOf(message, attributes.EVEN_PORT);
    const family = valueOf(message, attributes.REQUESTED_ADDRESS_FAMILY);
    if (token && (evenPort || family)) return this.#refuse(request, 400);
    if ((family && family.length !== 4) || (evenPort && evenPort.length !== 1))
      return this.#refuse(request, 400);
    if (family && family[0] !== 1 && family[0] !== 2) return this.#refuse(request, 440);
    const address = this.#deps.relayAddress(link.server.address, family?.[0] === 2 ? 6 : 4);
    if (address === undefined) return this.#refuse(request, 440);
    const user = userOf(username);
    const opening = [...this.#opening.values()];
    const used = (this.#users.get(user) ?? 0) + opening.filter((other) => other === user).length;
    if (used >= this.#rules.userQuota) return this.#refuse(request, 486);
    if (this.#relayed.size + opening.length >= this.#rules.totalQuota) return this.#refuse(request, 508);

    if (token) {
      const reserved = this.#takeReserved(token, username);
      return reserved ? this.#opened(request, reserved) : this.#refuse(request, 508);
    }
    this.#opening.set(link, user);
    link.keep(true);
    const wanted = { address, even: evenPort !== undefined, andNext: ((evenPort?.[0] ?? 0) & 0x80) !== 0 };
    this.#deps.openRelay(wanted).then(
      ({ socket, next }) => {
        // The link may have gone while the socket was being opened.
        if (this.#opening.delete(link) && !this.#closed) return this.#opened(request, socket, next);
        socket.close();
        next?.close();
      },
      () => {
        if (!this.#opening.delete(link)) return;
        this.#refuse(request, 508);
        link.keep(false);
      },
    );
  }

  #opened(request: Required<Request>, socket: RelaySocket, next?: RelaySocket): void {
    const { link, message, username, key } = request;
    const nowMs = this.#deps.now();
    const lifetimeSec = this.#lifetimeSec(message);
    const allocation = new Allocation(
      {
        link,
        owner: ownerOf(username),
        username,
        key,
        request: message.transactionId.slice(),
        expiresAtMs: nowMs + lifetimeSec * 1000,
      },
      socket,
      this.#allocationDeps,
    );
    link.allocation = allocation;
    link.keep(true);
    const user = userOf(username);
    this.#users.set(user, (this.#users.get(user) ?? 0) + 1);
    const { transactionId } = message;
    const granted: ToSend[] = [
      { type: attributes.XOR_RELAYED_ADDRESS, value: xorAddress(socket.local, transactionId) },
      { type: attributes.LIFETIME, value: uint32Bytes(lifetimeSec) },
      { type: attributes.XOR_MAPPED_ADDRESS, value: xorAddress(link.client, transactionId) },
    ];
    if (next) {
      const token = randomBytes(8);
      const expiresAtMs = nowMs + RESERVATION_MS;
      this.#reserved.set(token.toString('hex'), { socket: next, username, expiresAtMs });
      granted.push({ type: attributes.RESERVATION_TOKEN, value: token });
    }
    granted.push({ type: attributes.SOFTWARE, value: new TextEncoder().encode(SOFTWARE) });
    allocation.answer = this.#answer(request, 'success', granted);
  }

  #takeReserved(token: Uint8Array, username: string): RelaySocket | undefined {
    const name = Buffer.from(token).toString('hex');
    const reserved = this.#reserved.get(name);
    if (reserved?.username !== username) return undefined;
    this.#reserved.delete(name);
    return reserved.socket;
  }

  /** RFC 8656 §8.2 */
  #refresh(request: Required<Request>): void {
    const { link, message, nowMs } = request;
    const allocation = link.allocation as Allocation | undefined;
    if (!allocation) return this.#refuse(request, 437);
    const family = valueOf(message, attributes.REQUESTED_ADDRESS_FAMILY);
    if (family && (family[0] === 2) !== allocation.address.includes(':')) return this.#refuse(request, 443);
    const asked = valueOf(message, attributes.LIFETIME);
    if (asked && asked.length !== 4) return this.#refuse(request, 400);
    const ends = asked !== undefined && uint32(asked, 0) === 0;
    const lifetimeSec = ends ? 0 : this.#lifetimeSec(message);
    if (!ends) allocation.expiresAtMs = nowMs + lifetimeSec * 1000;
    this.#answer(request, 'success', [{ type: attributes.LIFETIME, value: uint32Bytes(lifetimeSec) }]);
    if (ends) this.#end(allocation);
  }

  /** RFC 8656 §10.2 */
  #createPermission(request: Required<Request>): void {
    const { link, message, nowMs } = request;
    const allocation = link.allocation as Allocation | undefined;
    if (!allocation) return this.#refuse(request, 437);
    allocation.tick(nowMs);
    const peers = message.attributes
      .filter(({ type }) => type === attributes.XOR_PEER_ADDRESS)
      .map(({ value }) => readXorAddress(value, message.transactionId));
    if (peers.length === 0) return this.#refuse(request, 400);
    // All or none, so all are looked at first.
    for (const peer of peers) {
      const error = peer ? peerError(allocation, peer) : 400;
      if (error) return this.#refuse(request, error);
    }
    for (const peer of peers) if (!allocation.permit(peer!.address, nowMs)) return this.#refuse(request, 508);
    this.#answer(request, 'success', []);
  }

  /** RFC 8656 §12.2 */
  #channelBind(request: Required<Request>): void {
    const { link, message, nowMs } = request;
    const allocation = link.allocation as Allocation | undefined;
    if (!allocation) return this.#refuse(request, 437);
    allocation.tick(nowMs);
    const number = valueOf(message, attributes.CHANNEL_NUMBER);
    const address = valueOf(message, attributes.XOR_PEER_ADDRESS);
    const peer = address && readXorAddress(address, message.transactionId);
    if (number?.length !== 4 || !peer) return this.#refuse(request, 400);
    const channel = uint16(number, 0);
    // RFC 8656 gives out 0x4000 … 0x4fff, RFC 5766 gave out all of these, and coturn's client still takes them.
    if (channel < 0x4000 || channel > 0x7ffe) return this.#refuse(request, 400);
    const error = peerError(allocation, peer);
    if (error) return this.#refuse(request, error);
    switch (allocation.bind(channel, peer, nowMs)) {
      case 'bound':
        this.#answer(request, 'success', []);
        return;
      case 'mismatch':
        return this.#refuse(request, 400);
      case 'too-many':
        return this.#refuse(request, 508);
    }
  }

  /** RFC 8656 §11.2. Not authenticated, so nothing that was not permitted by a request; and never answered. */
  #send(link: Link, message: StunMessage): void {
    const allocation = link.allocation as Allocation | undefined;
    if (!allocation) return;
    const address = valueOf(message, attributes.XOR_PEER_ADDRESS);
    const data = valueOf(message, attributes.DATA);
    const peer = address && readXorAddress(address, message.transactionId);
    if (!peer || !data || this.#unknownOf(message).length > 0 || !allocation.mayReach(peer))
      return allocation.drop();
    allocation.send(data, peer);
  }

  /** RFC 8656 §11.3 */
  #indicate(link: Link, from: Endpoint, data: Uint8Array): void {
    const transactionId = randomBytes(12);
    const bytes = encodeMessage({
      class: 'indication',
      method: methods.Data,
      transactionId,
      attributes: [
        { type: attributes.XOR_PEER_ADDRESS, value: xorAddress(from, transactionId) },
        { type: attributes.DATA, value: data },
      ],
    });
    this.#write(link, bytes);
  }

  #lifetimeSec(message: StunMessage): number {
    const asked = valueOf(message, attributes.LIFETIME);
    const longest = this.#rules.lifetimeSec;
    const usual = Math.min(DEFAULT_LIFETIME_SEC, longest);
    return asked?.length === 4 ? Math.max(usual, Math.min(uint32(asked, 0), longest)) : usual;
  }

  #unknownOf({ attributes: all }: StunMessage): number[] {
    const types: number[] = [];
    for (const { type } of all) {
      if (isComprehensionRequired(type) && !understood.has(type)) types.push(type);
      if (type === attributes.MESSAGE_INTEGRITY) break; // what stands behind it is ignored
    }
    return types;
  }

  #unknown({ message }: Request): ToSend[] | undefined {
    const types = this.#unknownOf(message);
    if (types.length === 0) return undefined;
    const value = Uint8Array.from(types.flatMap((type) => [type >> 8, type & 0xff]));
    return [{ type: attributes.UNKNOWN_ATTRIBUTES, value }];
  }

  /** Asks for credentials, or for the same ones with this nonce. */
  #challenge(request: Request, code: 401 | 438): void {
    const encode = (text: string) => new TextEncoder().encode(text);
    this.#refuse(request, code, [
      { type: attributes.REALM, value: encode(REALM) },
      {
        type: attributes.NONCE,
        value: encode(this.#nonces.issue(request.link.client.address, request.nowMs)),
      },
    ]);
  }

  #refuse(request: Request, code: ErrorCode, more: readonly ToSend[] = []): void {
    const error = { type: attributes.ERROR_CODE, value: errorCode(code, errorReasons[code]) };
    this.#answer(request, 'error', [error, ...more]);
  }

  #answer(request: Request, kind: MessageClass, all: readonly ToSend[]): Uint8Array {
    const { link, bytes, message, key } = request;
    const { method, transactionId } = message;
    let answer = encodeMessage({ class: kind, method, transactionId, attributes: all });
    // On every answer to whoever proved a name: Chromium ignores a ChannelBind success without it.
    if (key) answer = withIntegrity(answer, key);
    if (fingerprintFits(bytes, message) !== undefined) answer = withFingerprint(answer);
    this.#write(link, answer);
    return answer;
  }

  #write(link: Link, bytes: Uint8Array): void {
    this.#deps.tap?.message(link, 'sent', bytes);
    link.send(bytes);
  }

  /** Ends an allocation whose link lives on. */
  #end(allocation: Allocation): void {
    this.#close(allocation);
    allocation.link.keep(false);
  }

  #close(allocation: Allocation): void {
    allocation.close();
    allocation.link.allocation = undefined;
    const user = userOf(allocation.username);
    const left = (this.#users.get(user) ?? 1) - 1;
    if (left > 0) this.#users.set(user, left);
    else this.#users.delete(user);
  }
}

function peerError(allocation: Allocation, peer: Endpoint): ErrorCode | undefined {
  if (peer.address.includes(':') !== allocation.address.includes(':')) return 443;
  return allocation.mayReach(peer) ? undefined : 403;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function uint32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
