/** Opens files off the main thread: a large one takes seconds, and a hostile one should hurt nobody but this worker. */
import type { Chunk } from './reader.ts';
import { readBlob } from './read.ts';

/** Entries handed over at once: the page takes in each portion in a few milliseconds. */
const PORTION = 1_000;

globalThis.addEventListener('message', ({ data }: MessageEvent<{ blob: Blob; name: string }>) => {
  void readBlob(data.blob, data.name).then((opened) => {
    if (!opened.ok) return post({ is: 'problem', problem: opened.problem });
    const { entries, ...head } = opened.recording;
    for (let from = 0; from < entries.length; from += PORTION)
      post({ is: 'entries', entries: entries.slice(from, from + PORTION) });
    post({ is: 'end', head });
  });
});

function post(chunk: Chunk): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- to the page that owns this worker
  globalThis.postMessage(chunk);
}
