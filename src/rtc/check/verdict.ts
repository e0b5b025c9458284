/**
 * What a check means: a table of rules from observations to sentences. Pure, so that the same rules can be tried on
 * recorded cases. The first rule for a URL that fits is its verdict; of the rules for all of it every one that fits is said.
 */
import { isTurn, type CallObservation, type Observations, type UrlObservation } from './observations.ts';

/** `partly`: some of it works, or it works with something to repair. */
export type Standing = 'works' | 'partly' | 'fails' | 'unknown';

/** A sentence of the verdict, and the rule that said it. */
export interface Said {
  readonly rule: string;
  readonly standing: Standing;
  /** What happened, for somebody who has never read an RFC. */
  readonly text: string;
  /** What to do; empty when there is nothing to do. */
  readonly next: string;
  /** Where on this site it is taught. */
  readonly lesson?: string;
}

export interface Verdict {
  readonly standing: Standing;
  /** The answer in a few words. */
  readonly title: string;
  readonly text: string;
  /** One for each URL, in the order of the observations. */
  readonly urls: readonly Said[];
  /** What is true of all of it together. */
  readonly remarks: readonly Said[];
  /** `iceServers` with the URLs that work, as a program would write it; null when none does. The login is left to fill in. */
  readonly configuration: string | null;
}

const TESTER = '/lessons/connectivity/server-tester/';
const NAT = '/lessons/connectivity/nat/';
const TURN = '/lessons/connectivity/turn/';
const TRICKLE = '/lessons/connectivity/trickle-ice/';

interface UrlRule {
  readonly id: string;
  readonly standing: Standing;
  readonly fits: (url: UrlObservation, all: Observations) => boolean;
  readonly text: string | ((url: UrlObservation, all: Observations) => string);
  readonly next?: string | ((url: UrlObservation, all: Observations) => string);
  readonly lesson?: string;
}

const hasCode = (url: UrlObservation, ...codes: number[]) => {
  const errors = [...url.gathering.errors, ...(url.call?.errors ?? [])];
  return errors.some(({ code }) => codes.includes(code));
};
const found = ({ gathering }: UrlObservation) => gathering.candidates.length > 0;
const moved = (call: CallObservation | null) => call?.outcome === 'bytes';
const silent = ({ gathering }: UrlObservation) => gathering.ended === 'deadline';
const isLoopback = ({ host }: UrlObservation) => /^127\.|^::1$|^localhost\.?$/.test(host);
const inWords = { udp: 'UDP', tcp: 'TCP', tls: 'TLS' } as const;
const over = ({ transport }: UrlObservation) => inWords[transport];
const refusedBy = (code: number) => (url: UrlObservation) =>
  !found(url) && hasCode(url, code) && (isTurn(url) || code !== 701);
/** Chromium does not even try these. */
const isLowPort = ({ port }: UrlObservation) => port < 1024 && ![53, 80, 443].includes(port);

