import { never } from '../never.ts';
import type { SimCandidate } from './agent.ts';
import type { Hop, Journey } from './network.ts';
import { endpointText, type Message, type NodeId } from './packet.ts';
import type { Dependence, NatBehaviour, NatKind, NetworkPlan, Side } from './plan.ts';
import type { Unserved } from './server.ts';
import type { Reach, Step } from './simulate.ts';

const sideNames: Readonly<Record<Side, string>> = { a: 'alice', b: 'bob' };
const other = (side: Side): Side => (side === 'a' ? 'b' : 'a');

/** What a place is called; two hosts behind one router share it. */
export function nodeName(id: NodeId, { sameRouter }: Pick<NetworkPlan, 'sameRouter'>): string {
  switch (id) {
    case 'a':
    case 'b':
      return sideNames[id];
    case 'router-a':
      return sameRouter ? 'their router' : 'alice’s router';
    case 'router-b':
      return 'bob’s router';
    case 'carrier':
      return 'the carrier’s NAT';
    case 'server':
      return 'the server';
    case 'internet':
      return 'the internet';
    default:
      return never(id);
  }
}

/** Kinds of NAT: RFC 4787's words first, the name of old beside them. */
export const kindNames: Readonly<Record<NatKind, { name: string; old: string; short: string }>> = {
  none: { name: 'No NAT, a public address', old: 'open internet', short: 'none' },
  'endpoint-independent': {
    name: 'Endpoint-independent mapping and filtering',
    old: 'full cone',
    short: 'full cone',
  },
  'address-restricted': {
    name: 'Endpoint-independent mapping, address-dependent filtering',
    old: 'address-restricted cone',
    short: 'address-restricted',
  },
  'port-restricted': {
    name: 'Endpoint-independent mapping, address and port-dependent filtering',
    old: 'port-restricted cone',
    short: 'port-restricted',
  },
  symmetric: {
    name: 'Address and port-dependent mapping and filtering',
    old: 'symmetric',
    short: 'symmetric',
  },
  'udp-blocked': {
    name: 'UDP blocked, TCP to port 443 passes',
    old: 'strict firewall',
    short: 'UDP blocked',
  },
};

export const dependenceNames: Readonly<Record<Dependence, string>> = {
  'endpoint-independent': 'endpoint-independent',
  'address-dependent': 'address-dependent',
  'address-and-port-dependent': 'address and port-dependent',
};

/** How two ends reach each other: a word, a sign that is not a colour, and a sentence. */
export const reachNames: Readonly<Record<Reach, { name: string; sign: string; meaning: string }>> = {
  direct: {
    name: 'direct',
    sign: '●',
    meaning: 'directly, at an address that was in a description: host or srflx.',
  },
  prflx: {
    name: 'prflx',
    sign: '◐',
    meaning: 'directly, at an address that nobody had announced: it was learned from a check.',
  },
  'relay/udp': {
    name: 'relay/udp',
    sign: '△',
    meaning: 'through a TURN server that its client reaches over UDP.',
  },
  'relay/tcp': {
    name: 'relay/tcp',
    sign: '▲',
    meaning: 'through a TURN server that at least one client reaches over TCP only.',
  },
  none: { name: 'not at all', sign: '✕', meaning: 'every pair of candidates fails.' },
};

/** What came of a run, as a sentence. */
export const reachSentence = (reach: Reach): string =>
  reach === 'none'
    ? `They do not reach each other: ${reachNames.none.meaning}`
    : `They reach each other ${reachNames[reach].meaning}`;

/** A packet in a few words: what its message is. */
export function messageWords(message: Message): string {
  switch (message.is) {
    case 'binding':
      if (!message.check) return 'Binding request';
      return message.check.useCandidate ? 'check, USE-CANDIDATE' : 'check';
    case 'binding-success':
      return message.isAnswerTo === 'check' ? 'answer to the check' : 'Binding response';
    case 'allocate':
      return message.hasCredential ? 'Allocate, with credential' : 'Allocate';
    case 'allocate-error':
      return '401 Unauthorized';
    case 'allocate-success':
      return 'Allocate response';
    case 'create-permission':
      return 'CreatePermission';
    case 'create-permission-success':
      return 'permission granted';
    case 'create-permission-error':
      return '403 Forbidden';
    case 'send':
    case 'data':
      return `${message.is === 'send' ? 'Send' : 'Data'}: ${messageWords(message.data)}`;
    default:
      return never(message);
  }
}

