import type { PeerLabel, Entry } from '../../rtc/timeline.ts';

/** The ways to the same task. The first two stand side by side; one of the others can be put beside them. */
export const columnIds = ['raw', 'peerjs', 'helper', 'simple-peer'] as const;
export type ColumnId = (typeof columnIds)[number];

/** Where PeerJS finds the PeerServer of this site: the members of its options with these names. */
export interface PeerServerPlace {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly secure: boolean;
}

/**
 * What the code of one participant is given, whatever column it is in. Each participant is a page of its own (a hidden
 * frame of this origin), so that its globals, its connections and its sockets are nobody else's.
 *
 * Only what is no part of the comparison is in here: who takes part, the picture, the servers' addresses, the button.
 */
export interface Participant {
  /** `alice`, `bob`, `carol` */
  readonly name: PeerLabel;
  /** The others of this run, in the order of the alphabet. */
  readonly others: readonly PeerLabel[];
  /** The name of a room at the signaling server that only this column of this run knows. */
  readonly room: string;
  /** Under which id somebody of this column is known to PeerServer; another one in each run. */
  idOf(name: PeerLabel): string;
  /** For `new RTCPeerConnection()`: the STUN and TURN servers of this site, the same for all columns. */
  readonly configuration: RTCConfiguration;
  readonly peerServer: PeerServerPlace;
  /** Aborted when the run ends. */
  readonly signal: AbortSignal;
  /** The camera and microphone, or the drawn picture and tone that stand in for them. */
  openMedia(): Promise<MediaStream>;
  /** A drawn picture that stands in for a screen: one video track, told apart from the camera by its colour. */
  openScreen(): Promise<MediaStream>;
  /** Shows a picture that was received. May be called again with the same stream. @param from whose it is */
  show(stream: MediaStream, from: PeerLabel): void;
  /** Puts a line into what this participant has to say: what came, what an event told. It is on the record as a note. */
  tell(text: string): void;
  /**
   * Resolves when the person at the page (or the conductor of the task, after a while) has pressed the button of that
   * moment. The same press is for all columns. Rejects when the run ends before.
   */
  moment(id: string): Promise<void>;
}

/** The code of one column of a task. A participant without a function of its own runs `everybody`. */
export interface ColumnModule {
  readonly alice?: (me: Participant) => Promise<void> | void;
  readonly bob?: (me: Participant) => Promise<void> | void;
  readonly carol?: (me: Participant) => Promise<void> | void;
  readonly everybody?: (me: Participant) => Promise<void> | void;
}

/** Something that a person does in the middle of a task, in all columns at once. */
export interface Moment {
  readonly id: string;
  /** What the button says. */
  readonly button: string;
  /**
   * It may be pressed once this has happened in every column; and it presses itself a second later when the run is not
   * stepped and nobody has.
   */
  readonly after: (entries: readonly Entry[]) => boolean;
  /** What it does to the wire of all columns, if anything; everything else is the code's business. */
  readonly wire?: 'cut' | 'heal';
}

/** What cannot be done with a column, or only around it. */
export interface Limit {
  /** One sentence; `code` between backticks. */
  readonly text: string;
  /** Where it is written or can be read: a section, a file of the library with its version. */
  readonly source: string;
}

/** One task, the same for all columns. `raw.ts`, `peerjs.ts`, `helper.ts` and `simple-peer.ts` lie beside it. */
export interface CompareTask {
  readonly title: string;
  /** One or two sentences: what is to be done, and what to look at. */
  readonly summary: string;
  readonly participants: readonly PeerLabel[];
  readonly media: boolean;
  /** All media go through the relay of this site: where the wire is to be cut. */
  readonly relayed: boolean;
  /** In the order in which they come. */
  readonly moments: readonly Moment[];
  /** Whether a column has done what the task asks; asked after each entry. */
  readonly isDone: (entries: readonly Entry[]) => boolean;
  /** How long a column may take, in milliseconds; what is not done by then is told as such. */
  readonly limitMs: number;
  readonly limits: Readonly<Partial<Record<ColumnId, readonly Limit[]>>>;
}

/** Says what a task is. The registry finds it by its folder below src/compare. */
export const defineTask = (
  task: Omit<CompareTask, 'participants' | 'media' | 'relayed' | 'moments' | 'limitMs' | 'limits'> &
    Partial<CompareTask>,
): CompareTask => ({
  participants: ['alice', 'bob'],
  media: false,
  relayed: false,
  moments: [],
  limitMs: 20_000,
  limits: {},
  ...task,
});