/** In this order: what the server gave outweighs what it refused, and what it said outweighs its silence. */
const urlRules: readonly UrlRule[] = [
  {
    id: 'browser-refused',
    standing: 'fails',
    fits: ({ gathering }) => gathering.ended === 'refused',
    text: ({ gathering }) =>
      `This browser does not take the URL and asked nobody. It says: ${gathering.refusal}`,
    next: 'Choose another port: browsers block those of other well-known services. 3478, 5349 and 443 are usual.',
  },
  {
    id: 'no-network',
    standing: 'unknown',
    fits: (_, { network }) => network === 'none',
    text: 'Nothing could be sent.',
  },
  // TURN that lent an address
  {
    id: 'turn-works-with-errors',
    standing: 'works',
    fits: (url) => moved(url.call) && url.gathering.errors.length > 0,
    text: (url) =>
      `It relays over ${over(url)}: bytes went through it and came back. One attempt failed (${failedWays(url)}) and another one worked, which is enough. An error beside a candidate is no fault.`,
    lesson: TESTER,
  },
  {
    id: 'turn-works',
    standing: 'works',
    fits: (url) => moved(url.call),
    text: (url) => `It relays over ${over(url)}: bytes went through it and came back.`,
  },
  {
    id: 'turn-not-to-itself',
    standing: 'partly',
    fits: (url) => moved(url.oneSided),
    text: 'It relays, but not to its own addresses: a call with both sides behind this relay did not connect, one with only one side behind it did.',
    next: 'Two people who both need the relay cannot talk. Let the server send to its own relay addresses: allow them as peers, and behind a NAT tell it its public address (coturn: external-ip=public/private).',
    lesson: TURN,
  },
  {
    id: 'turn-one-allocation',
    standing: 'partly',
    fits: (url) => found(url) && hasCode(url, 486),
    text: 'It lends one address and refuses the next with 486, Allocation Quota Reached. A call needs two: one for each side.',
    next: 'Raise the number of allocations for each user. A browser takes one for each network interface and each URL, so a dozen is not too many (coturn: user-quota=12).',
    lesson: TURN,
  },
  {
    id: 'turn-one-port',
    standing: 'partly',
    fits: (url) => found(url) && hasCode(url, 508),
    text: 'It lends one address, and then has none left (508, Insufficient Capacity). A call needs two: one for each side.',
    next: 'Widen the range of relay ports, and wait until old allocations have ended.',
    lesson: TURN,
  },
  {
    id: 'turn-no-bytes',
    standing: 'fails',
    fits: (url) => found(url) && url.call?.outcome === 'no-bytes',
    text: 'It lends an address and a connection came up, but no message came back.',
    next: 'Something between drops packets of some sizes, or after the first ones. Look at the path’s MTU and at firewalls that watch UDP.',
    lesson: TURN,
  },
  {
    id: 'turn-no-path',
    standing: 'fails',
    fits: (url) => found(url) && url.call?.outcome === 'not-connected',
    text: 'It lends an address, but nothing passes through it, neither to its own relay addresses nor to this computer. A list of candidates would have looked perfect.',
    next: 'It answers CreatePermission with 403, or a firewall stands between its relay ports and the world. Look at the peers that it allows (coturn: denied-peer-ip, allowed-peer-ip) and open its whole range of relay ports over UDP.',
    lesson: TURN,
  },
  {
    id: 'turn-lent',
    standing: 'unknown',
    fits: (url) => isTurn(url) && found(url),
    text: 'It lends an address. The check was stopped before a call through it.',
  },
  // STUN that answered
  {
    id: 'stun-works-with-errors',
    standing: 'works',
    fits: (url) => found(url) && url.gathering.errors.length > 0,
    text: (url) =>
      `It answers. One attempt failed (${failedWays(url)}) and another one worked, which is enough. An error beside a candidate is no fault.`,
    lesson: TESTER,
  },
  {
    id: 'stun-works',
    standing: 'works',
    fits: found,
    text: 'It answers, and the browser knows an address that this computer has outside.',
  },
  {
    id: 'stun-same-address',
    standing: 'works',
    fits: (url, { hosts }) =>
      !isTurn(url) &&
      url.gathering.ended === 'complete' &&
      url.gathering.errors.length === 0 &&
      hosts.count > hosts.hidden,
    text: 'It answers with an address that this computer has itself, so there is no NAT on the way to it. Browsers drop such a candidate, because it says nothing new.',
  },
  // Error codes of STUN and TURN
  {
    id: 'turn-401',
    standing: 'fails',
    fits: refusedBy(401),
    text: 'It refuses the user name or the credential (401). The server is there and answers.',
    next: 'Compare both, letter by letter. A time-limited user name begins with the second at which it ends, and its credential is made from it with the server’s secret: look at the secret and at both clocks.',
    lesson: TURN,
  },
  {
    id: 'turn-441',
    standing: 'fails',
    fits: refusedBy(441),
    text: 'It refuses the credential (441, Wrong Credentials): this allocation belongs to somebody else.',
    next: 'Use one user name for one call, and wait until the old allocation has ended.',
    lesson: TURN,
  },
  {
    id: 'turn-403',
    standing: 'fails',
    fits: refusedBy(403),
    text: 'It knows the user, and does not allow the request (403, Forbidden).',
    next: 'Look at what the server allows: this user, this realm, and addresses from which it may be used.',
    lesson: TURN,
  },
  {
    id: 'turn-400',
    standing: 'fails',
    fits: refusedBy(400),
    text: 'It does not understand the request (400, Bad Request).',
    next: 'This is hardly a TURN server of today. Does another service listen at this port, or does something between rewrite the packets?',
    lesson: TESTER,
  },
  {
    id: 'turn-420',
    standing: 'fails',
    fits: refusedBy(420),
    text: 'It does not know an attribute that the browser needs (420, Unknown Attribute).',
    next: 'Bring the server up to date (RFC 8656).',
  },
  {
    id: 'turn-437',
    standing: 'fails',
    fits: refusedBy(437),
    text: 'It holds an allocation of this very port from before (437, Allocation Mismatch).',
    next: 'Try again: a browser takes another port. If it stays, a NAT on the way gives every connection the same port.',
    lesson: TURN,
  },
  {
    id: 'turn-438',
    standing: 'fails',
    fits: refusedBy(438),
    text: 'It says that its nonce is too old, again and again (438, Stale Nonce).',
    next: 'One 438 is normal and never seen in a page. If it stays, several servers stand behind one name and do not share their nonces: send each client always to the same one.',
    lesson: TURN,
  },
  {
    id: 'turn-family',
    standing: 'fails',
    fits: (url) => !found(url) && hasCode(url, 440, 443),
    text: 'It has no relay address of the family that was asked for (440 or 443).',
    next: 'Give the server a relay address of IPv4; an IPv6 one beside it.',
  },
  {
    id: 'turn-442',
    standing: 'fails',
    fits: refusedBy(442),
    text: 'It does not relay over UDP (442, Unsupported Transport Protocol).',
    next: 'Browsers ask for nothing else between server and peer. Allow it at the server.',
  },
  {
    id: 'turn-486',
    standing: 'fails',
    fits: refusedBy(486),
    text: 'This user has all the allocations that it may have (486, Allocation Quota Reached).',
    next: 'Old ones end by themselves after at most ten minutes, also those of tabs that were closed. If it comes back, raise the quota for each user (coturn: user-quota).',
    lesson: TURN,
  },
  {
    id: 'turn-508',
    standing: 'fails',
    fits: refusedBy(508),
    text: 'It has no address or port left to lend (508, Insufficient Capacity).',
    next: 'Widen its range of relay ports, or its number of allocations in all (coturn: min-port, max-port, total-quota).',
    lesson: TURN,
  },
  {
    id: 'turn-300',
    standing: 'fails',
    fits: refusedBy(300),
    text: 'It sends clients to another server (300, Try Alternate), and none was reached from here.',
    next: 'Test that other server with its own URL.',
  },
  {
    id: 'stun-error',
    standing: 'fails',
    fits: (url) => url.gathering.errors.some(({ code }) => code !== 701),
    text: ({ gathering }) => `It answers with an error: ${codesOf(gathering.errors)}.`,
    next: 'RFC 8489, section 14.8, lists the codes. The server’s log says more.',
    lesson: TESTER,
  },
  // 701: the browser's own code for «no answer»
  {
    id: 'firefox-loopback',
    standing: 'fails',
    fits: (url, { browser }) => browser === 'firefox' && isLoopback(url) && hasCode(url, 701),
    text: 'Firefox asks no STUN or TURN server at a loopback address and reports 701 at once. It says nothing about the server.',
    next: 'Use the computer’s address in the local network instead of 127.0.0.1 or localhost, or test in another browser.',
    lesson: TRICKLE,
  },
  {
    id: 'name-not-found',
    standing: 'fails',
    // Firefox has no words for it, and is this quick over UDP only when there is no address to ask.
    fits: (url, { browser }) =>
      url.hostKind === 'name' &&
      hasCode(url, 701) &&
      (url.gathering.errors.some(({ text }) => /lookup/i.test(text)) ||
        (browser === 'firefox' && url.transport === 'udp' && !silent(url))),
    text: ({ host }) => `The name ${host} has no address: DNS does not know it here.`,
    next: 'Look for a slip in the name. A name of a company’s own network is known only inside, or through its VPN.',
    lesson: TESTER,
  },
  {
    id: 'tls-failed',
    standing: 'fails',
    fits: (url) => url.transport === 'tls' && hasCode(url, 701),
    text: 'No TLS connection came about: nobody listens there, or it is no TLS, or its certificate is not trusted for this name. The browser does not say which (701).',
    next: 'Open https://, the host and the port in a tab: a certificate’s fault is named there. A self-signed one never does, and one for a name not for an address. turns: listens at 5349 unless told otherwise, often at 443.',
    lesson: TESTER,
  },
  {
    id: 'tcp-refused',
    standing: 'fails',
    fits: (url) => url.transport === 'tcp' && hasCode(url, 701),
    text: (url) =>
      `No TCP connection to port ${url.port}: nobody listens there, or a firewall refuses (701).`,
    next: 'Does the server run, at this port, over TCP? A TURN server can be set to UDP only.',
    lesson: TESTER,
  },
  {
    id: 'stun-unclear',
    standing: 'unknown',
    // A base that is its own mapped address gives no candidate, and another interface may keep the gathering open.
    fits: (url, { hosts }) => !isTurn(url) && silent(url) && hosts.count - hosts.hidden > 1,
    text: 'No candidate came, and that can mean two things: no answer, or an answer with an address that this computer has itself, which browsers drop, while another of its interfaces still waits.',
    next: 'Test it from a computer with one interface, or in a private window, where no camera was allowed.',
    lesson: TESTER,
  },
  {
    id: 'udp-silent',
    standing: 'fails',
    fits: (url) => url.transport === 'udp' && (silent(url) || hasCode(url, 701)),
    text: (url, { urls }) =>
      urls.some((other) => other.host === url.host && other.transport !== 'udp' && found(other))
        ? 'No answer over UDP, while the same server answers over TCP or TLS: a firewall drops UDP, or the server does not offer it.'
        : `No answer over UDP from port ${url.port}: the server does not run, listens elsewhere, or a firewall drops the packets. UDP cannot tell these apart.`,
    next: 'Test the same host over TCP. If that answers, look for a firewall; if not, for the server and its port. A browser would go on asking for up to 40 s, and a call that waits for the end of gathering waits with it.',
    lesson: TRICKLE,
  },
  {
    id: 'tcp-silent',
    standing: 'fails',
    fits: (url) => silent(url) && url.transport === 'tcp',
    text: (url) =>
      `No answer over TCP from port ${url.port}, not even a refusal: a firewall drops the packets, or the address is nobody’s.`,
    next: 'Compare the address; then ask whoever runs the network in between.',
    lesson: TESTER,
  },
  {
    id: 'tls-silent',
    standing: 'fails',
    fits: (url) => silent(url) && url.transport === 'tls',
    text: 'Something may listen there, but no TLS handshake ended in time: it is no TLS, or a firewall drops the packets.',
    next: 'Does the server offer TLS at this port? Without TLS the scheme is turn:.',
    lesson: TESTER,
  },
  // Nothing at all: no candidate, no error, and gathering is over
  {
    id: 'low-port',
    standing: 'fails',
    fits: (url, { browser }) => browser === 'chromium' && isLowPort(url) && !silent(url),
    text: ({ port }) =>
      `Chromium does not use a TURN server at port ${port}, and says nothing about it: below 1024 it takes 53, 80 and 443 only.`,
    next: 'Let the server listen at 3478 or above, or at 443.',
    lesson: TESTER,
  },
  {
    id: 'firefox-tls-address',
    standing: 'fails',
    fits: (url, { browser }) => browser === 'firefox' && url.transport === 'tls' && url.hostKind !== 'name',
    text: 'Firefox does not use a turns: URL with an address in place of a name, and says nothing about it: a certificate is issued for a name.',
    next: 'Write the name that stands in the server’s certificate.',
    lesson: TESTER,
  },
  {
    id: 'stopped',
    standing: 'unknown',
    fits: ({ gathering }) => gathering.ended === 'stopped',
    text: 'The check was stopped before an answer came.',
  },
  {
    id: 'nothing-said',
    standing: 'fails',
    fits: () => true,
    text: 'The browser ended its search without a candidate and without an error.',
    next: 'It did not use this URL at all: look at extensions and policies that restrict WebRTC. In Chromium, chrome://webrtc-internals shows what it was given.',
    lesson: TESTER,
  },
];

