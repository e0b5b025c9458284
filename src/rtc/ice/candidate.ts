import type { Field } from '../sdp/explanation.ts';
import { never } from '../never.ts';

export type CandidateType = 'host' | 'srflx' | 'prflx' | 'relay';

/** One candidate, with the names that `RTCIceCandidate` gives to its parts. */
export type Candidate = {
  foundation: string;
  component: 'rtp' | 'rtcp';
  protocol: 'udp' | 'tcp';
  /** 1 … 2³¹−1, see `candidatePriorityParts`. */
  priority: number;
  /** An IPv4 or IPv6 address, or a name (mDNS names end in `.local`). */
  address: string;
  port: number;
  type: CandidateType;
  relatedAddress?: string;
  relatedPort?: number;
  tcpType?: 'active' | 'passive' | 'so';
  generation?: number;
  usernameFragment?: string;
  networkId?: number;
  networkCost?: number;
  /** Extensions that are not among the names above, in their order. */
  extensions: readonly { name: string; value: string }[];
};

export type CandidateField =
  | 'foundation'
  | 'component'
  | 'protocol'
  | 'priority'
  | 'address'
  | 'port'
  | 'type'
  | 'relatedAddress'
  | 'relatedPort'
  | 'tcpType'
  | 'generation'
  | 'networkId'
  | 'networkCost'
  | 'extensions';

export type ParsedCandidate =
  | { kind: 'candidate'; candidate: Candidate }
  | { kind: 'end-of-candidates' }
  | { kind: 'malformed'; field: CandidateField; problem: string };

const types: readonly CandidateType[] = ['host', 'srflx', 'prflx', 'relay'];
const tcpTypes = ['active', 'passive', 'so'] as const;
const maxPriority = 2 ** 31 - 1;

/** Thrown and caught inside `parseCandidate` only. */
class Malformed extends Error {
  readonly field: CandidateField;
  constructor(field: CandidateField, problem: string) {
    super(problem);
    this.field = field;
  }
}

/**
 * Reads a candidate as it stands in SDP (`a=candidate:…`), in `RTCIceCandidate.candidate` (`candidate:…`), or bare.
 *
 * The empty string is the API's way to say that no more will come, and `a=end-of-candidates` the SDP's.
 * Bad input is answered with the field that is wrong; it never throws.
 *
 * @see RFC 8839 §5.1 (grammar), RFC 6544 §4.5 (tcptype), W3C webrtc-pc §4.8.1 (names, the empty string)
 */
export function parseCandidate(text: string): ParsedCandidate {
  const line = text.trim().replace(/^a=/, '');
  if (line === '' || line === 'end-of-candidates') return { kind: 'end-of-candidates' };
  try {
    return { kind: 'candidate', candidate: read(line.replace(/^candidate:/i, '').split(/ +/)) };
  } catch (error) {
    if (error instanceof Malformed) return { kind: 'malformed', field: error.field, problem: error.message };
    throw error;
  }
}

function read(tokens: string[]): Candidate {
  const [foundation = '', componentId, protocol, priority, address, port, typ, type = '', ...rest] = tokens;
  if (!/^[A-Za-z0-9+/]{1,32}$/.test(foundation)) {
    throw new Malformed(
      'foundation',
      `The foundation "${foundation}" is not 1 to 32 letters, digits, "+" or "/".`,
    );
  }
  if (componentId !== '1' && componentId !== '2') {
    throw new Malformed('component', `The component is ${shown(componentId)}, not 1 (RTP) or 2 (RTCP).`);
  }
  const transport = protocol?.toLowerCase();
  if (transport !== 'udp' && transport !== 'tcp') {
    throw new Malformed('protocol', `The protocol is ${shown(protocol)}, not udp or tcp.`);
  }
  const candidate: Candidate = {
    foundation,
    component: componentId === '1' ? 'rtp' : 'rtcp',
    protocol: transport,
    priority: integer('priority', priority, 1, maxPriority),
    address: checkedAddress('address', address),
    port: integer('port', port, 0, 65_535),
    type: 'host',
    extensions: [],
  };
  if (typ !== 'typ') throw new Malformed('type', `After the port comes ${shown(typ)}, not the word "typ".`);
  const known = types.find((each) => each === type);
  if (!known) {
    throw new Malformed('type', `The type is ${shown(type || undefined)}, not host, srflx, prflx or relay.`);
  }
  candidate.type = known;
  readExtensions(candidate, rest);
  return candidate;
}

