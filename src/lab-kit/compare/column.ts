import { batch, computed, signal } from '@preact/signals';
import { Bench, type Seat } from '../../rtc/bench.ts';
import { RtcError, toRtcError } from '../../rtc/errors.ts';
import { openDrawnDisplay } from '../../rtc/media/drawn-display.ts';
import { attachStream } from '../../rtc/media/playback.ts';
import { toRecording } from '../../rtc/recording/save.ts';
import type { Recording } from '../../rtc/recording/schema.ts';
import { randomId } from '../../rtc/signaling/rendezvous.ts';
import { Timeline, type Entry, type PeerLabel } from '../../rtc/timeline.ts';
import { loadLocator } from '../locate.ts';
import { openMedia, type MediaSource } from '../media-source.ts';
import { Stepping } from '../stepping.ts';
import type { RunState, Target } from '../view.ts';
import { columnWords } from './column-words.ts';
import type { ColumnId, ColumnModule, CompareTask, Moment, Participant } from './define.ts';
import { peerServerPlace } from './load-peerjs.ts';
import { measure, participantOf, type ColumnSource } from './measures.ts';
import { openRealm } from './open-realm.ts';
import type { Realm } from './realm.ts';
import type { RunClock } from './run-clock.ts';
import type { ColumnState, StageColumn } from './stage.ts';

/** What a run of a column begins with. */
export interface ColumnRun {
  readonly clock: RunClock;
  readonly media: MediaSource;
  /** Called for each entry, and when the column has come to an end. */
  readonly onChange: () => void;
  /** Whether nobody holds the run: only then a time limit means something. */
  readonly isFree: () => boolean;
}

/** How long a line that a participant tells may be. */
const LONGEST_LINE = 2_000;

/** One way to do a task, with a record of its own: each participant lives in a page of its own and runs this code. */
export class Column implements StageColumn {
  readonly id: ColumnId;
  readonly lab: string;
  readonly source: ColumnSource;
  readonly stepping: Stepping;

  readonly peers;
  readonly hosted;
  readonly entries = signal<{ version: number; list: readonly Entry[] }>({ version: 0, list: [] });
  readonly focus = signal<number | null>(null);
  readonly bench = signal<Bench | null>(null);
  readonly state = signal<RunState>('idle');
  readonly target = signal<Target | null>(null);
  readonly faults = null;

  readonly how = signal<ColumnState>('idle');
  readonly problem = signal<RtcError | null>(null);
  readonly held;
  readonly measures = computed(() =>
    this.how.value === 'idle' ? undefined : measure(this.entries.value.list, this.source),
  );

  readonly #task: string;
  readonly #definition: CompareTask;
  /** The line of the column's file that is being executed; known once its code and its source map are there. */
  #locate: (() => number | undefined) | undefined;
  readonly #moments = new Map<string, PromiseWithResolvers<void>>();
  #run: ColumnRun | undefined;
  #crew: readonly { readonly me: Participant; readonly module: ColumnModule }[] = [];

  constructor(task: string, definition: CompareTask, id: ColumnId, source: ColumnSource) {
    this.id = id;
    this.lab = `compare-${task}-${id}`;
    this.source = source;
    this.peers = signal<readonly PeerLabel[]>(definition.participants);
    this.hosted = computed(() => this.peers.value);
    this.stepping = new Stepping(this.bench);
    this.held = this.stepping.held;
    this.#task = task;
    this.#definition = definition;
  }

  get userAgent(): string {
    return navigator.userAgent;
  }

  record(): Recording {
    const { lab, peers, hosted, entries, userAgent } = this;
    const title = `${this.#definition.title}: ${columnWords[this.id].name}`;
    return toRecording(
      entries.value.list,
      { lab, title, source: this.source.own, userAgent, peers: peers.value, hosted: hosted.value },
      new Date(),
    );
  }

  /** The record as it is at this moment; {@link entries} follow it once a frame. */
  get list(): readonly Entry[] {
    return this.bench.value?.timeline.entries ?? [];
  }

  /** Whether nothing more is to be waited for. */
  get isSettled(): boolean {
    return this.how.value !== 'running' && this.how.value !== 'idle';
  }