/** What the message asks or says, as a sentence. */
function messageMeaning(message: Message): string {
  switch (message.is) {
    case 'binding':
      if (!message.check) return 'It asks: from which address do you see me? (RFC 8489 §3)';
      return message.check.useCandidate
        ? `${sideNames[message.check.by]} nominates this pair: it works, and it is to be used (RFC 8445 §8.1.1).`
        : `${sideNames[message.check.by]} checks whether ${sideNames[other(message.check.by)]} can be reached this way (RFC 8445 §7.2).`;
    case 'binding-success':
      return `It says: I saw you at ${endpointText(message.mapped)} (XOR-MAPPED-ADDRESS).`;
    case 'allocate':
      return message.hasCredential
        ? 'The same request, with user name and MESSAGE-INTEGRITY (RFC 8656 §6).'
        : 'It asks for a relayed address. The first try has no credential, because realm and nonce are not known yet.';
    case 'allocate-error':
      return 'No credential, no relay; realm and nonce come with the refusal (RFC 8489 §9.2).';
    case 'allocate-success':
      return `The server lends ${endpointText(message.relayed)}.`;
    case 'create-permission':
      return `It asks the relay to let in packets from ${message.address}, from any port (RFC 8656 §9).`;
    case 'create-permission-success':
      return 'From now on packets of that address are passed on.';
    case 'create-permission-error':
      return 'The server refuses to relay into private networks.';
    case 'send':
      return `The client asks the relay to pass this on to ${endpointText(message.to)} (RFC 8656 §10). ${messageMeaning(message.data)}`;
    case 'data':
      return `The relay passes on what came from ${endpointText(message.from)}. ${messageMeaning(message.data)}`;
    default:
      return never(message);
  }
}

const unservedWords: Readonly<Record<Unserved, string>> = {
  'no-permission': 'The relay keeps it: its client has given no permission for that address (RFC 8656 §9).',
  'no-allocation': 'The server does not know whose this is and keeps quiet.',
};

/** What a step is, for a list of steps and for whoever listens to it. */
export interface StepWords {
  readonly title: string;
  /** From a sentence to a paragraph. */
  readonly detail: readonly string[];
  readonly tone?: 'bad' | 'good';
}

const typeMeaning = {
  host: 'its own address; no server is needed for that',
  srflx: 'the outside of its NAT, as the STUN server saw it',
  prflx: 'nobody had announced it: a check came from there',
  relay: 'an address on the TURN server',
} as const;

const candidateText = (candidate: SimCandidate): string =>
  `${candidate.type}${candidate.relayProtocol ? ` (${candidate.relayProtocol})` : ''} ${endpointText(candidate)}`;

/** Says what happens in a step, packet by packet, in the words of the RFCs. */
export function stepWords({ event }: Step, plan: NetworkPlan): StepWords {
  switch (event.is) {
    case 'packet':
      return journeyWords(event.journey, event.unserved, plan);
    case 'candidate':
      return {
        title: `${sideNames[event.side]} has a candidate: ${candidateText(event.candidate)}`,
        detail: [`${capital(typeMeaning[event.candidate.type])}. Priority ${event.candidate.priority}.`],
      };
    case 'redundant':
      return {
        title: `${sideNames[event.side]} drops ${candidateText(event.candidate)}`,
        detail: [
          'The server saw the very address that the host has: no NAT in between, nothing new (RFC 8445 §5.1.3).',
        ],
      };
    case 'learned':
      return {
        title: `${sideNames[event.side]} learns ${candidateText(event.candidate)}`,
        detail: [
          event.whose === 'remote'
            ? `A check came from there and no signal had told of it: peer reflexive (RFC 8445 §7.3.1.3). ${sideNames[event.side]} checks back at once, a triggered check.`
            : `The answer says that the check was seen coming from there: this NAT has made a new mapping for this destination (RFC 8445 §7.2.5.3.1).`,
        ],
      };
    case 'signal':
      return {
        title: `${sideNames[event.from]} sends the ${event.type} by signaling`,
        detail: [
          `With ${event.candidates.length === 1 ? 'one candidate' : `${event.candidates.length} candidates`}: ${event.candidates.map(candidateText).join(', ')}. Signaling has a path of its own. The server that carries it knows from where the page talks to it, and not which port a NAT will give to the media’s socket.`,
        ],
      };
    case 'selected': {
      const { local, remote } = event.pair;
      return {
        title: `${sideNames[event.side]} is connected: ${local.type} → ${remote.type}`,
        detail: [`From ${candidateText(local)} to ${candidateText(remote)}.`],
        tone: 'good',
      };
    }
    case 'failed':
      return {
        title: `${sideNames[event.side]} has failed`,
        detail: ['No pair of candidates got an answer. A browser takes 11 to 16 seconds until it says so.'],
        tone: 'bad',
      };
    default:
      return never(event);
  }
}

