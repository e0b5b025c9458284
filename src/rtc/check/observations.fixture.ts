import type { CallObservation, Observations, UrlObservation } from './observations.ts';
import { parseServerUrl } from './urls.ts';

type Changes = Partial<Omit<UrlObservation, 'gathering'>> & {
  gathering?: Partial<UrlObservation['gathering']>;
};

/** A URL that nobody answered; `changes` is what was seen of it. */
export function seenOf(text: string, { gathering, ...changes }: Changes = {}): UrlObservation {
  const parsed = parseServerUrl(text);
  if (!parsed.ok) throw new Error(parsed.problem.text);
  return {
    ...parsed.url,
    gathering: { ended: 'complete', tookMs: 100, candidates: [], errors: [], refusal: null, ...gathering },
    call: null,
    oneSided: null,
    ...changes,
  };
}

/** A check of these URLs by a Chromium with one visible host address. */
export function seen(urls: readonly UrlObservation[], changes: Partial<Observations> = {}): Observations {
  return {
    browser: 'chromium',
    network: 'up',
    hosts: { count: 1, hidden: 0 },
    urls,
    direct: call({ numbered: null, throughput: null }),
    mapped: [],
    ...changes,
  };
}

/** A call that moved bytes. */
export function call(changes: Partial<CallObservation> = {}): CallObservation {
  return {
    outcome: 'bytes',
    connectedMs: 120,
    pair: { local: 'relay', remote: 'relay', relayProtocol: 'udp' },
    rttMs: { median: 1.2, best: 1, count: 14 },
    numbered: { sent: 200, received: 200 },
    throughput: { bitsPerSecond: 40_000_000, bytes: 6_000_000 },
    errors: [],
    ...changes,
  };
}

export const error = (code: number, text = '', family: 'ipv4' | 'ipv6' | 'unknown' = 'ipv4') => ({
  code,
  text,
  family,
  atMs: 50,
});
export const candidate = (type: 'srflx' | 'relay', address = '203.0.113.7', port = 50_000) => ({
  type,
  address,
  port,
  atMs: 60,
});
