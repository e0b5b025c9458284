import type { Entry, PeerLabel } from '../timeline.ts';
import type { Recording } from './schema.ts';

/** What is known of a run besides its entries. */
export interface RunFacts {
  readonly lab: string;
  readonly title: string;
  readonly peers: readonly PeerLabel[];
  readonly hosted: readonly PeerLabel[];
  /** The text of the code that ran. */
  readonly source: string;
  readonly userAgent: string;
}

/**
 * A run as a recording. Arrangement and choices are those that the run began with, whatever was chosen since.
 *
 * @param savedAt the wall clock; only this page's own clock is in the entries
 */
export function toRecording(entries: readonly Entry[], facts: RunFacts, savedAt: Date): Recording {
  const started = entries.find((entry) => entry.kind === 'run-started');
  return {
    format: 'peerscope-recording',
    version: 1,
    savedAt: savedAt.toISOString(),
    userAgent: facts.userAgent,
    lab: facts.lab,
    title: facts.title,
    arrangement: started?.arrangement ?? '',
    controls: { ...started?.controls },
    peers: [...facts.peers],
    hosted: [...facts.hosted],
    source: facts.source,
    entries: [...entries],
  };
}

/** The file's text: JSON with one entry a line, so that two files can be compared line by line. */
export function toText({ entries, ...head }: Recording): string {
  const opening = JSON.stringify(head, null, 1).replace(/\n}$/, '');
  const lines = entries.map((entry) => `  ${JSON.stringify(entry)}`);
  return `${opening},\n "entries": [\n${lines.join(',\n')}\n ]\n}\n`;
}

/** `first-call-2026-11-21-1530.peerscope.json`, by the clock of the person who saves. */
export function fileName({ lab, savedAt }: Pick<Recording, 'lab' | 'savedAt'>): string {
  const at = new Date(savedAt);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  const name = lab.replace(/[^A-Za-z0-9-]+/g, '-') || 'run';
  return `${name}-${day}-${two(at.getHours())}${two(at.getMinutes())}.peerscope.json`;
}