function journeyWords(
  { packet, hops, drop, arrived }: Journey,
  unserved: Unserved | undefined,
  plan: NetworkPlan,
): StepWords {
  const [start, end] = [hops[0], hops.at(-1)];
  const name = (id: NodeId | undefined) => (id ? nodeName(id, plan) : '');
  const to = arrived ? name(arrived.at) : aim(packet.destination.address, start?.at, plan);
  const isLost = drop !== undefined || unserved !== undefined;
  return {
    title: `${name(start?.at)} → ${to}: ${messageWords(packet.message)}${drop ? `, lost at ${name(end?.at)}` : unserved ? ', not passed on' : ''}`,
    detail: [
      messageMeaning(packet.message),
      ...hops.flatMap((hop, index) => hopWords(hop, hops[index - 1], drop, plan)),
      ...(unserved ? [unservedWords[unserved]] : []),
    ],
    ...(isLost && { tone: 'bad' }),
  };
}

/** For whom a packet was meant that does not arrive. */
function aim(address: string, from: NodeId | undefined, plan: NetworkPlan): string {
  if (address.startsWith('203.0.113.20')) return nodeName('server', plan);
  return from === 'a' ? sideNames.b : from === 'b' ? sideNames.a : address;
}

function hopWords(
  hop: Hop,
  before: Hop | undefined,
  drop: Journey['drop'],
  plan: NetworkPlan,
): readonly string[] {
  const at = capital(nodeName(hop.at, plan));
  const from = endpointText(hop.source);
  const to = endpointText(hop.destination);
  const nat = natAt(hop.at, plan);
  switch (hop.did) {
    case 'sent':
      return [`It leaves ${nodeName(hop.at, plan)} from ${from} for ${to}.`];
    case 'out':
    case 'hairpin': {
      const mapping = hop.isNew
        ? `makes a new mapping: ${endpointText(before?.source ?? hop.source)} is ${from} outside`
        : `has a mapping for that: outside it is ${from}`;
      const reuse =
        !hop.isNew && nat?.mapping === 'endpoint-independent'
          ? ', the same port for every destination'
          : hop.isNew && nat && nat.mapping !== 'endpoint-independent'
            ? ', for this destination only'
            : '';
      const opens = hop.isPeerNew && !hop.isNew ? ` It notes that ${to} may answer.` : '';
      return [
        `${at} ${mapping}${reuse}.${opens}${hop.did === 'hairpin' ? ' The destination is its own outside, so it turns the packet round (hairpinning, RFC 4787 §6).' : ''}`,
      ];
    }
    case 'in':
      return [`${at} lets it in and hands it to ${to}.`];
    case 'received':
      return [];
    case 'dropped':
      return [dropWords(hop, drop, nat, at)];
    default:
      return never(hop.did);
  }
}

function dropWords(
  { source, destination }: Hop,
  drop: Journey['drop'],
  nat: NatBehaviour | undefined,
  at: string,
): string {
  switch (drop) {
    case 'filtered':
      return nat?.filtering === 'address-dependent'
        ? `${at} drops it: nobody behind port ${destination.port} has sent anything to ${source.address} yet (address-dependent filtering, RFC 4787 §5).`
        : `${at} drops it: nobody behind port ${destination.port} has sent anything to ${endpointText(source)} yet (address and port-dependent filtering, RFC 4787 §5).`;
    case 'no-mapping':
      return `${at} drops it: no mapping has port ${destination.port}.`;
    case 'no-hairpin':
      return `${at} drops it: the destination is its own outside, and it does no hairpinning (RFC 4787 §6).`;
    case 'udp-blocked':
      return `${at} drops it: it lets no UDP through.`;
    case 'isolated':
      return `${at} drops it: hosts of this network may not talk to each other (AP isolation).`;
    case 'private-address':
      return `It ends on the internet: ${destination.address} is a private address, and nobody there knows the way (RFC 1918).`;
    case 'nobody-there':
    case undefined:
      return `It ends on the internet: nobody has the address ${destination.address}.`;
    default:
      return never(drop);
  }
}

/** The behaviour of a NAT by its place. */
function natAt(at: NodeId, plan: NetworkPlan): NatBehaviour | undefined {
  if (at === 'router-a') return plan.a;
  if (at === 'router-b') return plan.b;
  return at === 'carrier' ? plan.carrier?.behaviour : undefined;
}

/** A sentence begins with a capital letter; alice and bob keep their small one, as everywhere. */
const capital = (text: string): string =>
  /^(alice|bob)\b/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