/** The name and value pairs after the type; each name is taken once, a repeated one is kept among `extensions`. */
function readExtensions(candidate: Candidate, rest: string[]): void {
  const extensions: { name: string; value: string }[] = [];
  for (let i = 0; i < rest.length; i += 2) {
    const name = rest[i] ?? '';
    const value = rest[i + 1];
    if (value === undefined) throw new Malformed('extensions', `The extension "${name}" has no value.`);
    if (name === 'raddr' && candidate.relatedAddress === undefined) {
      candidate.relatedAddress = checkedAddress('relatedAddress', value);
    } else if (name === 'rport' && candidate.relatedPort === undefined) {
      candidate.relatedPort = integer('relatedPort', value, 0, 65_535);
    } else if (name === 'tcptype' && candidate.tcpType === undefined) {
      const known = tcpTypes.find((each) => each === value);
      if (!known) {
        throw new Malformed('tcpType', `The tcptype is "${value}", not active, passive or so.`);
      }
      candidate.tcpType = known;
    } else if (name === 'generation' && candidate.generation === undefined) {
      candidate.generation = integer('generation', value, 0, 2 ** 32 - 1);
    } else if (name === 'ufrag' && candidate.usernameFragment === undefined) {
      candidate.usernameFragment = value;
    } else if (name === 'network-id' && candidate.networkId === undefined) {
      candidate.networkId = integer('networkId', value, 0, 65_535);
    } else if (name === 'network-cost' && candidate.networkCost === undefined) {
      candidate.networkCost = integer('networkCost', value, 0, 65_535);
    } else {
      extensions.push({ name, value });
    }
  }
  candidate.extensions = extensions;
}

function shown(value: string | undefined): string {
  return value === undefined ? 'missing' : `"${value}"`;
}

function integer(field: CandidateField, text: string | undefined, min: number, max: number): number {
  const value = Number(text);
  if (text === undefined || !/^\d{1,10}$/.test(text) || value < min || value > max) {
    throw new Malformed(
      field,
      `The ${words[field]} is ${shown(text)}, not a whole number from ${min} to ${max}.`,
    );
  }
  return value;
}

const words: Partial<Record<CandidateField, string>> = {
  priority: 'priority',
  port: 'port',
  relatedAddress: 'related address (raddr)',
  relatedPort: 'related port (rport)',
  generation: 'generation',
  networkId: 'network-id',
  networkCost: 'network-cost',
  address: 'address',
};

function checkedAddress(field: 'address' | 'relatedAddress', text: string | undefined): string {
  const addressFamily = text === undefined ? undefined : familyOf(text);
  if (text === undefined || addressFamily === undefined) {
    throw new Malformed(
      field,
      `The ${words[field]} is ${shown(text)}, not an IPv4 or IPv6 address or a host name.`,
    );
  }
  return text;
}

/** What kind of address a text is; undefined for none. */
export function familyOf(address: string): 'IPv4' | 'IPv6' | 'mDNS name' | 'host name' | undefined {
  if (/^[\d.]+$/.test(address)) {
    const bytes = address.split('.');
    return bytes.length === 4 && bytes.every((byte) => /^\d{1,3}$/.test(byte) && Number(byte) < 256)
      ? 'IPv4'
      : undefined;
  }
  if (address.includes(':')) return /^[0-9a-f:.]{2,45}$/i.test(address) ? 'IPv6' : undefined;
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*\.?$/i.test(address) || address.length > 253) return undefined;
  return /\.local\.?$/i.test(address) ? 'mDNS name' : 'host name';
}

/**
 * Writes a candidate as `RTCIceCandidate.candidate` holds it, with `candidate:` in front and the protocol in lower case.
 *
 * What `parseCandidate` reads from it equals what was given, as long as no extension carries a name of a field.
 */
export function printCandidate(candidate: Candidate): string {
  const { foundation, component, protocol, priority, address, port, type } = candidate;
  const named: [string, string | number | undefined][] = [
    ['raddr', candidate.relatedAddress],
    ['rport', candidate.relatedPort],
    ['tcptype', candidate.tcpType],
    ['generation', candidate.generation],
    ['ufrag', candidate.usernameFragment],
    ['network-id', candidate.networkId],
    ['network-cost', candidate.networkCost],
    ...candidate.extensions.map(({ name, value }): [string, string] => [name, value]),
  ];
  return [
    `candidate:${foundation}`,
    component === 'rtp' ? 1 : 2,
    protocol,
    priority,
    address,
    port,
    'typ',
    type,
    ...named.filter(([, value]) => value !== undefined).flat(),
  ].join(' ');
}