interface Remark {
  readonly id: string;
  readonly standing: Standing;
  readonly fits: (all: Observations) => boolean;
  readonly text: string | ((all: Observations) => string);
  readonly next?: string;
  readonly lesson?: string;
}

const working = ({ urls }: Observations) => urls.filter((url) => moved(url.call) || moved(url.oneSided));
const works = (all: Observations, transport: UrlObservation['transport']) =>
  working(all).some((url) => url.transport === transport);
const asked = ({ urls }: Observations, transport: UrlObservation['transport']) =>
  urls.some((url) => isTurn(url) && url.transport === transport);
const symmetric = ({ mapped }: Observations) =>
  mapped.some((one) =>
    mapped.some(
      (other) => one.base === other.base && (one.address !== other.address || one.port !== other.port),
    ),
  );
const LOSSY = 0.02;
const lost = ({ numbered }: CallObservation) =>
  numbered && numbered.sent > 0 ? 1 - numbered.received / numbered.sent : 0;
const lossy = (all: Observations) =>
  all.urls.filter(({ call }) => call !== null && call.outcome === 'bytes' && lost(call) >= LOSSY);

const remarkRules: readonly Remark[] = [
  {
    id: 'symmetric-mapping',
    standing: 'partly',
    fits: symmetric,
    text: 'Two STUN servers saw this computer’s one socket at different ports: the NAT here gives each destination another one (RFC 4787 calls it address- and port-dependent mapping, most people “symmetric”). What STUN finds is of no use to the other peer.',
    next: 'From this network a TURN server is needed for nearly every call.',
    lesson: NAT,
  },
  {
    id: 'same-mapping',
    standing: 'works',
    fits: (all) => all.mapped.length > 0 && !symmetric(all),
    text: 'All STUN servers saw this computer’s socket at the same address and port: a direct call through this NAT has a good chance.',
  },
  {
    id: 'udp-blocked',
    standing: 'partly',
    fits: (all) => asked(all, 'udp') && !works(all, 'udp') && (works(all, 'tcp') || works(all, 'tls')),
    text: 'The relay works without UDP only. Calls connect, and every lost packet holds up those behind it: pictures freeze instead of losing sharpness.',
    next: 'Keep the TCP and TLS URLs in the configuration, and ask whether UDP to the server’s port can be allowed.',
    lesson: TESTER,
  },
  {
    id: 'only-udp',
    standing: 'partly',
    fits: (all) => works(all, 'udp') && !asked(all, 'tcp') && !asked(all, 'tls'),
    text: 'Only UDP was asked for. Networks that drop UDP, as many offices and hotels do, reach no relay with it.',
    next: 'Add the same server with ?transport=tcp, and as turns: at port 443.',
  },
  {
    id: 'no-tls',
    standing: 'partly',
    fits: (all) => works(all, 'tcp') && !asked(all, 'tls'),
    text: 'No turns: URL was tested. The strictest networks let nothing pass but TLS to port 443.',
    next: 'Where such people are to be reached, add turns:, the server’s name and :443?transport=tcp.',
  },
  {
    id: 'only-stun',
    standing: 'partly',
    fits: ({ urls }) => urls.some(found) && !urls.some(isTurn),
    text: 'There is no TURN server in it. Peers that find no direct path have none at all.',
    next: 'Add a TURN server. How many calls need it depends on the networks of your users, and is never none.',
    lesson: TESTER,
  },
  {
    id: 'loss',
    standing: 'partly',
    fits: (all) => lossy(all).length > 0,
    text: (all) =>
      lossy(all)
        .map(
          ({ url, call }) =>
            `${url} lost ${percent(lost(call!))} of ${call!.numbered!.sent} messages that are sent once.`,
        )
        .join(' '),
    next: 'Above some two percent a picture freezes now and then. Repeat the check; if it stays, look at the path to the server and at its load.',
  },
  {
    id: 'many-urls',
    standing: 'partly',
    fits: ({ urls }) => urls.length > 5,
    text: 'More than five URLs slow gathering down, and each TURN URL takes an allocation for each network interface.',
    next: 'One STUN URL and one TURN server in its three ways are enough for a call.',
  },
  {
    id: 'direct-failed',
    standing: 'unknown',
    fits: ({ direct, network }) => direct !== null && direct.outcome !== 'bytes' && network === 'up',
    text: 'Two peers of this very page did not find each other without a server. There is nothing to compare the relay’s round trip with.',
  },
  {
    id: 'hidden-addresses',
    standing: 'works',
    fits: ({ hosts }) => hosts.hidden > 0,
    text: 'The browser hides this computer’s own addresses behind mDNS names, as it does until the page may use a camera or a microphone. That is no fault, and no server is needed against it.',
  },
];

