/**
 * Reads the STUN and TURN servers that a person typed or pasted, and says in words what is wrong with them: before a
 * browser sees them, which would say «SyntaxError», and before anything is sent.
 */
import { readLoose, type Loose } from './loose.ts';

/** How the browser talks to the server. `tls` is a turns: or stuns: URL. */
export type Transport = 'udp' | 'tcp' | 'tls';

/** One server address, as RFC 7064 (stun) and RFC 7065 (turn) write it. */
export interface ServerUrl {
  /** As it goes into `RTCIceServer.urls`; equal to what was given, but for letters' case and blanks. */
  readonly url: string;
  readonly scheme: 'stun' | 'stuns' | 'turn' | 'turns';
  /** Without the brackets of an IPv6 literal. */
  readonly host: string;
  readonly hostKind: 'ipv4' | 'ipv6' | 'name';
  /** 1 … 65535; 3478, or 5349 with TLS, when none was given. */
  readonly port: number;
  readonly transport: Transport;
}

/** One URL to test, with what it needs. */
export interface Server extends ServerUrl {
  /** Only of turn: and turns:. */
  readonly username?: string;
  readonly credential?: string;
}

/** A list as a program has it. What cannot be read is left out: the one who made it is our own server. */
export function fromIceServers(list: readonly RTCIceServer[]): Server[] {
  return list.flatMap(({ urls, username, credential }) =>
    [urls].flat().flatMap((url) => {
      const parsed = parseServerUrl(url);
      if (!parsed.ok) return [];
      const login = {
        ...(username !== undefined && { username }),
        ...(credential !== undefined && { credential }),
      };
      return needsLogin(parsed.url) ? { ...parsed.url, ...login } : parsed.url;
    }),
  );
}

/** What was typed or pasted. Either it can be tested, or `problems` says why not. */
export interface Given {
  readonly servers: readonly Server[];
  readonly problems: readonly Problem[];
  /** Worth knowing, and no reason not to go on. */
  readonly notes: readonly string[];
}

export interface Problem {
  /** What it is about: a URL, or a place in the pasted text. Never a credential. */
  readonly about: string;
  readonly text: string;
  /** What was probably meant, in place of `about`. */
  readonly suggestion?: string;
}

/** Upper bounds of what is taken. Lengths count UTF-16 code units. */
export const limits = {
  text: 20_000,
  url: 512,
  /** More than a dozen URLs in one configuration slow every call down. */
  urls: 12,
  /** Chromium's own limit for a user name; long enough for a token. */
  username: 509,
  credential: 4_096,
} as const;

const defaultPort = { stun: 3478, turn: 3478, stuns: 5349, turns: 5349 } as const;
type Scheme = ServerUrl['scheme'];
const isScheme = (text: string): text is Scheme => Object.hasOwn(defaultPort, text);

export type ParsedUrl =
  { readonly ok: true; readonly url: ServerUrl } | { readonly ok: false; readonly problem: Problem };

/**
 * Reads one URL of a STUN or TURN server. Never throws.
 *
 * @see RFC 7064 §3.1 and RFC 7065 §3.1 (grammar): a scheme, a host, perhaps a port; only turn has `?transport=`.
 */
