import { Bench } from '../bench.ts';
import { openLoopback } from '../signaling/loopback.ts';
import { loopCall } from './loop-call.ts';
import {
  browserOf,
  isTurn,
  type CallObservation,
  type GatheringObservation,
  type MappedAddress,
  type Observations,
  type UrlObservation,
} from './observations.ts';
import { mappedAddresses, probe, read, toIceServer } from './probe.ts';
import { limits, type Server } from './urls.ts';

/** A browser that has an interface names it within a fraction of this. */
const NETWORK_MS = 2_800;
const ONE_SIDED_MS = 6_000;

/** Where a check is, for whoever watches. `url` counts from 0. */
export type Progress =
  | { readonly step: 'gathering' }
  | { readonly step: 'gathered'; readonly url: number; readonly gathering: GatheringObservation }
  | { readonly step: 'calling'; readonly url: number; readonly oneSided: boolean }
  | { readonly step: 'called'; readonly url: number; readonly call: CallObservation }
  | { readonly step: 'done' };

/** A second call has names of its own: what the first one still had on its way must not reach it. */
const again = (url: number) => `${url} again`;
/** The two who call without a server, or through the URL of that number. */
const pairOf = (name: string | number) => [`alice ${name}`, `bob ${name}`] as const;

/** STUN servers at different places: two URLs of one socket would see the same mapping. */
const stunServers = (servers: readonly Server[]): readonly Server[] =>
  servers.filter(
    (server, index) =>
      server.scheme === 'stun' &&
      servers.findIndex(
        ({ scheme, host, port }) => scheme === 'stun' && host === server.host && port === server.port,
      ) === index,
  );

/** The bench of a check, with a seat for everybody who may call: as many as there can be URLs. */
export function openCheckBench(signal?: AbortSignal): Bench {
  const numbers = Array.from({ length: limits.urls }, (_, url) => url + 1);
  const pairs = [pairOf('direct'), ...numbers.flatMap((url) => [pairOf(url), pairOf(again(url))])];
  const bench = new Bench<unknown>({
    lab: 'check',
    arrangement: 'one-page',
    controls: {},
    seats: pairs.flatMap(([alice, bob]) => [
      { self: alice, other: bob, offers: true },
      { self: bob, other: alice, offers: false },
    ]),
    openMedia: () => Promise.reject(new Error('a check sends no media')),
    ...(signal && { signal }),
  });
  bench.attach(openLoopback(bench.signal));
  return bench;
}

/**
 * Tests each server alone: gathers with it and, where it lends an address, calls through it. Asks nobody but the given
 * servers. Ends on its own, within some 20 s for each server at the worst.
 *
 * @param servers as `readServers()` gave them; at most a dozen
 * @returns what was seen; when `bench` ends before, what was seen until then
 */
export async function runCheck(
  servers: readonly Server[],
  bench: Bench,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Observations> {
  onProgress({ step: 'gathering' });
  const hosts = { count: 0, hidden: 0 };
  const nothing = new AbortController();
  const gatherings: GatheringObservation[] = [];
  const stun = stunServers(servers);
  // Nothing from anywhere after this time: there is no interface, and waiting longer would not make one.
  const watch = setTimeout(() => {
    const said = bench.timeline.entries.some(
      (entry) => entry.kind === 'candidate-error' || (entry.kind === 'candidate' && entry.side === 'local'),
    );
    if (!said) nothing.abort();
  }, NETWORK_MS);
  const [direct, mapped] = await Promise.all([
    callDirectly(bench, hosts),
    stun.length > 1 ? mappedAddresses(stun, bench, 'mapping') : Promise.resolve<MappedAddress[]>([]),
    ...servers.map(async (server, url) => {
      const gathering = await probe(server, bench, `url ${url + 1}`, { signal: nothing.signal });
      gatherings[url] = gathering;
      onProgress({ step: 'gathered', url, gathering });
    }),
  ]);
  clearTimeout(watch);

  const urls: UrlObservation[] = [];
  for (const [index, server] of servers.entries()) {
    const { url, scheme, host, hostKind, port, transport } = server;
    const gathering = gatherings[index]!;
    const lends = isTurn(server) && gathering.candidates.length > 0 && !bench.signal.aborted;
    const calls = lends
      ? await callThrough(server, index, bench, onProgress)
      : { call: null, oneSided: null };
    urls.push({ url, scheme, host, hostKind, port, transport, gathering, ...calls });
  }
  onProgress({ step: 'done' });
  return {
    browser: browserOf(navigator.userAgent),
    network: nothing.signal.aborted ? 'none' : 'up',
    hosts,
    urls,
    direct: bench.signal.aborted ? null : direct,
    mapped,
  };
}

/** Two peers without a server. Its host candidates say what this computer has, and its round trip what the page costs. */
async function callDirectly(
  bench: Bench,
  hosts: { count: number; hidden: number },
): Promise<CallObservation> {
  const [alice, bob] = pairOf('direct');
  const stop = bench.timeline.subscribe((entry) => {
    if (entry.peer !== alice || entry.kind !== 'candidate' || entry.side !== 'local') return;
    const found = read(entry as unknown as RTCIceCandidate);
    if (found?.type !== 'host' || found.protocol !== 'udp') return;
    hosts.count++;
    if (found.address.endsWith('.local')) hosts.hidden++;
  });
  try {
    return await loopCall(bench, {
      alice,
      bob,
      configurations: [{}, {}],
      connectMs: NETWORK_MS + 200,
      measures: false,
    });
  } finally {
    stop();
  }
}

async function callThrough(
  server: Server,
  url: number,
  bench: Bench,
  onProgress: (progress: Progress) => void,
): Promise<{ call: CallObservation; oneSided: CallObservation | null }> {
  const named = ([alice, bob]: readonly [string, string]) => ({ alice, bob });
  const relayed: RTCConfiguration = { iceServers: [toIceServer(server)], iceTransportPolicy: 'relay' };
  onProgress({ step: 'calling', url, oneSided: false });
  const call = await loopCall(bench, {
    ...named(pairOf(url + 1)),
    configurations: [relayed, relayed],
  });
  onProgress({ step: 'called', url, call });
  if (call.outcome !== 'not-connected' || bench.signal.aborted) return { call, oneSided: null };
  // A relay that does not send to itself may well reach everybody else.
  onProgress({ step: 'calling', url, oneSided: true });
  const configurations = [relayed, {}] as const;
  const oneSided = await loopCall(bench, {
    ...named(pairOf(again(url + 1))),
    configurations,
    connectMs: ONE_SIDED_MS,
    measures: false,
  });
  onProgress({ step: 'called', url, call: oneSided });
  return { call, oneSided };
}
