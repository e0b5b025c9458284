import '../../../src/rtc/signaling/no-eval.ts';
import { PageId, RoomId, type MediaState } from '../../../src/protocol/signaling.ts';
import { readFrameCode } from '../../../src/rtc/media/frame-code.ts';
import { openSyntheticMedia, type SyntheticMedia } from '../../../src/rtc/media/synthetic.ts';
import { noTracks, type Source, type Tracks } from '../../../src/rtc/meeting/engine.ts';
import { Meeting } from '../../../src/rtc/meeting/meeting.ts';
import { randomId } from '../../../src/rtc/signaling/rendezvous.ts';

/** What a test is told of one of the others. */
export interface Seen {
  readonly peer: string;
  readonly name: string;
  readonly away: boolean;
  readonly media: MediaState;
  /** How the link stands; `none` without one. */
  readonly link: string;
  /** Which connection of the link it is, the first being 1. */
  readonly connection: number;
}

/** A participant without a page of its own: the meeting itself with a synthetic picture and tone. */
class OwnSeat {
  readonly meeting: Meeting;
  /** Everything that was told, in short. */
  readonly told: string[] = [];
  readonly #end = new AbortController();
  readonly #media: SyntheticMedia;
  readonly #videos = new Map<string, HTMLVideoElement>();
  readonly #connections = new Map<string, number>();
  /** Each change of topology, with how long nothing new was seen of whom, by name. Milliseconds. */
  readonly switches: { to: string; why: string | null; isWhole: boolean; gaps: [string, number | null][] }[] =
    [];
  #mixFrames = 0;
  #tracks: Tracks;
  #state: MediaState = { muted: false, camera: true, screen: false, recording: false };

  constructor(name: string, { sound = true, storage }: { sound?: boolean; storage?: Storage } = {}) {
    const { signal } = this.#end;
    // As small and slow as can be read: six of them encode five times each on one machine.
    const video = { width: 160, height: 90, frameRate: 10 };
    this.#media = openSyntheticMedia({ peer: name, signal, video, audio: sound });
    const [camera = null] = this.#media.stream.getVideoTracks();
    const [microphone = null] = this.#media.stream.getAudioTracks();
    this.#tracks = { ...noTracks, camera, microphone };
    if (!microphone) this.#state = { ...this.#state, muted: true };
    this.meeting = new Meeting({
      url: location.origin,
      room: RoomId.parse('meet-robust'),
      page: PageId.parse(randomId()),
      name,
      ...(storage && { storage }),
      signal,
      tracks: this.#tracks,
      media: this.#state,
    });
    const { room, engine, recovery } = this.meeting;
    room.on(
      'state',
      (state) => void this.told.push(state.state === 'refused' ? state.error.code : state.state),
    );
    room.on('joined', (member) => void this.told.push(`${member.name} joined`));
    room.on('left', ({ member, why }) => void this.told.push(`${member.name} left: ${why}`));
    room.on('away', (member) => void this.told.push(`${member.name} away`));
    room.on('back', ({ member }) => void this.told.push(`${member.name} back`));
    room.on('reset', () => void this.told.push('reset'));
    const show = () =>
      engine.want(
        [...room.members.keys()].map((peer) => ({
          peer,
          source: 'camera',
          width: 160,
          height: 90,
          pinned: false,
        })),
      );
    room.on('members', show);
    engine.on('switched', ({ to, why, isWhole, gaps }) => {
      const named = [...gaps].map(([peer, gap]): [string, number | null] => [
        room.members.get(peer)?.name ?? peer,
        gap === null ? null : Math.round(gap),
      ]);
      this.switches.push({ to, why, isWhole, gaps: named });
    });
    engine.on('mix', (mix) => this.#watchMix(mix?.tracks.camera ?? null));
    recovery.on('state', (state) => void this.told.push(`network ${state}`));
    engine.on('tracks', ({ peer, tracks }) => {
      if (!tracks.camera) return;
      this.#connections.set(peer, (this.#connections.get(peer) ?? 0) + 1);
      for (const source of ['camera', 'screen'] as const) this.#show(peer, source, tracks[source]);
    });
  }

  async join(): Promise<void> {
    await this.meeting.join();
  }

  see(): Seen[] {
    const { room, engine } = this.meeting;
    return [...room.members.values()].map(({ peer, name, away, media }) => ({
      peer,
      name,
      away,
      media,
      link: engine.links.get(peer)?.state.is ?? 'none',
      connection: this.#connections.get(peer) ?? 0,
    }));
  }

  /** The number of the frame that is shown of somebody, read from its pixels; undefined when there is none of theirs. */
  frame(peer: string, source: 'camera' | 'screen' = 'camera'): number | undefined {
    const video = this.#videos.get(`${peer} ${source}`);
    return video && video.videoWidth > 0 ? readFrameCode(video)?.frame : undefined;
  }

  /** Whose picture that is, by its pixels. */
  whose(peer: string): string | undefined {
    const video = this.#videos.get(`${peer} camera`);
    return video && video.videoWidth > 0 ? readFrameCode(video)?.peer : undefined;
  }

  /** How many frames of the mixed picture have been shown. */
  get mixFrames(): number {
    return this.#mixFrames;
  }

  async share(on: boolean): Promise<void> {
    await this.#send({ screen: on ? this.#tracks.camera : null }, { screen: on });
  }

  async mute(muted: boolean): Promise<void> {
    const [microphone = null] = this.#media.stream.getAudioTracks();
    await this.#send({ microphone: muted ? null : microphone }, { muted });
  }

  leave(): void {
    this.meeting.close();
    this.#end.abort();
  }

  async #send(tracks: Partial<Record<Source, MediaStreamTrack | null>>, state: Partial<MediaState>) {
    this.#tracks = { ...this.#tracks, ...tracks };
    this.#state = { ...this.#state, ...state };
    await this.meeting.send(this.#tracks, this.#state);
  }

  #watchMix(track: MediaStreamTrack | null): void {
    const key = 'mix camera';
    if (!this.#videos.has(key)) {
      this.#show('mix', 'camera', null);
      const video = this.#videos.get(key);
      const next = () => {
        this.#mixFrames += 1;
        video?.requestVideoFrameCallback(next);
      };
      video?.requestVideoFrameCallback(next);
    }
    if (this.#videos.get(key)?.dataset['track'] === track?.id) return;
    this.#show('mix', 'camera', track);
    const video = this.#videos.get(key);
    if (video) video.dataset['track'] = track?.id ?? '';
  }

  #show(peer: string, source: 'camera' | 'screen', track: MediaStreamTrack | null): void {
    const key = `${peer} ${source}`;
    const video = this.#videos.get(key) ?? document.body.appendChild(document.createElement('video'));
    this.#videos.set(key, video);
    Object.assign(video, { muted: true, srcObject: track ? new MediaStream([track]) : null });
    video.play().catch(() => {}); // replaced by the next connection's before it began
  }
}

declare global {
  // oxlint-disable-next-line no-var -- what a test finds in the page
  var Seat: typeof OwnSeat;
  // oxlint-disable-next-line no-var -- as above
  var seat: OwnSeat;
  // oxlint-disable-next-line no-var -- as above, where one page has several
  var seats: OwnSeat[];
}
Object.assign(globalThis, { Seat: OwnSeat });
