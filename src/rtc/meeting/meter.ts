import type { Leg } from '../../protocol/middlebox.ts';
import type { PeerId } from '../../protocol/signaling.ts';
import type { Engine, RecordedLink } from './engine.ts';
import { linkRates, type LinkRates } from './rates.ts';

/** Which connection of a meeting: by its other end, or by its direction where that is the server. */
export type LinkKey = PeerId | Leg;

/** All connections of an engine, those to the server first. */
export function linksOf({
  servers,
  links,
}: Pick<Engine, 'servers' | 'links'>): ReadonlyMap<LinkKey, RecordedLink> {
  return new Map<LinkKey, RecordedLink>([...servers.map((link) => [link.leg, link] as const), ...links]);
}

/** The rates of each connection. */
export type Measured = ReadonlyMap<LinkKey, LinkRates>;

export interface MeterOptions {
  /** The links that there are at the moment. */
  readonly links: () => ReadonlyMap<LinkKey, Pick<RecordedLink, 'pc'>>;
  /** Ends the measuring. */
  readonly signal: AbortSignal;
  readonly onMeasured: (measured: Measured) => void;
  /** Whether somebody would see it; nothing is asked while nobody does. */
  readonly isSeen?: () => boolean;
  /** Time between two questions, in milliseconds. */
  readonly intervalMs?: number;
}

/** Asks all links for their statistics every second, at once, and tells what they carry and cost. */
export function meter(options: MeterOptions): void {
  const { links, signal, onMeasured, isSeen = () => true, intervalMs = 1_000 } = options;
  const before = new WeakMap<RTCPeerConnection, RTCStatsReport>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const ask = async () => {
    const measured = new Map<LinkKey, LinkRates>();
    if (isSeen()) {
      const asked = [...links()].map(async ([peer, { pc }]) => {
        measured.set(peer, {}); // in the order of the links, whoever answers first
        const isOpen = pc.signalingState !== 'closed';
        const report = isOpen ? await pc.getStats().catch(() => undefined) : undefined;
        if (!report) return;
        measured.set(peer, linkRates(before.get(pc), report));
        before.set(pc, report);
      });
      await Promise.all(asked);
      if (signal.aborted) return;
      onMeasured(measured);
    }
    if (!signal.aborted) timer = setTimeout(() => void ask(), intervalMs);
  };
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  if (!signal.aborted) void ask();
}
