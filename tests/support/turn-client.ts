/**
 * A STUN and TURN client that sends whatever a test wants, also what no client should. Its proof of identity is its own:
 * a server that made the same mistake as we do would find no friend here.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket as TcpSocket } from 'node:net';
import type { Endpoint } from '../../src/protocol/stun/address.ts';
import {
  decodeMessage,
  encodeMessage,
  errorCodeOf,
  readXorAddress,
  type StunMessage,
  textOf,
  valueOf,
  xorAddress,
} from '../../src/protocol/stun/message.ts';
import { attributes as types, methods } from '../../src/protocol/stun/names.ts';

export interface Credential {
  readonly username: string;
  readonly password: string;
}

/** An attribute to send: its name, or its number when it has none, and its value, if need be made for the message. */
export type ToSend = readonly [
  type: keyof typeof types | number,
  value: Uint8Array | ((transactionId: Uint8Array) => Uint8Array),
];

/** How long a server on this machine is waited for before it counts as silent. */
const SILENCE_MS = 500;

/** The parts of a proof that a test may leave out or replace. `null` leaves an attribute out. */
export interface Proof {
  readonly username?: string | null;
  readonly realm?: string | null;
  readonly nonce?: Uint8Array | string | null;
  /** The password from which the key is made. */
  readonly password?: string;
  /** The realm from which the key is made, when it is not the one that is sent. */
  readonly keyRealm?: string;
}

/** What came back: `success`, an error code, or `silence`. */
export type Outcome = 'success' | 'silence' | number;

export class TurnClient implements AsyncDisposable {
  /** What came unasked, oldest first: indications and ChannelData. */
  readonly unasked: Uint8Array[] = [];
  credential: Credential | undefined;
  realm = '';
  nonce: Uint8Array = new Uint8Array();
  readonly #wire: Wire;
  readonly #waiting = new Map<string, (answer: StunMessage) => void>();
  #heard = () => {};

  private constructor(wire: Wire, credential?: Credential) {
    this.#wire = wire;
    this.credential = credential;
    wire.receive((bytes) => this.#take(bytes));
  }

  /** @param target where the server is */
  static async open(
    target: Endpoint,
    { transport = 'udp', credential }: { transport?: 'udp' | 'tcp'; credential?: Credential } = {},
  ): Promise<TurnClient> {
    return new TurnClient(await (transport === 'udp' ? openUdp(target) : openTcp(target)), credential);
  }

  /** Its own end of the 5-tuple. */
  get local(): Endpoint {
    return this.#wire.local;
  }

  send(bytes: Uint8Array): void {
    this.#wire.send(bytes);
  }

  /** Sends a message as it is and gives the answer to it; undefined when none came in half a second. */
  async exchange(bytes: Uint8Array): Promise<StunMessage | undefined> {
    const id = Buffer.from(bytes.subarray(8, 20)).toString('hex');
    const answer = new Promise<StunMessage | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), SILENCE_MS);
      this.#waiting.set(id, (message) => (clearTimeout(timer), resolve(message)));
    });
    this.send(bytes);
    return answer.finally(() => this.#waiting.delete(id));
  }

  /** A request without proof. */
  ask(method: keyof typeof methods | number, list: readonly ToSend[] = []): Promise<StunMessage | undefined> {
    return this.exchange(plain('request', method, list));
  }

  /** A request with proof; the first one asks the server for realm and nonce. */
  async prove(
    method: keyof typeof methods | number,
    list: readonly ToSend[] = [],
    proof: Proof = {},
  ): Promise<StunMessage | undefined> {
    if (this.nonce.length === 0) this.#learn(await this.ask('Allocate', [udp]));
    return this.exchange(this.signed(method, list, proof));
  }

  /** The bytes of a request with proof. */
  signed(method: keyof typeof methods | number, list: readonly ToSend[], proof: Proof = {}): Uint8Array {
    const { username = this.credential?.username ?? '', realm = this.realm, nonce = this.nonce } = proof;
    const { password = this.credential?.password ?? '', keyRealm = realm ?? this.realm } = proof;
    const own: ToSend[] = [
      ...list,
      ...(username === null ? [] : [['USERNAME', text(username)] as const]),
      ...(realm === null ? [] : [['REALM', text(realm)] as const]),
      ...(nonce === null ? [] : [['NONCE', typeof nonce === 'string' ? text(nonce) : nonce] as const]),
    ];
    const key = createHash('md5').update(`${username}:${keyRealm}:${password}`).digest();
    return withIntegrity(plain('request', method, own), key);
  }

  /** An allocation: its relayed address. @throws {Error} when it is refused */
  async allocate(list: readonly ToSend[] = [udp]): Promise<Endpoint> {
    const answer = await this.prove('Allocate', list);
    const relayed = answer && addressIn(answer, 'XOR_RELAYED_ADDRESS');
    if (!relayed) throw new Error(`no allocation: ${outcomeOf(answer)}`);
    return relayed;
  }

  /** The first thing that came unasked, or comes within half a second; undefined otherwise. */
  async next(): Promise<Uint8Array | undefined> {
    if (this.unasked.length === 0)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, SILENCE_MS);
        this.#heard = () => (clearTimeout(timer), resolve());
      });
    return this.unasked.shift();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#wire.close();
  }

  /** Resolves when the server has closed the connection; TCP only. */
  get closed(): Promise<void> {
    return this.#wire.closed;
  }

  #take(bytes: Uint8Array): void {
    const message = decodeMessage(bytes);
    const isAnswer = message?.class === 'success' || message?.class === 'error';
    const waiting = isAnswer && this.#waiting.get(Buffer.from(message.transactionId).toString('hex'));
    if (waiting) {
      this.#learn(message);
      waiting(message);
    } else {
      this.unasked.push(bytes);
      this.#heard();
    }
  }

  #learn(answer: StunMessage | undefined): void {
    const realm = answer && valueOf(answer, types.REALM);
    const nonce = answer && valueOf(answer, types.NONCE);
    if (realm) this.realm = textOf(realm);
    if (nonce) this.nonce = Uint8Array.from(nonce);
  }
}

