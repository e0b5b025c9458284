import { performance } from 'node:perf_hooks';
import type {
  ForwardTable,
  PublishedSection,
  ServerCandidate,
  Source,
} from '../../../src/protocol/middlebox.ts';
import type { PeerId } from '../../../src/protocol/ids.ts';
import type { MediaState } from '../../../src/protocol/signaling.ts';
import type { FromMixer, Settings } from '../messages.ts';
import type { Library } from '../../sfu/transport/library.ts';
import type { Transports } from '../../sfu/transport/transport.ts';
import { Budget } from './budget.ts';
import { Canvas, type Picture } from './compose.ts';
import { Down } from './down.ts';
import { PictureFeed, SoundFeed } from './feed.ts';
import { cellsOf, layout, type Place } from './layout.ts';
import { forwardBytes, forwardWord } from './lines.ts';
import { Listener, type Part, Voice } from './mix.ts';
import { BadDescription } from './offer.ts';
import { Outbox } from './outbox.ts';
import { Pace, WANTED_FPS } from './pace.ts';
import { Recorder } from './recorder.ts';
import { encodedOf, type Entry, inputsOf, lineOf, Rates } from './statistics.ts';
import { messageOf, Up } from './up.ts';
import type { VideoSource, Wrtc } from './wrtc.ts';

interface Person {
  readonly peer: PeerId;
  readonly media: MediaState;
}

/** A picture that has come, and whether it has been drawn. */
interface Shown {
  picture: Picture;
  isDrawn: boolean;
}

interface Seat {
  person: Person;
  up: Up | undefined;
  down: Down | undefined;
  /** What is encoded for it alone. */
  sound: SoundFeed | undefined;
  readonly voices: Map<Source, Voice>;
  readonly pictures: Map<'camera' | 'screen', Shown>;
  readonly listener: Listener<number>;
}

const SOUND_MS = 10;
/** What could not be mixed within this time is left out: the sound must not fall behind. */
const MOST_LATE = 20;
/** −50 dB of full scale: quieter is nobody who speaks. */
const HEARD = 0.003;
const MOST_HEARD = 3;
/** An hour, and half a gigabyte: whichever comes first ends a recording. */
const MOST_RECORDED_SEC = 3_600;
const MOST_RECORDED_BYTES = 500_000_000;
/** Whoever listens in the recorder's place hears everybody: no seat has this number. */
const NOBODY = 0;
const HEARD_MS = 100;
/** A key frame is some ten times as large as another picture: those who ask at the same time are given one. */
const KEY_FRAME_MS = 300;

/** What a process has to work with. */
export interface Tools {
  readonly wrtc: Wrtc;
  readonly library: Library;
  readonly transports: Transports;
}

/** A room in the mixer's process: seats, the clock of the sound, the clock of the picture. */
export class MixRoom {
  readonly #tools: Tools;
  readonly #settings: Settings;
  readonly #say: (message: FromMixer) => void;
  readonly #seats = new Map<number, Seat>();
  readonly #canvas: Canvas;
  readonly #source: VideoSource;
  readonly #pace = new Pace();
  readonly #budget = new Budget();
  readonly #outbox = new Outbox();
  #feed: { readonly feed: PictureFeed; readonly opened: Promise<void> } | undefined;
  #encoded = 0;
  #keyFrameAtMs = -Infinity;
  #keyFrame: NodeJS.Timeout | undefined;
  readonly #rates = new Rates();
  readonly #startMs = performance.now();
  /** Frames of sound since the start. */
  #sounds = 0;
  #lateSounds = 0;
  #pictures = 0;
  #nextPictureMs = 0;
  #places: readonly Place[] = [];
  #layoutKey = '';
  /** Who shows a screen, the first to do so first. */
  #screens: number[] = [];
  #heard = '';
  #cpu = process.cpuUsage();
  #cpuMs = performance.now();
  #loop = performance.eventLoopUtilization();
  #recording:
    | { readonly sound: SoundFeed; readonly recorder: Recorder; readonly listener: Listener<number> }
    | undefined;