  /** Opens the pages and loads the code into them. Errors end up in {@link problem} and on the record. */
  async prepare(run: ColumnRun): Promise<void> {
    this.#run = run;
    const bench = this.#open(run);
    try {
      const configuration = await this.#configuration(bench);
      const secret = randomId();
      const ids = Object.fromEntries(
        this.#definition.participants.map((name) => [`${name}-${this.id}-${secret}`, name]),
      );
      this.#crew = await Promise.all(
        this.#definition.participants.map(async (name, index) => {
          const realm = await openRealm({ name, bench, ids });
          const module = await realm.loadColumn(this.#task, this.id);
          const me = this.#participant(realm, bench, {
            room: `compare-${this.id}-${secret}`,
            idOf: (other) => `${other}-${this.id}-${secret}`,
            configuration: configuration[index] ?? {},
          });
          return { me, module };
        }),
      );
      const [first] = this.#crew;
      this.#locate = first && (await loadLocator(first.module, `${this.#task}/${this.id}.ts`));
    } catch (error) {
      this.#fail(bench, 'lab', error);
    }
  }

  /** Lets the code begin. The clock runs already. */
  begin(): void {
    const bench = this.bench.value;
    if (!bench || bench.signal.aborted) return;
    this.state.value = 'running';
    this.#watchLimit(bench);
    const start = () => {
      for (const { me, module } of this.#crew) void this.#play(bench, me, module);
    };
    void Promise.resolve(bench.take({ does: 'start', peer: 'lab' }, start)).catch(() => {}); // ended while it waited
  }

  /** A moment of the task has come: the wire does what it says, then the code goes on. */
  async happen({ id, button, wire }: Moment): Promise<void> {
    const bench = this.bench.value;
    if (!bench || bench.signal.aborted) return;
    bench.timeline.append('lab', { kind: 'note', text: `“${button}” is pressed` });
    if (wire) await this.#impair(bench, wire).catch((error: unknown) => bench.report('lab', error));
    this.#moment(id).resolve();
  }

  stop(why: 'stopped' | 'restarted' = 'stopped'): void {
    this.bench.value?.close(why);
    if (this.how.value === 'running') this.how.value = 'ended';
    if (this.state.value !== 'idle' && this.state.value !== 'failed') this.state.value = 'ended';
  }

  #open({ clock, media }: ColumnRun): Bench {
    const { participants } = this.#definition;
    const bench = new Bench<never>({
      lab: this.lab,
      arrangement: 'one-page',
      controls: { task: this.#task, column: this.id } as never,
      seats: participants.map((self, index): Seat => ({
        self,
        other: participants.find((one) => one !== self) ?? self,
        offers: index === 0,
      })),
      openMedia: (peer, own) => openMedia(media, peer, own),
      timeline: new Timeline(clock.now),
      pace: this.stepping.pace,
      locate: () => this.#locate?.(),
    }) as Bench;
    this.stepping.begin();
    this.#moments.clear();
    this.#crew = [];
    this.#show(bench);
    return bench;
  }

  /** The servers for each participant, each with credentials of its own. */
  async #configuration(bench: Bench): Promise<RTCConfiguration[]> {
    const { participants, relayed } = this.#definition;
    const ask = async (name: PeerLabel): Promise<RTCConfiguration> => {
      const iceServers = await bench.iceServers(name);
      return relayed ? { iceServers, iceTransportPolicy: 'relay' } : { iceServers };
    };
    try {
      return await Promise.all(participants.map(ask));
    } catch (error) {
      if (relayed || toRtcError(error).code !== 'turn-unavailable') throw error;
      bench.timeline.append('lab', {
        kind: 'note',
        text: 'This server has no STUN or TURN: host candidates only.',
      });
      return participants.map(() => ({ iceServers: [] }));
    }
  }

  #participant(
    { name }: Realm,
    bench: Bench,
    given: Pick<Participant, 'room' | 'idOf' | 'configuration'>,
  ): Participant {
    const pictures = new Set<MediaStream>();
    return {
      ...given,
      name,
      others: this.#definition.participants.filter((one) => one !== name),
      peerServer: peerServerPlace(),
      signal: bench.signal,
      openMedia: () => bench.openMedia(name),
      // A promise of the bench's: the step may have to wait for its turn.
      openScreen: async () =>
        bench.take(
          { does: 'open-media', peer: name },
          () => openDrawnDisplay({ signal: bench.signal }).stream,
        ),
      show: (stream) => {
        if (bench.signal.aborted) return;
        bench.show(name, stream);
        if (stream && !pictures.has(stream)) this.#watchPicture(bench, name, stream);
        pictures.add(stream);
      },
      tell: (text) => {
        if (!bench.signal.aborted)
          bench.timeline.append(name, { kind: 'note', text: text.slice(0, LONGEST_LINE) });
      },
      moment: (id) => this.#momentOf(bench, id),
    };
  }

  async #play(bench: Bench, me: Participant, module: ColumnModule): Promise<void> {
    const role = me.name as keyof ColumnModule;
    try {
      const play = module[role] ?? module.everybody;
      if (!play) throw new RtcError('unexpected', `There is no function for ${me.name} in this file.`);
      await play(me);
    } catch (error) {
      this.#fail(bench, me.name, error);
    }
  }

  #fail(bench: Bench, peer: PeerLabel, thrown: unknown): void {
    if (bench.signal.aborted) return;
    bench.report(peer, thrown);
    batch(() => {
      this.problem.value = toRtcError(thrown);
      this.how.value = 'failed';
      this.state.value = 'failed';
    });
    bench.close('failed');
    this.#run?.onChange();
  }

  #moment(id: string): PromiseWithResolvers<void> {
    const known = this.#moments.get(id) ?? Promise.withResolvers<void>();
    this.#moments.set(id, known);
    return known;
  }

  #momentOf(bench: Bench, id: string): Promise<void> {
    if (!this.#definition.moments.some((moment) => moment.id === id))
      return Promise.reject(new RangeError(`The task has no moment “${id}”.`));
    const { promise } = this.#moment(id);
    return new Promise((resolve, reject) => {
      const end = () => reject(new RtcError('stopped'));
      if (bench.signal.aborted) return end();
      bench.signal.addEventListener('abort', end, { once: true });
      void promise.then(resolve);
    });
  }

  /** Nothing gets through our relay in either direction, or all of it again. */
  async #impair(bench: Bench, wire: NonNullable<Moment['wire']>): Promise<void> {
    const all = { lossPct: 100 };
    const ends = this.#definition.participants.map((peer) => ({ peer, up: all, down: all }));
    const line = await bench.wire();
    await line.ask('wire:impair', { seed: 1, ends: wire === 'cut' ? ends : [] });
    const text = wire === 'cut' ? 'the relay loses every packet' : 'the relay loses nothing any more';
    bench.timeline.append('lab', { kind: 'fault', fault: 'impaired', text });
  }

  /** The first frame of each stream, and of each other size that it takes, whether or not somebody looks at it. */
  #watchPicture(bench: Bench, name: PeerLabel, stream: MediaStream): void {
    const label = labelOfStream(bench, name, stream);
    const video = document.createElement('video');
    let size = '';
    const record = (width: number, height: number) => {
      if (bench.signal.aborted || size === `${width}×${height}` || width === 0) return;
      size = `${width}×${height}`;
      bench.timeline.append(label, { kind: 'first-frame', width, height });
    };
    const onFirstFrame = (width: number, height: number) => {
      record(width, height);
      // Another track has taken the place of the first: no event of the connection tells of it.
      video.addEventListener('resize', () => record(video.videoWidth, video.videoHeight), {
        signal: bench.signal,
      });
    };
    // Without sound it plays at once; if it does not, no first frame is told.
    attachStream(video, stream, { signal: bench.signal, onFirstFrame }).catch(() => {});
  }

  #watchLimit(bench: Bench): void {
    const { limitMs } = this.#definition;
    const late = bench.deadline(limitMs);
    const onLate = () => {
      if (this.how.value !== 'running' || !this.#run?.isFree()) return;
      this.how.value = 'late';
      bench.timeline.append('lab', {
        kind: 'note',
        text: `the task is not done after ${Math.round(limitMs / 1000)} s`,
      });
    };
    late.addEventListener('abort', onLate, { once: true, signal: bench.signal });
  }

  /** Hands the bench's record to the panels, at most once a frame. */
  #show(bench: Bench): void {
    const { timeline } = bench;
    batch(() => {
      this.focus.value = null;
      this.problem.value = null;
      this.peers.value = this.#definition.participants;
      this.how.value = 'running';
      this.state.value = 'waiting';
      this.bench.value = bench;
      this.entries.value = { version: 0, list: timeline.entries };
    });
    let due = false;
    const draw = () => {
      due = false;
      if (this.bench.value === bench)
        this.entries.value = { version: timeline.entries.length, list: timeline.entries };
    };
    timeline.subscribe((entry) => {
      this.#note(bench, entry);
      if (due) return;
      due = true;
      requestAnimationFrame(draw);
    });
    draw();
  }

  #note(bench: Bench, entry: Entry): void {
    if (this.bench.value !== bench) return;
    if (entry.kind === 'peer-opened') this.#addPeer(entry.peer);
    if (entry.kind === 'error') this.problem.value = new RtcError(entry.code, entry.detail);
    const isOpen = this.how.value === 'running' || this.how.value === 'late';
    if (isOpen && !bench.signal.aborted && this.#definition.isDone(bench.timeline.entries))
      this.how.value = 'done';
    this.#run?.onChange();
  }

  /** A participant's further connection comes after its others; what a library only tries has no line of its own. */
  #addPeer(label: PeerLabel): void {
    const peers = this.peers.value;
    if (peers.includes(label) || label.includes('/probe')) return;
    const last = peers.findLastIndex((peer) => participantOf(peer) === participantOf(label));
    this.peers.value = peers.toSpliced(last + 1, 0, label);
  }
}

/** The connection over which a stream comes; its participant where that cannot be known. */
function labelOfStream(bench: Bench, name: PeerLabel, stream: MediaStream): PeerLabel {
  const ids = new Set(stream.getTracks().map(({ id }) => id));
  const own = [...bench.connections].filter(
    ([label, pc]) => participantOf(label) === name && pc.signalingState !== 'closed',
  );
  const found = own.findLast(([, pc]) => pc.getReceivers().some(({ track }) => ids.has(track.id)));
  return found?.[0] ?? name;
}