export function outcomeOf(answer: StunMessage | undefined): Outcome {
  if (!answer) return 'silence';
  return answer.class === 'success' ? 'success' : (errorCodeOf(answer)?.code ?? 0);
}

/** The bytes of a message without proof, with a new transaction id. */
export function plain(
  kind: StunMessage['class'],
  method: keyof typeof methods | number,
  list: readonly ToSend[],
  transactionId: Uint8Array = randomBytes(12),
): Uint8Array {
  return encodeMessage({
    class: kind,
    method: typeof method === 'number' ? method : methods[method],
    transactionId,
    attributes: list.map(([type, value]) => ({
      type: typeof type === 'number' ? type : types[type],
      value: typeof value === 'function' ? value(transactionId) : value,
    })),
  });
}

/** MESSAGE-INTEGRITY at the end (RFC 8489 §14.5). */
function withIntegrity(message: Uint8Array, key: Uint8Array): Uint8Array {
  const covered = Buffer.from(message);
  covered.writeUInt16BE(message.length - 20 + 24, 2);
  const head = Buffer.from([0x00, 0x08, 0x00, 0x14]);
  return Buffer.concat([covered, head, createHmac('sha1', key).update(covered).digest()]);
}

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);
export const uint32 = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

/** REQUESTED-TRANSPORT: UDP. */
export const udp: ToSend = ['REQUESTED_TRANSPORT', Uint8Array.of(17, 0, 0, 0)];
export const lifetime = (seconds: number): ToSend => ['LIFETIME', uint32(seconds)];
export const channel = (number: number): ToSend => [
  'CHANNEL_NUMBER',
  Uint8Array.of(number >> 8, number & 0xff, 0, 0),
];
/** XOR-PEER-ADDRESS. @param port 9 is discard's */
export const peer = (address: string, port = 9): ToSend => [
  'XOR_PEER_ADDRESS',
  (transactionId) => xorAddress({ address, port }, transactionId),
];

export function addressIn(message: StunMessage, type: keyof typeof types): Endpoint | undefined {
  const value = valueOf(message, types[type]);
  return value && readXorAddress(value, message.transactionId);
}

/** What carries messages to the server. */
interface Wire {
  readonly local: Endpoint;
  readonly closed: Promise<void>;
  send(bytes: Uint8Array): void;
  receive(take: (bytes: Uint8Array) => void): void;
  close(): Promise<void>;
}

async function openUdp({ address, port }: Endpoint): Promise<Wire> {
  const socket: UdpSocket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.connect(port, address);
  await once(socket, 'connect');
  socket.on('error', () => {}); // a server that has ended answers with ICMP
  const { address: own, port: ownPort } = socket.address();
  return {
    local: { address: own, port: ownPort },
    closed: new Promise(() => {}),
    send: (bytes) => socket.send(bytes, () => {}),
    receive: (take) => void socket.on('message', (bytes: Buffer) => take(Uint8Array.from(bytes))),
    close: () => new Promise((resolve) => void socket.close(() => resolve())),
  };
}

async function openTcp({ address, port }: Endpoint): Promise<Wire> {
  const socket: TcpSocket = connect(port, address);
  await once(socket, 'connect');
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  const { address: own, port: ownPort } = socket.address() as AddressInfo;
  return {
    local: { address: own, port: ownPort },
    closed,
    send: (bytes) => void socket.write(bytes),
    receive: (take) => {
      let rest = Buffer.alloc(0);
      socket.on('data', (bytes: Buffer) => {
        rest = Buffer.concat([rest, bytes]);
        for (let size = frameSize(rest); rest.length >= size; size = frameSize(rest)) {
          take(Uint8Array.from(rest.subarray(0, size)));
          rest = rest.subarray(size);
        }
      });
    },
    close: () => (socket.destroy(), closed),
  };
}

/** How long the message at the start of a stream is (RFC 8656 §12.5); 4 while that cannot be known. */
function frameSize(bytes: Buffer): number {
  if (bytes.length < 4) return 4;
  const length = bytes.readUInt16BE(2);
  return bytes[0]! < 64 ? 20 + length : 4 + length + (-length & 3);
}