  constructor(tools: Tools, settings: Settings, say: (message: FromMixer) => void) {
    this.#tools = tools;
    this.#settings = settings;
    this.#say = say;
    this.#canvas = new Canvas(settings);
    this.#source = new tools.wrtc.nonstandard.RTCVideoSource();
    setInterval(() => this.#sound(), SOUND_MS);
    setInterval(() => this.#hear(), HEARD_MS);
    setInterval(() => void this.#second(), 1_000);
    this.#picture();
  }

  sit(number: number, person: Person): void {
    this.#seats.set(number, {
      person,
      up: undefined,
      down: undefined,
      sound: undefined,
      voices: new Map(),
      pictures: new Map(),
      listener: new Listener(number),
    });
  }

  change(number: number, person: Person): void {
    const seat = this.#seats.get(number);
    if (!seat) return;
    const { camera, screen } = person.media;
    // What was seen last is not shown when it is turned on again.
    if (!camera) seat.pictures.delete('camera');
    if (!screen) seat.pictures.delete('screen');
    seat.person = person;
  }

  /** @throws {BadDescription} */
  async publish(number: number, sdp: string, sections: readonly PublishedSection[]): Promise<string> {
    const seat = this.#seat(number);
    this.#closeUp(seat);
    const up: Up = new Up(this.#tools.wrtc, this.#settings, {
      sound: (source, { samples, sampleRate, channelCount }) => {
        const voice = seat.voices.get(source) ?? new Voice();
        seat.voices.set(source, voice);
        voice.push(samples, sampleRate, channelCount);
      },
      picture: (source, picture) => {
        // A frame that was on its way when it was turned off.
        if (seat.person.media[source]) seat.pictures.set(source, { picture, isDrawn: false });
      },
      word: (text) => {
        const word = forwardWord(text, seat.person.peer);
        if (word) this.#upOf(word.to)?.sendWord(word.text);
      },
      bytes: (data) => {
        const part = forwardBytes(data, seat.person.peer);
        if (part) this.#upOf(part.to)?.sendBytes(part.data);
      },
      ended: (why) => {
        if (seat.up !== up) return;
        this.#closeUp(seat);
        this.#say({ say: 'ended', seat: number, leg: 'up', why });
      },
    });
    seat.up = up;
    try {
      return await up.accept(sdp, sections);
    } catch (error) {
      if (seat.up === up) this.#closeUp(seat);
      throw error;
    }
  }

  async receive(number: number, version: number): Promise<void> {
    const seat = this.#seat(number);
    this.#closeDown(seat);
    const { wrtc, library, transports } = this.#tools;
    const down: Down = new Down(version, this.#outbox, {
      keyFrame: () => this.#requestKeyFrame(),
      lost: (share) => this.#budget.report(share, performance.now()),
      ended: (why) => {
        if (seat.down !== down) return;
        this.#closeDown(seat);
        this.#say({ say: 'ended', seat: number, leg: 'down', why });
      },
    });
    const sound = new SoundFeed(wrtc, library, {
      packet: (packet) => down.send('microphone', packet),
      report: (report) => down.report('microphone', report),
    });
    seat.down = down;
    seat.sound = sound;
    try {
      await Promise.all([this.#openFeed(), sound.open()]);
      const { sdp, sections } = await down.offer(transports);
      if (seat.down === down) this.#say({ say: 'offer', seat: number, version, sdp, sections });
    } catch (error) {
      // Of one that has been overtaken nothing is expected.
      if (seat.down === down) throw error;
    }
  }

  /** @throws {BadDescription} */
  async answer(number: number, version: number, sdp: string): Promise<ServerCandidate[]> {
    const { down } = this.#seat(number);
    return down?.version === version ? down.answer(sdp) : [];
  }

  /** The one encoder of the picture: begun when the first one wants it. */
  #openFeed(): Promise<void> {
    if (this.#feed) return this.#feed.opened;
    const { wrtc, library } = this.#tools;
    const receivers = () => [...this.#seats.values()].flatMap(({ down }) => (down ? [down] : []));
    const feed = new PictureFeed(wrtc, library, this.#source, () => this.#budget.bps, {
      packet: (packet) => {
        this.#outbox.put(packet);
        for (const down of receivers()) down.send('camera', packet);
        this.#recording?.recorder.take('video', packet);
      },
      report: (report) => {
        for (const down of receivers()) down.report('camera', report);
      },
    });
    this.#feed = { feed, opened: feed.open() };
    return this.#feed.opened;
  }

  #requestKeyFrame(): void {
    if (this.#keyFrame) return;
    const waitMs = Math.max(0, this.#keyFrameAtMs + KEY_FRAME_MS - performance.now());
    this.#keyFrame = setTimeout(() => {
      this.#keyFrame = undefined;
      this.#keyFrameAtMs = performance.now();
      this.#feed?.feed.tell(true);
    }, waitMs);
  }

