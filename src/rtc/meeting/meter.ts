import type { PeerId } from '../../protocol/signaling.ts';
import type { Link } from './engine.ts';
import { linkRates, type LinkRates } from './rates.ts';

/** The rates of each link, by its participant. */
export type Measured = ReadonlyMap<PeerId, LinkRates>;

export interface MeterOptions {
  /** The links that there are at the moment. */
  readonly links: () => ReadonlyMap<PeerId, Pick<Link, 'pc'>>;
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
    const measured = new Map<PeerId, LinkRates>();
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