const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
const codesOf = (errors: UrlObservation['gathering']['errors']) =>
  [...new Set(errors.map(({ code, text }) => (text ? `${code} ${text}` : String(code))))].join(', ');
/** `701 over IPv6`: which of the ways to one server failed. */
function failedWays({ gathering }: UrlObservation): string {
  const family = { ipv4: ' over IPv4', ipv6: ' over IPv6', unknown: '' };
  return [...new Set(gathering.errors.map((error) => `${error.code}${family[error.family]}`))].join(', ');
}

/** The rules that can say something of a URL, in their order: what the lesson shows. */
export const rulesOfUrls: readonly string[] = urlRules.map(({ id }) => id);

/**
 * Judges what a check saw.
 *
 * @returns sentences only; the same observations give the same verdict
 */
export function verdictOf(all: Observations): Verdict {
  const urls = all.urls.map((url): Said => {
    const rule = urlRules.find(({ fits }) => fits(url, all))!;
    return say(rule, (text) => (typeof text === 'function' ? text(url, all) : text));
  });
  const remarks = (all.network === 'none' ? [] : remarkRules)
    .filter(({ fits }) => fits(all))
    .map((rule) => say(rule, (text) => (typeof text === 'function' ? text(all) : text)));
  return { ...headline(all, urls), urls, remarks, configuration: configurationOf(all, urls) };
}