  /** Begins to write the mix to a file. One at a time: a further one is not begun. */
  record(path: string): void {
    if (this.#recording) return;
    const { wrtc, library } = this.#tools;
    const recorder = new Recorder(path, this.#settings, (why) =>
      this.#endRecording('failed', `The recording could not be written: ${why}.`),
    );
    const sound = new SoundFeed(wrtc, library, {
      packet: (packet) => recorder.take('audio', packet),
      report: () => {},
    });
    this.#recording = { sound, recorder, listener: new Listener(NOBODY) };
    Promise.all([this.#openFeed(), sound.open()]).then(
      () => this.#requestKeyFrame(),
      (error: unknown) => this.#endRecording('failed', `The mix could not be recorded: ${messageOf(error)}.`),
    );
    this.#sayRecording('on', null);
  }

  stopRecording(why: string | null = null): void {
    const { recorder } = this.#recording ?? {};
    recorder?.finish().then(
      () => this.#endRecording('done', why),
      (error: unknown) =>
        this.#endRecording('failed', `The recording could not be completed: ${messageOf(error)}.`),
    );
  }

  #endRecording(state: 'done' | 'failed', why: string | null): void {
    if (!this.#recording) return;
    this.#sayRecording(state, why);
    this.#recording.recorder.cancel();
    this.#recording.sound.close();
    this.#recording = undefined;
  }

  #sayRecording(state: 'on' | 'done' | 'failed', why: string | null): void {
    const { seconds = 0, sizeBytes = 0 } = this.#recording?.recorder ?? {};
    this.#say({ say: 'recording', state, seconds, sizeBytes, why });
  }

  /** Once a second. */
  #followRecording(): void {
    if (!this.#recording || this.#recording.recorder.isOver) return;
    const { recorder } = this.#recording;
    this.#sayRecording('on', null);
    if (recorder.needsKeyFrame) this.#requestKeyFrame();
    if (recorder.seconds > MOST_RECORDED_SEC) this.stopRecording('A recording has an hour at most.');
    else if (recorder.sizeBytes > MOST_RECORDED_BYTES)
      this.stopRecording('A recording has half a gigabyte at most.');
  }

  leave(number: number): void {
    const seat = this.#seats.get(number);
    if (!seat) return;
    this.#seats.delete(number);
    this.#closeUp(seat);
    this.#closeDown(seat);
    this.#rates.forget(seat.person.peer);
  }

  #seat(number: number): Seat {
    const seat = this.#seats.get(number);
    if (!seat) throw new BadDescription('the seat has been left');
    return seat;
  }

  #upOf(peer: PeerId): Up | undefined {
    return [...this.#seats.values()].find(({ person }) => person.peer === peer)?.up;
  }

