import { findingWords, lintSource, type Finding } from '../../rtc/legacy/source.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';

interface Facts {
  findings?: readonly Finding[];
  /** What came back the last time, and with which name and secret it was asked for. */
  given?: unknown;
  readonly asked: { username: string; secret: string };
  /** What the browser said of it; empty when it took it. */
  refused?: string;
}

const STUN = 'stun:stun.l.google.com:19302';
/** By UDP at the default port, which may be left out; and by TLS where everything else is shut. */
const UDP = /^turn:turn\.example\.org(:3478)?(\?transport=udp)?$/;
const TLS = /^turns:turn\.example\.org:443(\?transport=tcp)?$/;

/** Objects of the learner's code are of another realm, and may be of any shape. */
function serversOf(given: unknown): { urls: string[]; username: unknown; credential: unknown }[] {
  const configuration = JSON.parse(JSON.stringify(given ?? null)) as { iceServers?: unknown } | null;
  const list: unknown = configuration?.iceServers;
  if (!Array.isArray(list)) return [];
  return list.flatMap((server: unknown) => {
    if (typeof server !== 'object' || server === null) return [];
    const { urls, username, credential } = server as Record<string, unknown>;
    return [{ urls: [urls].flat().filter((url) => typeof url === 'string'), username, credential }];
  });
}
const urlsOf = (given: unknown) => serversOf(given).flatMap(({ urls }) => urls);
const quoted = (texts: readonly string[]) =>
  texts.length > 0 ? texts.map((text) => `\`${text}\``).join(', ') : 'none';

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'Servers from old notes',
  task: [
    'The ICE servers of a service, put together from notes of four years. What is meant: Google’s public STUN server, `stun.l.google.com` at port 19302; the service’s own relay `turn.example.org`, by UDP at port 3478; and the same relay by TLS over TCP at port 443, for networks that let nothing else out.',
    'Say it so that both browsers take it. Nothing is asked of these servers here: a connection is made with your configuration, and no offer.',
  ],
  hints: [
    'A list of objects with `urls`. And look at each character of the first address.',
    'TLS is not a transport in the URL, it is a scheme of its own: `turns:`. The URL of a relay has no slashes.',
    'The relay’s two URLs can be one server, in a list: `{ urls: [udp, tls], username, credential }`.',
  ],
  facts: () => ({ asked: { username: '', secret: '' } }),
  async play({ facts, source, tools, call }) {
    facts.findings = lintSource(source).findings;
    for (const day of ['monday', 'tuesday']) {
      const asked = { username: `${day}:alice`, secret: crypto.randomUUID() };
      facts.given = await call('configuration', asked.username, asked.secret);
      Object.assign(facts.asked, asked);
    }
    try {
      tools.createPeer('alice', facts.given as RTCConfiguration);
      facts.refused = '';
    } catch (error) {
      facts.refused = `${(error as Error).name}: ${(error as Error).message}`;
    }
  },
  checks: [
    {
      id: 'accepted',
      title: 'The browser takes it',
      when: 'end',
      hint: 'What it says is right: read it word by word.',
      pass: ({ facts: { refused } }) => ({
        ok: refused === '',
        saw: refused === undefined ? 'It did not come to that.' : refused || 'A connection was made with it.',
        wanted: '`new RTCPeerConnection(configuration)` without an error.',
      }),
    },
    {
      id: 'words',
      title: 'In the standard’s words',
      when: 'end',
      hint: 'Browsers still take some words that are not in it.',
      pass: ({ facts: { findings } }) => ({
        ok: findings?.length === 0,
        saw: findings?.[0] ? findingWords(findings[0]) : findings ? 'No old word.' : 'It was not read.',
        wanted: 'None of the words that the linter knows.',
      }),
    },
    {
      id: 'stun',
      title: 'The STUN server is the right one',
      when: 'end',
      hint: 'No constructor can tell you this: a letter and five digits.',
      pass({ facts: { given } }) {
        const urls = urlsOf(given).filter((url) => /^stuns?:/.test(url));
        return {
          ok: urls.length === 1 && urls[0] === STUN,
          saw: `STUN servers: ${quoted(urls)}.`,
          wanted: `\`${STUN}\`, and no other.`,
        };
      },
    },
    {
      id: 'relay',
      title: 'The relay, by UDP and by TLS',
      when: 'end',
      hint: 'Where is it said that TLS is spoken?',
      pass({ facts: { given } }) {
        const urls = urlsOf(given).filter((url) => /^turns?:/.test(url));
        const has = (pattern: RegExp) => urls.some((url) => pattern.test(url));
        return {
          ok: urls.length === 2 && has(UDP) && has(TLS),
          saw: `Relays: ${quoted(urls)}.`,
          wanted: 'One address by UDP at 3478, and one by TLS at 443.',
        };
      },
    },
    {
      id: 'secret',
      title: 'With the name and secret of the day',
      when: 'end',
      hint: 'They are arguments, and others each day.',
      pass({ facts: { given, asked } }) {
        const relays = serversOf(given).filter(({ urls }) => urls.some((url) => /^turns?:/.test(url)));
        const ok =
          relays.length > 0 &&
          relays.every(
            ({ username, credential }) => username === asked.username && credential === asked.secret,
          );
        const [first] = relays;
        return {
          ok,
          saw: first
            ? `The relay gets \`${String(first.username)}\` and \`${String(first.credential)}\`.`
            : 'There is no relay.',
          wanted: `\`${asked.username}\` and \`${asked.secret}\`.`,
        };
      },
    },
  ],
});