function say<R extends UrlRule | Remark>(rule: R, words: (text: R['text']) => string): Said {
  const { id, standing, text, next = '', lesson } = rule;
  return {
    rule: id,
    standing,
    text: words(text),
    next: words(next),
    ...(lesson !== undefined && { lesson }),
  };
}

function headline(all: Observations, said: readonly Said[]): Pick<Verdict, 'standing' | 'title' | 'text'> {
  const head = (standing: Standing, title: string, text: string) => ({ standing, title, text });
  if (all.network === 'none')
    return head(
      'fails',
      'No network interface is up',
      'The browser found no address to send from, so no server was asked. Connect this computer to any network; one without internet is enough for a server inside it.',
    );
  const turn = all.urls.flatMap((url, index) => (isTurn(url) ? [{ url, said: said[index]! }] : []));
  const all_ = (standing: Standing) => said.every((one) => one.standing === standing);
  const ways = [...new Set(working(all).map(over))];
  const median = working(all)
    .flatMap(({ call, oneSided }) => call?.rttMs ?? oneSided?.rttMs ?? [])
    .map((rtt) => rtt.median)
    .toSorted((a, b) => a - b)[0];
  const trip =
    median === undefined
      ? ''
      : ` There and back takes ${inMs(median)} with both sides relayed${all.direct?.rttMs ? `, and ${inMs(all.direct.rttMs.median)} without a server` : ''}.`;

  if (said.some(({ standing }) => standing === 'unknown') && ways.length === 0)
    return head('unknown', 'The check was not finished', 'What was seen until then stands below.');
  if (turn.length === 0) {
    if (symmetric(all))
      return head(
        'partly',
        'STUN works, and is not enough here',
        'The servers answer, but the NAT of this network is a symmetric one: it takes a TURN server to get out of it.',
      );
    if (all_('works'))
      return head('works', 'STUN works', 'Every server answered. STUN relays nothing: that takes TURN.');
    if (said.some(({ standing }) => standing === 'works'))
      return head(
        'partly',
        'STUN works, but not every server',
        'Take the URLs that fail out of the configuration, or repair them.',
      );
    return failure(said);
  }
  if (ways.length > 0) {
    const failed = [
      ...new Set(turn.filter(({ said: one }) => one.standing === 'fails').map(({ url }) => over(url))),
    ];
    if (all_('works'))
      return head(
        'works',
        'Everything works',
        `Bytes went through the relay over ${list(ways)} and came back.${trip}`,
      );
    const but = failed.filter((way) => !ways.includes(way));
    if (but.length > 0)
      return head(
        'partly',
        `TURN works over ${list(ways)}, not over ${list(but)}`,
        `A call connects with this configuration, by the way that works.${trip} What to do about the other stands beside it.`,
      );
    return head(
      'partly',
      'TURN works, with something to repair',
      `A call connects with this configuration.${trip} Not every URL in it does what it should.`,
    );
  }
  return failure(turn.map(({ said: one }) => one));
}