/** The three numbers packed into a candidate's priority. */
export type PriorityParts = {
  /** 0 … 126: which kind of candidate is tried first. Recommended: host 126, prflx 110, srflx 100, relay 0. */
  typePreference: number;
  /** 0 … 65535: order among candidates of one kind, say of several network interfaces. */
  localPreference: number;
  /** 1 … 256: 1 for RTP, 2 for RTCP. */
  componentId: number;
};

/**
 * Priority of one candidate: `2²⁴·typePreference + 2⁸·localPreference + (256 − componentId)`.
 *
 * @throws {RangeError} when a part is outside its range
 * @see RFC 8445 §5.1.2.1
 */
export function candidatePriority({ typePreference, localPreference, componentId }: PriorityParts): number {
  assertInteger('typePreference', typePreference, 0, 126);
  assertInteger('localPreference', localPreference, 0, 65_535);
  assertInteger('componentId', componentId, 1, 256);
  return 2 ** 24 * typePreference + 2 ** 8 * localPreference + (256 - componentId);
}

/**
 * Takes a candidate's priority apart: the inverse of `candidatePriority`.
 *
 * An agent may count otherwise (the formula is a SHOULD), so the parts are what the number says, not what was meant.
 *
 * @param priority 0 … 2³¹−1 (no unit)
 * @throws {RangeError} when it is outside that range
 * @see RFC 8445 §5.1.2.1
 */
export function candidatePriorityParts(priority: number): PriorityParts {
  assertInteger('priority', priority, 0, maxPriority);
  return {
    typePreference: priority >>> 24,
    localPreference: (priority >>> 8) & 0xffff,
    componentId: 256 - (priority & 0xff),
  };
}

/**
 * Priority of a candidate pair, the order in which ICE checks it (highest first).
 *
 * `2³²·min(G, D) + 2·max(G, D) + (G > D ? 1 : 0)`. Returned as `bigint`: real pairs exceed 2⁵³.
 *
 * @param controlling priority G of the controlling agent's candidate, 1 … 2³¹−1 (no unit)
 * @param controlled  priority D of the controlled agent's candidate, same range
 * @throws {RangeError} when either is outside that range
 * @see RFC 8445 §6.1.2.3 (formula), §5.1.2 (range)
 */
export function candidatePairPriority(controlling: number, controlled: number): bigint {
  assertInteger('controlling', controlling, 1, maxPriority);
  assertInteger('controlled', controlled, 1, maxPriority);
  const smaller = BigInt(Math.min(controlling, controlled));
  const larger = BigInt(Math.max(controlling, controlled));
  return 2n ** 32n * smaller + 2n * larger + (controlling > controlled ? 1n : 0n);
}

function assertInteger(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
  }
}

const meaningOfType: Record<CandidateType, string> = {
  host: 'an address of this device itself',
  srflx:
    "server reflexive: the public address that a NAT gave this device's traffic, as a STUN server saw it",
  prflx: 'peer reflexive: an address that the other peer saw a connectivity check come from',
  relay: 'relayed: an address on a TURN server, which forwards everything to this device',
};

/**
 * Says what a candidate means in sentences for a learner, and takes it apart from left to right.
 *
 * @see RFC 8445 §5.1.1 (types), RFC 8839 §5.1 (fields), RFC 6544 §4.5 (port 9), draft-ietf-mmusic-mdns-ice-candidates
 */
export function explainCandidate(candidate: Candidate): { text: string; fields: Field[] } {
  return { text: [whereFrom(candidate), ...remarks(candidate)].join(' '), fields: fieldsOf(candidate) };
}

function whereFrom({ type, protocol, address, port, tcpType }: Candidate): string {
  const family = familyOf(address);
  const place = `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  const over = protocol.toUpperCase();
  switch (type) {
    case 'host':
      if (family === 'mDNS name') {
        const self = tcpType === 'active' ? 'opening TCP connections' : `at port ${port} over ${over}`;
        return `This peer itself, ${self}; its address is hidden behind a random name that only its own network can resolve (mDNS).`;
      }
      return tcpType === 'active'
        ? `This peer itself, opening TCP connections from its own address ${address}.`
        : `This peer itself, at ${place} over ${over}: reachable from the same network, or from anywhere if the address is public.`;
    case 'srflx':
      return `Seen from a STUN server, this peer's packets come from ${place} over ${over}: the outside of its NAT, through which it can often be reached.`;
    case 'prflx':
      return `A connectivity check arrived from ${place} over ${over}, an address that nobody had announced: a NAT made it on the way.`;
    case 'relay':
      return `A TURN server lends ${place} over ${over} and passes on what arrives there: the detour that works when no direct path does.`;
    default:
      return never(type);
  }
}

