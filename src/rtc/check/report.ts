import type { Observations } from './observations.ts';
import { verdictOf, type Said, type Verdict } from './verdict.ts';

/** What a person may pass on: what was seen and what it means. There is no user name and no credential in it. */
export interface Report {
  readonly format: 'peerscope-check';
  readonly version: 1;
  readonly madeAt: string;
  readonly userAgent: string;
  readonly verdict: Verdict;
  readonly observations: Observations;
}

export interface ReportOptions {
  /** Puts letters in place of addresses and hosts that tell where somebody is. */
  readonly hidesAddresses: boolean;
  readonly madeAt: Date;
  readonly userAgent: string;
}

/** @param seen made without user name and credential, see {@link Observations} */
export function reportOf(seen: Observations, { hidesAddresses, madeAt, userAgent }: ReportOptions): Report {
  const observations = hidesAddresses ? hide(seen) : seen;
  return {
    format: 'peerscope-check',
    version: 1,
    madeAt: madeAt.toISOString(),
    userAgent,
    verdict: verdictOf(observations),
    observations,
  };
}

/** The report as a message to a colleague reads. */
export function reportText({ verdict, observations, madeAt, userAgent }: Report): string {
  const { direct, hosts } = observations;
  const lines = [
    verdict.title,
    verdict.text,
    '',
    ...observations.urls.flatMap((url, index) => {
      const said = verdict.urls[index];
      const { call, gathering } = url;
      const numbers = [
        `gathering: ${gathering.ended} after ${gathering.tookMs} ms`,
        ...gathering.candidates.map(
          ({ type, address, port }) => `${type} ${address}${port ? ` ${port}` : ''}`,
        ),
        ...gathering.errors.map(({ code, text, family }) =>
          ['error', code, text, family === 'unknown' ? '' : family].filter(Boolean).join(' '),
        ),
        ...(call?.rttMs ? [`round trip ${call.rttMs.median} ms`] : []),
        ...(call?.numbered ? [`${call.numbered.received} of ${call.numbered.sent} messages`] : []),
        ...(call?.throughput ? [`${megabits(call.throughput.bitsPerSecond)} Mbit/s`] : []),
      ];
      return [url.url, ...sentences(said), `  (${numbers.join('; ')})`, ''];
    }),
    ...verdict.remarks.flatMap((remark) => [...sentences(remark), '']),
    `Without a server: ${direct?.rttMs ? `round trip ${direct.rttMs.median} ms` : 'not measured'}; ${hosts.count} host candidates, ${hosts.hidden} of them hidden by mDNS.`,
    ...(verdict.configuration === null ? [] : ['', verdict.configuration]),
    '',
    `${madeAt}, ${userAgent}`,
    'User name and credential are not in this report.',
  ];
  return `${lines.join('\n')}\n`;
}

const sentences = (said: Said | undefined): string[] =>
  said ? [`  ${said.text}`, ...(said.next ? [`  To do: ${said.next}`] : []), `  [rule ${said.rule}]`] : [];

export const megabits = (bitsPerSecond: number): string => {
  const value = bitsPerSecond / 1e6;
  return value.toFixed(value < 10 ? 1 : 0);
};

/** These tell nobody where somebody is, and rules look at them. */
const tellsNothing = (host: string) => /^127\.|^::1$|^localhost\.?$/i.test(host);

/** Letters for addresses, the same one each time; ports stay where they say what is wrong, at the server. */
function hide(all: Observations): Observations {
  const letters = new Map<string, string>();
  const stand = (text: string, word: string): string => {
    if (text === '' || tellsNothing(text)) return text;
    const letter = letters.get(text) ?? `${word}-${String.fromCharCode(97 + (letters.size % 26))}`;
    letters.set(text, letter);
    return letter;
  };
  const urls = all.urls.map((one) => {
    const host = stand(one.host, 'host');
    const [, scheme = '', rest = ''] = /^(\w+:)(?:\[[^\]]*\]|[^:?]*)(.*)$/.exec(one.url) ?? [];
    const isMasked = host !== one.host;
    const url = isMasked ? `${scheme}${host}${rest}` : one.url;
    const { gathering } = one;
    const candidates = gathering.candidates.map((candidate) => ({
      ...candidate,
      address: stand(candidate.address, 'address'),
      port: 0,
    }));
    // The browser's own words repeat the URL.
    const refusal =
      gathering.refusal && isMasked ? gathering.refusal.replaceAll(one.url, url) : gathering.refusal;
    return { ...one, url, host, gathering: { ...gathering, candidates, refusal } };
  });
  const mapped = all.mapped.map(({ base, address, port }) => ({
    base: stand(base, 'socket'),
    address: stand(address, 'address'),
    port,
  }));
  return { ...all, urls, mapped };
}