/** One cause for all of them has a title of its own; several share one. */
const titles: Readonly<Record<string, string>> = {
  'turn-401': 'The user name or the credential is refused',
  'turn-403': 'The server forbids it',
  'turn-486': 'The user has no allocation left',
  'turn-one-allocation': 'One allocation for each user is not enough',
  'turn-508': 'The server has no address left to lend',
  'turn-one-port': 'The server has too few addresses to lend',
  'turn-no-path': 'The server lends an address, but nothing passes',
  'turn-no-bytes': 'It connects, but no message comes back',
  'name-not-found': 'The server’s name is not known',
  'tcp-refused': 'Nobody listens there',
  'udp-silent': 'The server does not answer',
  'tcp-silent': 'The server does not answer',
  'tls-failed': 'No TLS connection comes about',
  'tls-silent': 'No TLS connection comes about',
  'firefox-loopback': 'Firefox does not ask a server on this computer',
  'firefox-tls-address': 'Firefox wants a name in turns:',
  'low-port': 'Chromium does not use this port',
  'browser-refused': 'The browser does not take this URL',
};

/** Rules of silence; several of them together are one cause. */
const noAnswer = new Set(['udp-silent', 'tcp-refused', 'tcp-silent', 'tls-failed', 'tls-silent']);

function failure(said: readonly Said[]): Pick<Verdict, 'standing' | 'title' | 'text'> {
  const causes = [...new Set(said.map(({ rule }) => rule))];
  const [first] = said;
  const standing = said.some((one) => one.standing === 'partly') ? 'partly' : 'fails';
  if (causes.length === 1 && first)
    return { standing, title: titles[first.rule] ?? 'It does not work', text: first.text };
  const isSilent = causes.every((cause) => noAnswer.has(cause));
  if (isSilent)
    return {
      standing,
      title: 'The server does not answer',
      text: causes.includes('tcp-refused')
        ? 'Its host refuses the TCP connection, so the host is there and most likely nothing listens at that port, or a firewall answers for it.'
        : 'No way to it was answered, not even refused.',
    };
  const shared = [...new Set(causes.map((cause) => titles[cause] ?? 'It does not work'))];
  const title = shared.length === 1 && shared[0] !== undefined ? shared[0] : 'No call can use this';
  return { standing, title, text: 'The causes differ and stand beside each URL.' };
}

/** At most one STUN URL, and each way of TURN that moved bytes; the login stays to be filled in. */
function configurationOf({ urls }: Observations, said: readonly Said[]): string | null {
  const good = urls.filter((_, index) => ['works', 'partly'].includes(said[index]!.standing));
  const stun = good
    .filter((url) => !isTurn(url) && said[urls.indexOf(url)]!.standing === 'works')
    .slice(0, 1);
  const order = ['udp', 'tcp', 'tls'];
  const turn = good
    .filter((url) => moved(url.call) || moved(url.oneSided))
    .toSorted((a, b) => order.indexOf(a.transport) - order.indexOf(b.transport));
  if (stun.length + turn.length === 0) return null;
  const quoted = (list: readonly UrlObservation[]) => list.map(({ url }) => `      '${url}',\n`).join('');
  return [
    'const iceServers = [',
    ...stun.map(({ url }) => `  { urls: '${url}' },`),
    ...(turn.length > 0
      ? [
          `  {\n    urls: [\n${quoted(turn)}    ],\n    username: '…', // yours\n    credential: '…', // yours; never in a public file\n  },`,
        ]
      : []),
    '];',
  ].join('\n');
}

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
const inMs = (ms: number): string => (ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`);