export function parseServerUrl(given: string): ParsedUrl {
  const text = given.trim();
  const wrong = (words: string, suggestion?: string): ParsedUrl => ({
    ok: false,
    problem: { about: shown(text), text: words, ...(suggestion !== undefined && { suggestion }) },
  });
  if (text === '') return wrong('This is empty.');
  if (text.length > limits.url) return wrong(`A server’s URL is at most ${limits.url} characters long.`);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001F\u007F\u200B-\u200F\u202A-\u202E\u2060\uFEFF]/.test(text))
    return wrong(
      'There is a character in it that cannot be seen. Type the URL by hand, or copy it from a plain text.',
    );
  if (/\s/.test(text)) return wrong('There is a blank inside it. Write one URL on each line.');

  const [, before = '', rest = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/.exec(text) ?? [];
  const scheme = before.toLowerCase();
  if (!isScheme(scheme)) {
    if (/^(https?|wss?)$/.test(scheme))
      return wrong(
        `${scheme}: is the address of a page or of a signaling server. A STUN or TURN server’s begins with stun:, turn: or turns:.`,
      );
    return wrong(
      'It does not say what it is. Write stun: or turn: in front of the host, or turns: for TURN over TLS.',
      `${before.includes('turn') || /turn/i.test(text) ? 'turn' : 'stun'}:${text.replace(/^\/+/, '')}`,
    );
  }
  if (rest.startsWith('//'))
    return wrong(
      `There is no // after ${scheme}: — it is not a web address (RFC ${scheme.startsWith('stun') ? '7064' : '7065'}).`,
      `${scheme}:${rest.replace(/^\/+/, '')}`,
    );
  if (rest.includes('@'))
    return wrong(
      'A user name does not belong into the URL. Write it into its own field; browsers refuse it here.',
      `${scheme}:${rest.slice(rest.lastIndexOf('@') + 1)}`,
    );
  if (rest.includes('#') || rest.includes('/'))
    return wrong(
      'Only a host and a port may follow: no path and no #.',
      `${scheme}:${rest.split(/[/#]/)[0]}`,
    );

  const [place = '', query, ...more] = rest.split('?');
  if (more.length > 0) return wrong('There is more than one “?” in it.');
  let transport: Transport = scheme.endsWith('s') ? 'tls' : 'udp';
  if (query !== undefined) {
    if (scheme.startsWith('stun'))
      return wrong(
        `A ${scheme}: URL has no ?transport (RFC 7064); browsers refuse it.`,
        `${scheme}:${place}`,
      );
    const [, value = ''] = /^transport=(\w*)$/i.exec(query) ?? [];
    const named = value.toLowerCase();
    if (named === 'tls')
      return wrong(
        'transport=tls is not known. TURN over TLS is a scheme of its own, turns:.',
        `turns:${place}?transport=tcp`,
      );
    if (named !== 'udp' && named !== 'tcp')
      return wrong('After the “?” only transport=udp or transport=tcp may stand.', `${scheme}:${place}`);
    if (scheme === 'turns' && named === 'udp')
      return wrong(
        'turns: with transport=udp would be TURN over DTLS, which no browser offers.',
        `turns:${place}?transport=tcp`,
      );
    if (scheme === 'turn') transport = named;
  }

  const host = readPlace(place);
  if (typeof host === 'string') {
    const isBareIpv6 = (place.match(/:/g) ?? []).length > 1 && /^[0-9A-Fa-f:.]+$/.test(place);
    return isBareIpv6 ? wrong(host, `${scheme}:[${place}]${query ? `?${query}` : ''}`) : wrong(host);
  }
  const url = `${scheme}:${place}${query === undefined ? '' : `?transport=${transport === 'tls' ? 'tcp' : transport}`}`;
  return { ok: true, url: { url, scheme, ...host, port: host.port ?? defaultPort[scheme], transport } };
}

type Place = { host: string; hostKind: ServerUrl['hostKind']; port?: number };

/** A host with its port, or what is wrong in it. */
function readPlace(place: string): Place | string {
  const [, bracketed, name = '', after = ''] = /^(?:\[([^\]]*)\]|([^:]*))(.*)$/.exec(place) ?? [];
  let port: number | undefined;
  if (after !== '') {
    if (bracketed === undefined && /:.*:/.test(after))
      return 'An IPv6 address stands in brackets, so that its colons are not taken for the port’s.';
    const [, digits] = /^:(\d{1,5})$/.exec(after) ?? [];
    port = digits === undefined ? Number.NaN : Number(digits);
    if (!(port >= 1 && port <= 65_535))
      return `“${after.slice(0, 20)}” is no port: a number from 1 to 65535.`;
  }
  const withPort = port === undefined ? {} : { port };
  if (bracketed !== undefined) {
    if (!isIpv6(bracketed)) return `“${bracketed.slice(0, 60)}” is no IPv6 address.`;
    return { host: bracketed.toLowerCase(), hostKind: 'ipv6', ...withPort };
  }
  if (name === '') return 'There is no host in it: a name or an address.';
  if (/^[\d.]+$/.test(name)) {
    const parts = name.split('.');
    const isAddress =
      parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
    if (!isAddress) return `“${name}” is no IPv4 address: four numbers from 0 to 255.`;
    return { host: name, hostKind: 'ipv4', ...withPort };
  }
  const isName = name.length <= 253 && name.replace(/\.$/, '').split('.').every(isLabel);
  if (!isName) return `“${name.slice(0, 60)}” is no host name.`;
  return { host: name.toLowerCase(), hostKind: 'name', ...withPort };
}

