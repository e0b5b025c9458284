import type { Entry } from '../../rtc/timeline.ts';
import type { Measures } from './measures.ts';

/** The moments that stand on the common clock, in the order of a call. */
export const clockSteps = ['socket', 'offer', 'answer', 'connected', 'first-data', 'first-frame'] as const;
export type ClockStep = (typeof clockSteps)[number];

export const clockWords: Readonly<Record<ClockStep, string>> = {
  socket: 'Socket open',
  offer: 'Offer made',
  answer: 'Answer made',
  connected: 'Connected',
  'first-data': 'First data',
  'first-frame': 'First frame',
};

/** When a column reached each step first, in milliseconds since its run began; what it has not reached is left out. */
export function clockOf(
  entries: readonly Entry[],
  { connectedMs, firstDataMs, firstFrameMs }: Pick<Measures, 'connectedMs' | 'firstDataMs' | 'firstFrameMs'>,
): Readonly<Partial<Record<ClockStep, number>>> {
  const first = (is: (entry: Entry) => boolean): number | undefined => entries.find(is)?.atMs;
  const local = (type: RTCSdpType) => (entry: Entry) =>
    entry.kind === 'description' && entry.side === 'local' && entry.type === type;
  const found: Record<ClockStep, number | undefined> = {
    socket: first(
      (entry) => entry.kind === 'server-message' && entry.socket !== undefined && entry.name === 'open',
    ),
    offer: first(local('offer')),
    answer: first(local('answer')),
    connected: connectedMs,
    'first-data': firstDataMs,
    'first-frame': firstFrameMs,
  };
  return Object.fromEntries(
    clockSteps.flatMap((step) => (found[step] === undefined ? [] : [[step, found[step]]])),
  );
}

/** Ends and ticks of the axis: from 0 to a round number that holds `longestMs`, in steps of 1, 2 or 5 times a power of ten. */
export function axisOf(longestMs: number, ticks = 5): { readonly endMs: number; readonly tickMs: number } {
  const rough = Math.max(longestMs, 1) / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const tickMs = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  return { endMs: Math.ceil(Math.max(longestMs, 1) / tickMs) * tickMs, tickMs };
}
