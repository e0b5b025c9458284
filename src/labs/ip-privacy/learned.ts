import { familyOf, parseCandidate } from '../../rtc/ice/candidate.ts';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';

/** One thing that a peer can know of another by what it was sent. */
export interface Learned {
  /** What kind of fact it is. */
  readonly what:
    | 'hidden'
    | 'private'
    | 'public'
    | 'this-computer'
    | 'relay'
    | 'behind'
    | 'browser'
    | 'network'
    | 'codecs'
    | 'certificate';
  readonly value: string;
  /** What follows from it, in a sentence. */
  readonly meaning: string;
}

/**
 * All that `reader` can read about the other side in what it has received: each fact once, addresses first.
 *
 * What the packets themselves show, the address they come from, is not in here: no API tells it to a page.
 */
export function learnedBy(entries: readonly Entry[], reader: PeerLabel): Learned[] {
  const facts = new Map<string, Learned>();
  const note = (fact: Learned) => facts.set(`${fact.what} ${fact.value}`, fact);
  for (const entry of entries) {
    if (entry.peer !== reader || entry.kind !== 'signal-received') continue;
    if ('description' in entry.signal) {
      const { sdp } = entry.signal.description;
      for (const line of sdp.match(/^a=candidate:.*$/gm) ?? []) inCandidate(line, note);
      inDescription(sdp, note);
    } else if (entry.signal.candidate?.candidate) inCandidate(entry.signal.candidate.candidate, note);
  }
  const order = [...kinds];
  return [...facts.values()].toSorted((a, b) => order.indexOf(a.what) - order.indexOf(b.what));
}

const kinds = [
  'public',
  'private',
  'this-computer',
  'behind',
  'hidden',
  'relay',
  'network',
  'browser',
  'codecs',
  'certificate',
] as const satisfies readonly Learned['what'][];

function inCandidate(text: string, note: (fact: Learned) => void): void {
  const parsed = parseCandidate(text);
  if (parsed.kind !== 'candidate') return;
  const { address, type, relatedAddress, networkCost } = parsed.candidate;
  if (type === 'relay') {
    note({ what: 'relay', value: address, meaning: 'the TURN server’s address, not the peer’s own' });
  } else {
    note(addressFact(address));
  }
  if (relatedAddress !== undefined && !/^(0\.0\.0\.0|::)$/.test(relatedAddress) && relatedAddress !== address)
    note({
      what: 'behind',
      value: relatedAddress,
      meaning: `raddr: the address behind the ${type === 'relay' ? 'relayed' : 'reflexive'} one`,
    });
  const network = networkCost === undefined ? undefined : networks[networkCost];
  if (network) note({ what: 'network', value: `network-cost ${networkCost}`, meaning: network });
}

/** What Chromium writes for the kind of an interface: not in any standard, and told to everybody. */
const networks: Readonly<Record<number, string>> = {
  0: 'a cable: Chromium’s own measure of an interface',
  10: 'Wi-Fi: Chromium’s own measure of an interface',
  900: 'a mobile network: Chromium’s own measure of an interface',
};

function addressFact(address: string): Learned {
  if (familyOf(address) === 'mDNS name')
    return {
      what: 'hidden',
      value: address,
      meaning: 'a random name; only its own network can resolve it, and a later call has another one',
    };
  if (/^(127\.|::1$)/.test(address))
    return { what: 'this-computer', value: address, meaning: 'loopback: says nothing' };
  return isPrivate(address)
    ? { what: 'private', value: address, meaning: 'the address inside its own network' }
    : { what: 'public', value: address, meaning: 'a public address: a provider, and roughly a place' };
}

/** RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 §2.5.6. */
function isPrivate(address: string): boolean {
  return (
    /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)/.test(address) ||
    /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(address) ||
    /^f[cd][0-9a-f]{2}:/i.test(address) ||
    /^fe[89ab][0-9a-f]:/i.test(address)
  );
}

function inDescription(sdp: string, note: (fact: Learned) => void): void {
  const isFirefox = /^o=mozilla/m.test(sdp);
  note({
    what: 'browser',
    value: isFirefox ? 'Firefox' : 'a Chromium, or another browser with the same WebRTC code',
    meaning: isFirefox
      ? 'its o= line begins with “mozilla”'
      : 'by the form of the description: its lines, their order, its extensions',
  });
  const codecs = new Set([...sdp.matchAll(/^a=rtpmap:\d+ ([\w-]+)\//gm)].map(([, name = '']) => name));
  if (codecs.size > 0)
    note({
      what: 'codecs',
      value: [...codecs].join(', '),
      meaning: 'a mark of browser, system and hardware',
    });
  const [, hash] = /^a=fingerprint:\S+ (\S+)/m.exec(sdp) ?? [];
  if (hash)
    note({
      what: 'certificate',
      value: `${hash.slice(0, 23)}…`,
      meaning: 'the same again only if the page keeps a certificate: then two calls can be linked',
    });
}
