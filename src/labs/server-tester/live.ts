import { browserOf, type Observations, type UrlObservation } from '../../rtc/check/observations.ts';
import { parseServerUrl } from '../../rtc/check/urls.ts';
import { parseCandidate } from '../../rtc/ice/candidate.ts';
import { fold } from '../../lab-kit/panels/model/fold.ts';
import type { Entry } from '../../rtc/timeline.ts';

/** What the offerer of a run has seen so far, in the tester's own terms. */
export interface Live {
  url: string | undefined;
  openedMs: number;
  relays: { readonly address: string; readonly port: number; readonly atMs: number }[];
  errors: UrlObservation['gathering']['errors'][number][];
  gatheredMs: number | undefined;
  connectedMs: number | undefined;
  roundTripMs: number | undefined;
  /** Why the run gave up, or was ended. */
  over: boolean;
}

const OFFERER = 'alice';

/** Takes a run entry by entry into what the rules judge. */
export const liveFold = () =>
  fold<Live>(
    () => ({
      url: undefined,
      openedMs: 0,
      relays: [],
      errors: [],
      gatheredMs: undefined,
      connectedMs: undefined,
      roundTripMs: undefined,
      over: false,
    }),
    step,
  );

function step(live: Live, entry: Entry): void {
  if (entry.kind === 'run-ended' || entry.kind === 'error') live.over = true;
  if (entry.peer !== OFFERER) return;
  const sinceMs = Math.round(entry.atMs - live.openedMs);
  switch (entry.kind) {
    case 'peer-opened': {
      const [server] = entry.configuration.iceServers ?? [];
      live.url = Array.isArray(server?.urls) ? server.urls[0] : server?.urls;
      live.openedMs = entry.atMs;
      break;
    }
    case 'candidate': {
      const parsed = parseCandidate(entry.candidate);
      if (entry.side !== 'local' || parsed.kind !== 'candidate' || parsed.candidate.type !== 'relay') return;
      const { address, port } = parsed.candidate;
      live.relays.push({ address, port, atMs: sinceMs });
      break;
    }
    case 'candidate-error':
      live.errors.push({
        code: entry.errorCode,
        text: entry.errorText,
        family: !entry.address ? 'unknown' : entry.address.includes(':') ? 'ipv6' : 'ipv4',
        atMs: sinceMs,
      });
      break;
    case 'end-of-candidates':
      if (entry.side === 'local') live.gatheredMs = sinceMs;
      break;
    case 'connection-state':
      if (entry.state === 'connected') live.connectedMs = sinceMs;
      break;
    case 'measure':
      if (entry.name === 'round trip') live.roundTripMs = entry.valueMs;
      break;
    default:
      break;
  }
}

/** The run as a check of one URL; undefined until something can be said of it. */
export function observationsOf(live: Live, userAgent: string): Observations | undefined {
  const parsed = live.url === undefined ? undefined : parseServerUrl(live.url);
  if (!parsed?.ok) return undefined;
  const isJudged = live.roundTripMs !== undefined || live.over;
  if (!isJudged) return undefined;
  const { url, scheme, host, hostKind, port, transport } = parsed.url;
  const rttMs =
    live.roundTripMs === undefined ? null : { median: live.roundTripMs, best: live.roundTripMs, count: 1 };
  const isUp = live.connectedMs !== undefined;
  const call = {
    outcome: rttMs ? ('bytes' as const) : isUp ? ('no-bytes' as const) : ('not-connected' as const),
    connectedMs: live.connectedMs ?? null,
    pair: null,
    rttMs,
    numbered: null,
    throughput: null,
    errors: [],
  };
  return {
    browser: browserOf(userAgent),
    network: 'up',
    hosts: { count: 0, hidden: 0 },
    urls: [
      {
        url,
        scheme,
        host,
        hostKind,
        port,
        transport,
        gathering: {
          ended: live.gatheredMs === undefined ? 'deadline' : 'complete',
          tookMs: live.gatheredMs ?? 3_000,
          candidates: live.relays.map((relay) => ({ type: 'relay' as const, ...relay })),
          errors: live.errors,
          refusal: null,
        },
        call: live.relays.length > 0 ? call : null,
        oneSided: null,
      },
    ],
    direct: null,
    mapped: [],
  };
}
