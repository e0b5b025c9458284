import type { Entry } from '../../rtc/timeline.ts';
import type { CompareTask } from './define.ts';
import type { Measures } from './measures.ts';

/** The moments that stand on the common clock, in the order of a call. */
const clockSteps = [
  'socket',
  'offer',
  'answer',
  'connected',
  'first-data',
  'first-frame',
  'trouble',
  'again',
] as const;
export type ClockStep = (typeof clockSteps)[number];

export const clockWords: Readonly<Record<ClockStep, string>> = {
  socket: 'Socket open',
  offer: 'Offer made',
  answer: 'Answer made',
  connected: 'Connected',
  'first-data': 'First data',
  'first-frame': 'First frame',
  trouble: 'Trouble noticed',
  again: 'Connected again',
};

/** The steps that a task can reach. */
export const stepsOf = ({ media, moments }: Pick<CompareTask, 'media' | 'moments'>): readonly ClockStep[] =>
  clockSteps.filter((step) => {
    if (step === 'first-frame') return media;
    return (step !== 'trouble' && step !== 'again') || moments.some(({ wire }) => wire !== undefined);
  });

/** When a column reached each step first, in milliseconds since its run began; what it has not reached is left out. */
export function clockOf(
  entries: readonly Entry[],
  { connectedMs, firstDataMs, firstFrameMs }: Pick<Measures, 'connectedMs' | 'firstDataMs' | 'firstFrameMs'>,
): Readonly<Partial<Record<ClockStep, number>>> {
  const first = (is: (entry: Entry) => boolean): number | undefined => entries.find(is)?.atMs;
  const local = (type: RTCSdpType) => (entry: Entry) =>
    entry.kind === 'description' && entry.side === 'local' && entry.type === type;
  const lost = entries.find(
    (entry) =>
      (entry.kind === 'connection-state' || entry.kind === 'ice-connection-state') &&
      (entry.state === 'disconnected' || entry.state === 'failed'),
  );
  const found: Record<ClockStep, number | undefined> = {
    socket: first(
      (entry) => entry.kind === 'server-message' && entry.socket !== undefined && entry.name === 'open',
    ),
    offer: first(local('offer')),
    answer: first(local('answer')),
    connected: connectedMs,
    'first-data': firstDataMs,
    'first-frame': firstFrameMs,
    trouble: lost?.atMs,
    again:
      lost &&
      first(
        (entry) => entry.kind === 'connection-state' && entry.state === 'connected' && entry.seq > lost.seq,
      ),
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
