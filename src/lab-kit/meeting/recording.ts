import { effect, signal } from '@preact/signals';
import type { Portrayed } from '../../rtc/meeting/media/compositor.ts';
import type {
  MeetingRecorder,
  RecordedFile,
  RecordingStatus,
} from '../../rtc/meeting/media/meeting-recorder.ts';
import type { MeetingSession } from './session.ts';

const all = new WeakMap<MeetingSession, Recording>();

/** Whether this browser records at all: asked before the code for it is fetched. */
export const canRecord = (): boolean => typeof MediaRecorder !== 'undefined';

/** The recording of a session; one for each, whoever asks. */
export function recordingOf(session: MeetingSession): Recording {
  const known = all.get(session) ?? new Recording(session);
  all.set(session, known);
  return known;
}

/** A copy of the meeting in this browser. Everybody is told while it runs. */
export class Recording {
  readonly status = signal<RecordingStatus>({ is: 'off', file: null, problem: null });
  readonly #session: MeetingSession;
  #recorder: Promise<MeetingRecorder> | undefined;

  constructor(session: MeetingSession) {
    this.#session = session;
  }

  async start(): Promise<void> {
    this.#recorder ??= this.#open();
    await (await this.#recorder).start();
  }

  async stop(): Promise<void> {
    await (await this.#recorder)?.stop();
  }

  /** Its code is fetched when it is first wanted. */
  async #open(): Promise<MeetingRecorder> {
    const { MeetingRecorder: Recorder, download } =
      await import('../../rtc/meeting/media/meeting-recorder.ts');
    const session = this.#session;
    const recorder = new Recorder({ signal: session.signal });
    recorder.on('change', (status) => {
      const wasOff = this.status.value.is === 'off';
      this.status.value = status;
      session.recording.value = recorder.isRecording;
      if (status.is !== 'off' || wasOff) return;
      if (status.problem) session.notices.tell(status.problem.message, { urgency: 'assertive' });
      if (status.file) this.#offer(status.file, download);
    });
    const stop = effect(() => recorder.show(portrayed(session)));
    // Whoever leaves has nothing to record any longer.
    const stopWatching = session.phase.subscribe(({ is }) => {
      if (is !== 'in') void recorder.stop();
    });
    session.signal.addEventListener(
      'abort',
      () => {
        stop();
        stopWatching();
      },
      { once: true },
    );
    return recorder;
  }

  #offer(file: RecordedFile, save: (file: RecordedFile) => void): void {
    this.#session.notices.tell(
      file.sound
        ? 'The recording is ready. It is in this browser only.'
        : 'The recording is ready, without sound: this browser runs no audio graph here.',
      { stays: true, action: { label: 'Save the file', act: () => save(file) } },
    );
  }
}

/** Everybody as they are recorded: what they send now, ourselves included. The picture of a mix has us in it already. */
function portrayed({ people, self, local, media, mix }: MeetingSession): readonly Portrayed[] {
  const sent = local.value && media.tracks;
  const mixed = mix.value?.tracks;
  if (mixed)
    return [
      {
        id: 'mix',
        name: 'Mixed by the server',
        camera: mixed.camera,
        screen: null,
        sounds: [mixed.microphone, sent.microphone, sent['screen-audio']].filter((track) => track !== null),
      },
    ];
  const others = people.value.map(({ peer, member, tracks }) => ({
    id: peer,
    name: member.name,
    camera: member.media.camera ? tracks.camera : null,
    screen: member.media.screen ? tracks.screen : null,
    sounds: [tracks.microphone, tracks['screen-audio']].filter((track) => track !== null),
  }));
  if (!self.value) return others;
  return [
    ...others,
    {
      id: self.value.peer,
      name: self.value.name,
      camera: sent.camera,
      screen: sent.screen,
      sounds: [sent.microphone, sent['screen-audio']].filter((track) => track !== null),
    },
  ];
}