/** Letters of any script: browsers translate them (RFC 5891). */
const isLabel = (label: string): boolean =>
  /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_-]{0,61}[\p{L}\p{M}\p{N}_])?$/u.test(label);

function isIpv6(text: string): boolean {
  try {
    return /^[0-9A-Fa-f:.]+$/.test(text) && new URL(`http://[${text}]/`).hostname.startsWith('[');
  } catch {
    return false;
  }
}

/** User name and credential of the form, for URLs that stand alone. */
export interface Login {
  readonly username: string;
  readonly credential: string;
}

/**
 * Reads what was typed: URLs, one on a line, or an `iceServers` list as it stands in JSON or in JavaScript.
 *
 * Never throws, and no problem or note repeats a credential.
 *
 * @param login for turn: URLs that stand alone; a pasted list brings its own
 */
export function readServers(text: string, login: Login = { username: '', credential: '' }): Given {
  if (text.length > limits.text)
    return refused('The text', `This is longer than a list of servers: at most ${limits.text} characters.`);
  if (text.trim() === '')
    return refused('Servers', 'Write the URL of a STUN or TURN server, such as turn:turn.example.org:3478.');
  const found = looksPasted(text) ? fromPasted(text, login) : fromLines(text, login);
  const servers = withoutDoubles(found.servers);
  if (found.problems.length === 0 && servers.length > limits.urls)
    return refused(
      'The list',
      `${servers.length} URLs are more than a call should try, and than are tested here: at most ${limits.urls}.`,
    );
  const doubles = found.servers.length - servers.length;
  const notes = [
    ...found.notes,
    ...(doubles > 0
      ? [`${doubles === 1 ? 'One URL is' : `${doubles} URLs are`} in it twice; each is tested once.`]
      : []),
  ];
  return { servers: found.problems.length > 0 ? [] : servers, problems: found.problems, notes };
}