  #closeUp(seat: Seat): void {
    seat.up?.close();
    seat.up = undefined;
    seat.voices.clear();
    seat.pictures.clear();
  }

  #closeDown(seat: Seat): void {
    seat.down?.close();
    seat.down = undefined;
    seat.sound?.close();
    seat.sound = undefined;
  }

  #sound(): void {
    const due = Math.floor((performance.now() - this.#startMs) / SOUND_MS) - this.#sounds;
    const late = Math.max(0, due - MOST_LATE);
    this.#lateSounds += late;
    this.#sounds += due;
    for (let frame = 0; frame < due - late; frame++) this.#mix();
  }

  #mix(): void {
    const parts: Part<number>[] = [];
    for (const [owner, { voices }] of this.#seats)
      for (const voice of voices.values()) parts.push({ owner, voice, samples: voice.take() });
    for (const { down, sound, listener } of this.#seats.values())
      if (down?.state === 'connected') sound?.hear(listener.mix(parts));
    this.#recording?.sound.hear(this.#recording.listener.mix(parts));
  }

  #hear(): void {
    const loudest = [...this.#seats.values()]
      .map(({ person, voices }) => ({ peer: person.peer, level: voices.get('microphone')?.level ?? 0 }))
      .filter(({ level }) => level > HEARD)
      .toSorted((a, b) => b.level - a.level)
      .slice(0, MOST_HEARD)
      .map(({ peer }) => peer);
    if (loudest.join() === this.#heard) return;
    this.#heard = loudest.join();
    this.#say({ say: 'heard', loudest });
  }

  /** Makes a picture, and the time of the next one: by the clock, so that a late one makes none of the others late. */
  #picture(): void {
    this.#place();
    for (const { peer, source, rect } of this.#places) {
      const shown = this.#seatOf(peer)?.pictures.get(source);
      if (!shown || shown.isDrawn) continue;
      this.#canvas.draw(shown.picture, rect, source === 'screen' ? 'contain' : 'cover');
      shown.isDrawn = true;
    }
    if (this.#feed && this.#seats.size > 0) {
      this.#source.onFrame(this.#canvas);
      this.#pictures += 1;
    }
    const nowMs = performance.now();
    const everyMs = 1_000 / this.#pace.framesPerSec;
    this.#nextPictureMs = Math.max(this.#nextPictureMs + everyMs, nowMs);
    setTimeout(() => this.#picture(), this.#nextPictureMs - nowMs);
  }

  #seatOf(peer: PeerId): Seat | undefined {
    return [...this.#seats.values()].find(({ person }) => person.peer === peer);
  }

  /** When somebody comes or goes, or shows something else, all is drawn anew. */
  #place(): void {
    const shows = (number: number) => this.#seats.get(number)?.pictures.has('screen') ?? false;
    this.#screens = this.#screens.filter(shows);
    this.#screens.push(
      ...[...this.#seats.keys()].filter((number) => shows(number) && !this.#screens.includes(number)),
    );
    const peerOf = (number: number) => this.#seats.get(number)!.person.peer;
    const cameras = [...this.#seats.values()].map(({ person, pictures }) =>
      pictures.has('camera') ? person.peer : `${person.peer} off`,
    );
    const key = [...cameras, '|', ...this.#screens.map(peerOf)].join();
    if (key === this.#layoutKey) return;
    this.#layoutKey = key;
    this.#places = layout(this.#settings, [...this.#seats.keys()].map(peerOf), this.#screens.map(peerOf));
    this.#canvas.clear();
    for (const { peer, source, rect } of this.#places) {
      const shown = this.#seatOf(peer)?.pictures.get(source);
      if (shown) shown.isDrawn = false;
      else this.#canvas.drawNobody(rect);
    }
    this.#say({ say: 'cells', cells: cellsOf(this.#settings, this.#places) });
  }

  #isCounting = false;

  async #second(): Promise<void> {
    this.#followRecording();
    // The statistics of the last second still wait: the machine is busy, and so would be said now.
    if (this.#isCounting) return;
    this.#isCounting = true;
    try {
      const given = this.#pictures;
      this.#pictures = 0;
      const { table, encoded } = await this.#table();
      const loop = performance.eventLoopUtilization();
      const busy = performance.eventLoopUtilization(loop, this.#loop).utilization;
      this.#loop = loop;
      this.#pace.second({ lateSounds: this.#lateSounds, busy, encoded: encoded ?? given, given });
      this.#lateSounds = 0;
      this.#say({ say: 'second', table, residentBytes: process.memoryUsage.rss() });
    } finally {
      this.#isCounting = false;
    }
  }

  async #table(): Promise<{ table: ForwardTable; encoded: number | undefined }> {
    const table: ForwardTable = {
      atMs: Math.round(performance.timeOrigin + performance.now()),
      engine: 'wrtc',
      lines: [],
      inputs: [],
      outputs: [],
      processor: this.#processor(),
      picture: {
        width: this.#canvas.width,
        height: this.#canvas.height,
        framesPerSec: this.#pace.framesPerSec,
        wantedFramesPerSec: WANTED_FPS,
      },
    };
    for (const { person, up, down } of this.#seats.values()) {
      const { peer } = person;
      if (up && up.state !== 'closed') {
        const entries = await reportOf(up.pc);
        const nowMs = performance.now();
        table.lines.push(lineOf(entries, peer, up.state, this.#rates, nowMs));
        table.inputs.push(...inputsOf(entries, peer, up.sources, this.#rates, nowMs));
      }
      if (down && down.state !== 'closed') {
        const nowMs = performance.now();
        table.lines.push(down.line(peer, this.#rates, this.#budget.bps, nowMs));
        table.outputs.push(...down.outputs(peer, this.#rates, nowMs));
      }
    }
    const before = this.#encoded;
    this.#encoded = this.#feed ? encodedOf(await reportOf(this.#feed.feed.sender)) : 0;
    return { table, encoded: before > 0 ? this.#encoded - before : undefined };
  }

  #processor(): number {
    const { user, system } = process.cpuUsage(this.#cpu);
    const nowMs = performance.now();
    const share = (user + system) / 1_000 / Math.max(1, nowMs - this.#cpuMs);
    this.#cpu = process.cpuUsage();
    this.#cpuMs = nowMs;
    return share;
  }
}

/** None of a connection that is closed meanwhile. */
async function reportOf(pc: RTCPeerConnection): Promise<readonly Entry[]> {
  try {
    const report = await pc.getStats();
    return [...report.values()] as Entry[];
  } catch {
    return [];
  }
}
