import { signal } from '@preact/signals';
import type { Bench } from '../../rtc/bench.ts';
import { RtcError } from '../../rtc/errors.ts';
import type { Output } from '../exercise/realm.ts';
import type { LearnersServer } from './server.ts';

const MAX_OUTPUT = 100;

/** A server file that a lab starts, and that the learner may change before. */
export class ServerDesk {
  /** The files to choose from, by the values of the lab's control `server`. */
  readonly files: Readonly<Record<string, string>>;
  /** What the learner made of them. */
  readonly edited = signal<Readonly<Record<string, string>>>({});
  /** The server of the present run. */
  readonly server = signal<LearnersServer | null>(null);
  /** Why it does not run, or no longer. */
  readonly problem = signal<{ readonly text: string; readonly line?: number } | null>(null);
  readonly output = signal<readonly Output[]>([]);

  constructor(files: Readonly<Record<string, string>>) {
    this.files = files;
  }

  textOf(file: string): string {
    return this.edited.value[file] ?? this.files[file] ?? '';
  }

  edit(file: string, text: string): void {
    const { [file]: _, ...others } = this.edited.value;
    this.edited.value = text === this.files[file] ? others : { ...others, [file]: text };
  }

  /**
   * Starts the server of a run, which it ends with. Each of its messages is on the run's timeline.
   *
   * @param file which of the files
   * @throws {RtcError} `bad-input` when the code cannot be started
   */
  async open(bench: Bench<never> | Bench, file: string): Promise<LearnersServer> {
    this.problem.value = null;
    this.output.value = [];
    const { startServer } = await import('./server.ts');
    const { CodeError } = await import('../exercise/sandbox.ts');
    const fail = (error: unknown) => {
      if (bench.signal.aborted || !(error instanceof CodeError)) return;
      const { message: text, line } = error;
      this.problem.value = { text, ...(line !== undefined && { line }) };
      bench.timeline.append('lab', { kind: 'note', text: `The server ended: ${text}` });
    };
    try {
      const server = await startServer({
        source: this.textOf(file),
        timeline: bench.timeline,
        signal: bench.signal,
        onOutput: (line) => (this.output.value = [...this.output.value, line].slice(-MAX_OUTPUT)),
      });
      server.stopped.addEventListener('abort', () => fail(server.stopped.reason), { once: true });
      this.server.value = server;
      bench.signal.addEventListener('abort', () => {
        if (this.server.value === server) this.server.value = null;
      });
      return server;
    } catch (error) {
      fail(error);
      throw error instanceof CodeError ? new RtcError('bad-input', error.message, { cause: error }) : error;
    }
  }
}
