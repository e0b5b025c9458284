import { signal } from '@preact/signals';
import type { Bench } from '../../rtc/bench.ts';
import type { Recording } from '../../rtc/recording/schema.ts';
import type { LabView, RunState, Target } from '../view.ts';

/** A recording as the panels see it: a run that is over. */
export class ReplayView implements LabView {
  readonly lab: string;
  readonly recording: Recording;
  readonly peers;
  readonly hosted;
  readonly entries;
  readonly focus = signal<number | null>(null);
  readonly bench = signal<Bench | null>(null);
  readonly state = signal<RunState>('ended');
  readonly target = signal<Target | null>(null);
  /** Nothing can be made to go wrong any more. */
  readonly faults = null;

  /** @param place keeps the ids of two runs on one page apart */
  constructor(recording: Recording, place = 'a') {
    this.lab = `replay-${place}`;
    this.recording = recording;
    this.peers = signal(recording.peers);
    this.hosted = signal(recording.hosted);
    this.entries = signal({ version: recording.entries.length, list: recording.entries });
  }

  get userAgent(): string {
    return this.recording.userAgent;
  }

  record(): Recording {
    return this.recording;
  }
}