function remarks(candidate: Candidate): string[] {
  const { type, address, relatedAddress, relatedPort, tcpType, component, networkCost, port } = candidate;
  const sentences: string[] = [];
  if (tcpType === 'active') {
    sentences.push(
      port === 9
        ? 'Port 9 is a placeholder: the side that opens a connection gets its port only then, and nobody can call it there.'
        : 'It opens the connection itself, so nobody can call it at this port.',
    );
  }
  if (tcpType === 'passive') sentences.push('It waits for the other peer to open the TCP connection.');
  if (tcpType === 'so') sentences.push('Both peers open the TCP connection at the same moment.');
  if (relatedAddress === '0.0.0.0' || relatedAddress === '::') {
    sentences.push('Where it came from is blanked out (raddr), so as not to give the address away.');
  } else if (relatedAddress !== undefined && type !== 'host' && relatedAddress !== address) {
    const from = `${relatedAddress}${relatedPort === undefined ? '' : `:${relatedPort}`}`;
    sentences.push(
      type === 'relay'
        ? `The TURN server saw this peer at ${from}.`
        : `Behind it stands the host candidate ${from}.`,
    );
  }
  if (component === 'rtcp')
    sentences.push('It is for RTCP alone, needed only if the other side cannot do rtcp-mux.');
  if (networkCost !== undefined && networkCost > 0) sentences.push(`${capital(meaningOfCost(networkCost))}.`);
  return sentences;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** libwebrtc's scale: 0 Ethernet, 10 Wi-Fi, 50 unknown, 250 … 980 cellular by generation, 999 any interface; a VPN adds 1. */
function meaningOfCost(cost: number): string {
  if (cost >= 999) return `gathered without asking which network interface it uses (network-cost ${cost})`;
  if (cost >= 250) return `a cellular network, spared where another one works (network-cost ${cost})`;
  if (cost >= 50) return `a network of unknown kind (network-cost ${cost})`;
  if (cost >= 10) return `Wi-Fi (network-cost ${cost})`;
  return `a network that costs nothing, such as Ethernet (network-cost ${cost})`;
}

function fieldsOf(candidate: Candidate): Field[] {
  const { typePreference, localPreference, componentId } = candidatePriorityParts(candidate.priority);
  const { component, protocol, type, port, tcpType } = candidate;
  const fields: Field[] = [
    {
      name: 'foundation',
      value: candidate.foundation,
      meaning:
        'candidates with the same foundation likely share their fate, so ICE tries one and holds back the others',
    },
    {
      name: 'component',
      value: component === 'rtp' ? '1' : '2',
      meaning:
        component === 'rtp'
          ? 'RTP, or everything where RTCP and data share the transport'
          : 'RTCP on its own',
    },
    {
      name: 'protocol',
      value: protocol,
      meaning: protocol === 'udp' ? 'UDP: what media wants' : 'TCP: for networks that block UDP',
    },
    {
      name: 'priority',
      value: String(candidate.priority),
      meaning: `type preference ${typePreference} (2²⁴ each), local preference ${localPreference} (2⁸ each), component ${componentId}; higher is tried first`,
    },
    { name: 'address', value: candidate.address, meaning: familyOf(candidate.address) ?? 'an address' },
    {
      name: 'port',
      value: String(port),
      meaning:
        tcpType === 'active' && port === 9
          ? 'the "discard" port: a placeholder'
          : `${protocol.toUpperCase()} port`,
    },
    { name: 'type', value: type, meaning: meaningOfType[type] },
  ];
  const add = (name: string, value: string | number | undefined, meaning: string) => {
    if (value !== undefined) fields.push({ name, value: String(value), meaning });
  };
  const related =
    type === 'relay' ? 'this peer as the TURN server saw it' : 'the host candidate it comes from';
  add('raddr', candidate.relatedAddress, `${related}; for diagnosis only`);
  add('rport', candidate.relatedPort, 'the port that goes with raddr');
  add(
    'tcptype',
    tcpType,
    tcpType === 'active' ? 'opens the connection' : tcpType === 'passive' ? 'waits for it' : 'both open',
  );
  add('generation', candidate.generation, 'counts the ICE restarts, from 0 (libwebrtc)');
  add('ufrag', candidate.usernameFragment, 'the ice-ufrag of the description that it belongs to');
  add('network-id', candidate.networkId, 'numbers the network interfaces of this peer (libwebrtc)');
  if (candidate.networkCost !== undefined)
    add('network-cost', candidate.networkCost, meaningOfCost(candidate.networkCost));
  for (const { name, value } of candidate.extensions)
    add(name, value, 'an extension; peers that do not know it skip it');
  return fields;
}
