import { signal, type ReadonlySignal } from '@preact/signals';
import type { Bench } from '../../../rtc/bench.ts';
import type { RecordedLink } from '../../../rtc/meeting/engine.ts';
import { toRecording } from '../../../rtc/recording/save.ts';
import type { Recording } from '../../../rtc/recording/schema.ts';
import type { Entry, PeerLabel } from '../../../rtc/timeline.ts';
import type { LabFaults, LabView, RunState, Target } from '../../view.ts';

/** One connection of a link, the present one or one that is over: `endedAt` says when. */
export interface LinkRun {
  readonly bench: Bench;
  readonly number: number;
  readonly endedAt?: Date;
}

/** The connections of a link whose records are kept, the present one last. */
export const runsOf = (link: RecordedLink): readonly LinkRun[] => [
  ...link.ended,
  { bench: link.bench, number: link.number },
];

/**
 * A meeting takes the shortest path, which is hardly ever our relay, and asks for one user name for all its links: what
 * is done to the packets of a user name would be done to everybody's.
 */
const noWire = {
  text: 'The packets of a meeting take the shortest path, which seldom crosses the relay of this playground, and those that do cross it under one name for all: they cannot be lost or delayed for one connection alone.',
  lesson: '/lessons/connectivity/turn/',
};

/** One connection of a meeting as the panels see it. They are told of nothing before {@link follow}. */
export class LinkView implements LabView {
  readonly lab = 'meeting';
  readonly peers: ReadonlySignal<readonly PeerLabel[]>;
  readonly hosted: ReadonlySignal<readonly PeerLabel[]>;
  readonly entries;
  readonly focus = signal<number | null>(null);
  readonly bench: ReadonlySignal<Bench | null>;
  readonly state;
  readonly target = signal<Target | null>(null);
  /** Null when the connection is over: nothing can be made to go wrong any more. */
  readonly faults: LabFaults | null;
  readonly #link: RecordedLink;
  readonly #run: LinkRun;

  constructor(link: RecordedLink, run: LinkRun) {
    this.#link = link;
    this.#run = run;
    const { self, other } = link;
    const offers = run.bench.seats[0]?.offers ?? true;
    this.peers = signal(offers ? [self, other] : [other, self]);
    this.hosted = signal([self]);
    this.bench = signal(run.bench);
    this.state = signal<RunState>(this.#state());
    const list = run.bench.timeline.entries;
    this.entries = signal<{ version: number; list: readonly Entry[] }>({ version: list.length, list });
    this.faults = run.endedAt
      ? null
      : { board: link.board, again: () => link.rebuild(), button: 'New connection', noWire };
  }

  get userAgent(): string {
    return navigator.userAgent;
  }

  record(): Recording {
    const { self, other } = this.#link;
    const facts = {
      lab: this.lab,
      title: `Meeting: ${self} and ${other}, connection ${this.#run.number}`,
      peers: this.peers.value,
      hosted: this.hosted.value,
      source: '',
      userAgent: this.userAgent,
    };
    return toRecording(this.#run.bench.timeline.entries, facts, new Date());
  }

  /**
   * Hands what is recorded from now on to the panels, at most once a frame, and has the statistics sampled every second.
   *
   * @returns what ends that
   */
  follow(): () => void {
    const { timeline } = this.#run.bench;
    let frame: number | undefined;
    const draw = () => {
      frame = undefined;
      this.entries.value = { version: timeline.entries.length, list: timeline.entries };
      this.state.value = this.#state();
    };
    const due = () => {
      frame ??= requestAnimationFrame(draw);
    };
    draw();
    const ends = [
      timeline.subscribe(due),
      this.#link.on('state', due),
      ...(this.#run.endedAt ? [] : [this.#link.inspect()]),
    ];
    return () => {
      for (const end of ends) end();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }

  #state(): RunState {
    if (this.#run.endedAt || this.#run.bench.signal.aborted) return 'ended';
    return this.#link.state.is === 'failed' ? 'failed' : 'running';
  }
}