const looksPasted = (text: string): boolean => /[{[]\s*["'{}\]A-Za-z]/.test(text) && /["'{]/.test(text);
const refused = (about: string, text: string): Given => ({
  servers: [],
  problems: [{ about, text }],
  notes: [],
});

type Found = { servers: Server[]; problems: Problem[]; notes: string[] };

function fromLines(text: string, login: Login): Found {
  const found: Found = { servers: [], problems: [], notes: [] };
  const lines = text.split(/[\n,;]/).map((line) => line.trim());
  for (const line of lines.filter(Boolean)) add(found, line, login);
  const asks = found.servers.some(needsLogin) || found.problems.some(({ about }) => /^turns?:/i.test(about));
  if (found.servers.some(needsLogin)) checkLogin(found, login, 'The form');
  if (!asks && (login.username !== '' || login.credential !== ''))
    found.notes.push(
      'User name and credential are for turn: and turns: URLs; STUN has none. They were not used.',
    );
  return found;
}

function fromPasted(text: string, login: Login): Found {
  const found: Found = { servers: [], problems: [], notes: [] };
  const read = readLoose(text);
  if (!read.ok) {
    found.problems.push({
      about: `Line ${read.line}`,
      text: `${read.problem} Or write one URL on each line.`,
    });
    return found;
  }
  const list = listOf(read.value);
  if (!list) {
    found.problems.push({
      about: 'The pasted text',
      text: 'There is no list of servers in it. It looks like [{ "urls": "turn:…", "username": "…", "credential": "…" }], or like { "iceServers": [ … ] }.',
    });
    return found;
  }
  list.forEach((entry, index) => fromEntry(found, entry, `Server ${index + 1}`, login));
  if (list.length === 0) found.problems.push({ about: 'The pasted text', text: 'The list is empty.' });
  return found;
}

/** The entries of `[…]`, `{ iceServers: […] }` or of a single `{ urls }`. */
function listOf(value: Loose): readonly Loose[] | undefined {
  if (Array.isArray(value)) return value as readonly Loose[];
  if (!(value instanceof Map)) return undefined;
  const inner = value.get('iceServers') ?? value.get('ice_servers');
  if (inner !== undefined) return listOf(inner);
  return value.has('urls') || value.has('url') ? [value] : undefined;
}

function fromEntry(found: Found, entry: Loose, about: string, login: Login): void {
  if (typeof entry === 'string') return add(found, entry, login);
  if (!(entry instanceof Map)) {
    found.problems.push({ about, text: 'It is not an object with urls in it.' });
    return;
  }
  const urls = entry.get('urls') ?? entry.get('url');
  if (!entry.has('urls') && entry.has('url'))
    found.notes.push(
      `${about} has “url”, the name before 2015. Browsers read “urls” and ignore this server.`,
    );
  const list = typeof urls === 'string' ? [urls] : Array.isArray(urls) ? (urls as Loose[]) : undefined;
  if (!list || list.length === 0 || list.some((one) => typeof one !== 'string')) {
    found.problems.push({ about, text: 'Its “urls” is missing: a text, or a list of texts.' });
    return;
  }
  const own = ownLogin(found, entry, about);
  const before = found.servers.length;
  for (const url of list) add(found, url as string, own);
  if (found.servers.slice(before).some(needsLogin)) checkLogin(found, own, about);
}

/** User name and credential of a pasted entry, also under the wrong names that are often seen. */
function ownLogin(found: Found, entry: ReadonlyMap<string, Loose>, about: string): Login {
  const take = (name: string, wrong: readonly string[]): string => {
    const used = [name, ...wrong].find((key) => entry.has(key));
    const value = used === undefined ? '' : entry.get(used);
    if (used !== undefined && used !== name)
      found.notes.push(
        `${about} has “${used}”. The standard’s name is “${name}”: a browser ignores yours and throws InvalidAccessError. It is tested here as “${name}”.`,
      );
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    found.problems.push({ about, text: `Its “${name}” is not a text.` });
    return '';
  };
  return {
    username: take('username', ['user', 'userName', 'login']),
    credential: take('credential', ['credentials', 'password', 'pass', 'secret']),
  };
}

function add(found: Found, text: string, login: Login): void {
  const parsed = parseServerUrl(text);
  if (!parsed.ok) found.problems.push(parsed.problem);
  else found.servers.push(needsLogin(parsed.url) ? { ...parsed.url, ...login } : parsed.url);
}

const needsLogin = ({ scheme }: ServerUrl): boolean => scheme === 'turn' || scheme === 'turns';

/** Without both, the constructor throws InvalidAccessError (webrtc-pc §4.4.1.5). */
function checkLogin(found: Found, { username, credential }: Login, about: string): void {
  const wrong = (text: string) => void found.problems.push({ about, text });
  if (username === '' && credential === '')
    return wrong('A TURN server asks for a user name and a credential; both are missing.');
  if (username === '')
    return wrong('The user name is missing. TURN needs both, a user name and a credential.');
  if (credential === '')
    return wrong('The credential is missing. TURN needs both, a user name and a credential.');
  if (username.length > limits.username)
    return wrong(`The user name is longer than ${limits.username} characters, which browsers refuse.`);
  if (credential.length > limits.credential)
    return wrong(`The credential is longer than ${limits.credential} characters.`);
  if (username !== username.trim() || credential !== credential.trim())
    found.notes.push('User name or credential begins or ends with a blank. It is used as it stands.');
  const expiry = expiryOf(username);
  if (expiry && expiry.getTime() < Date.now())
    found.notes.push(`The user name looks time-limited, and ended ${expiry.toUTCString()}: expect a 401.`);
}

/** When a user name ends that is made as coturn's REST scheme does it, `<unix seconds>:<name>`; else undefined. */
function expiryOf(username: string): Date | undefined {
  const [, seconds] = /^(\d{10})(?::|$)/.exec(username) ?? [];
  return seconds === undefined ? undefined : new Date(Number(seconds) * 1000);
}

function withoutDoubles(servers: readonly Server[]): Server[] {
  const seen = new Set<string>();
  return servers.filter(({ url, username = '', credential = '' }) => {
    const key = JSON.stringify([url, username, credential]);
    return !seen.has(key) && seen.add(key);
  });
}

/** A pasted URL may hold `user:password@`: that part is not shown. */
const shown = (text: string): string => text.replace(/:[^@]*@/, ':…@').slice(0, 120);
