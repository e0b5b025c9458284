import type { Component } from './view.ts';
import type { Bench } from '../rtc/bench.ts';
import type { Carrier } from '../rtc/signaling/signaling.ts';

/** The panels that every lab can name. The code pane and the status line are always there. */
export const panelIds = [
  'tiles',
  'ladder',
  'timeline',
  'sdp',
  'candidates',
  'wire',
  'states',
  'stats',
  'faults',
  'findings',
] as const;
export type PanelId = (typeof panelIds)[number];

/** A choice that the learner makes before a run. Its key is also the URL parameter. */
export interface ControlSpec {
  readonly label: string;
  /** value → what the learner reads */
  readonly choices: Readonly<Record<string, string>>;
  readonly initial: string;
}
export type ControlSpecs = Readonly<Record<string, ControlSpec>>;
export type ControlValues<S extends ControlSpecs> = {
  readonly [K in keyof S]: keyof S[K]['choices'] & string;
};

/**
 * How the peers of a lab are spread.
 *
 * `one-page`: both in this page. `two-tabs`: one here, one in another tab of this browser, without a server.
 * `two-devices`: one here, one wherever the link is opened, through the signaling server. `bot`: one here, one in the
 * server's own process, which sends back what it receives.
 */
export const arrangements = ['one-page', 'two-tabs', 'two-devices', 'bot'] as const;
export type Arrangement = (typeof arrangements)[number];

/** What people read for each. */
export const arrangementNames: Readonly<
  Record<Arrangement, { readonly label: string; readonly hint: string }>
> = {
  'one-page': { label: 'One page', hint: 'Both peers live in this page.' },
  'two-tabs': {
    label: 'Two tabs',
    hint: 'One peer here, one in another tab of this browser. No server takes part.',
  },
  'two-devices': {
    label: 'Two devices',
    hint: 'One peer here, one wherever you open the link. The signaling server carries the messages.',
  },
  bot: {
    label: 'With a bot',
    hint: 'One peer here, one in the server: a small WebRTC stack that sends back what it receives.',
  },
};

/** Whose calls those of a lab without a connection are: `openMediaDevices(LONE_PEER, bench)`. */
export const LONE_PEER = 'alice';

/** What carries the signals of a run inside one page: our server, the page itself, or something of the lab's own. */
export type SignalingChoice = 'server' | 'loopback';

/** Who is connected with whom in a run, offerer first. */
export type Pairs = readonly (readonly [offerer: string, answerer: string])[];

export interface LabDefinition<S extends ControlSpecs = ControlSpecs> {
  readonly title: string;
  /** One sentence: what one sees here. */
  readonly summary: string;
  readonly panels: readonly PanelId[];
  /** A panel of the lab's own, shown first. */
  readonly panel?: { readonly title: string; readonly component: Component };
  readonly controls: S;
  /** All four, unless the lab says otherwise: one with a carrier of its own, or with none or more than one pair, stays in a page. */
  readonly arrangements: readonly Arrangement[];
  /** What carries the signals when both peers are in this page. */
  readonly signaling: SignalingChoice;
  /** A carrier of the lab's own (the learner's clipboard, say); it replaces `signaling` in every arrangement. */
  readonly carrier?: (signal: AbortSignal) => Carrier;
  /**
   * The pairs that a run connects, offerer first. Empty where nothing is connected: the lab stays in this page, its
   * one peer is {@link LONE_PEER}, `bench.seats` is empty, and the panels that make sense are its own and `timeline`.
   * A function where a control says how many there are: such a lab stays in this page, too.
   */
  readonly pairs: Pairs | ((controls: Readonly<Record<string, string>>) => Pairs);
  /** Whether the lab sends camera and microphone (or their synthetic stand-ins). */
  readonly media: boolean;
  /** The lab's own panel tells what came of a run, so that a connection that fails is not announced as an error. */
  readonly tellsOutcome: boolean;
  /** The text of the very module that `run` comes from: `import source from './run.ts?raw'`. */
  readonly source: string;
  readonly run: (bench: Bench<ControlValues<S>>) => Promise<void>;
}

/** The pairs of a run with these choices. */
export const pairsOf = (
  { pairs }: Pick<LabDefinition, 'pairs'>,
  controls: Readonly<Record<string, string>>,
): Pairs => (typeof pairs === 'function' ? pairs(controls) : pairs);

/** Says what a lab is. The registry finds it by its folder; nothing else is to be edited. */
export function defineLab<const S extends ControlSpecs>(
  lab: Partial<
    Pick<LabDefinition<S>, 'arrangements' | 'signaling' | 'pairs' | 'media' | 'tellsOutcome' | 'controls'>
  > &
    Omit<LabDefinition<S>, 'arrangements' | 'signaling' | 'pairs' | 'media' | 'tellsOutcome' | 'controls'>,
): LabDefinition<S> {
  const isOnePair = typeof lab.pairs !== 'function' && (lab.pairs?.length ?? 1) === 1;
  const staysHere = lab.carrier !== undefined || !isOnePair;
  return {
    arrangements: staysHere ? ['one-page'] : arrangements,
    signaling: 'loopback',
    pairs: [['alice', 'bob']],
    media: false,
    tellsOutcome: false,
    controls: {} as S,
    ...lab,
  };
}
