/** Where the pieces of a recording go: to a file on disk where the browser has one for pages, else into memory. */
export interface RecordingStore {
  readonly kept: 'disk' | 'memory';
  /** Most that fits, bytes; null where only the disk limits it. */
  readonly limitBytes: number | null;
  /** Appends a piece, after all that came before it. @throws when it does not fit */
  append(piece: Blob): Promise<void>;
  /** The whole file, with all that was appended. */
  finish(mimeType: string): Promise<Blob>;
}

const DIRECTORY = 'recordings';
/** Nobody comes back for a file after a day: what they wanted they have downloaded. */
const FORGET_MS = 86_400_000;
/** Twenty minutes and more at 2.5 Mbit/s; a tab may have a few gigabytes. */
const MEMORY_BYTES = 512 * 2 ** 20;

/**
 * Opens a file of the origin private file system, which is on disk and belongs to this site alone; the recording itself
 * takes no memory then. A tab that crashes loses it: the file is whole only when it is closed.
 *
 * @see https://fs.spec.whatwg.org/
 */
export async function openStore(name: string): Promise<RecordingStore> {
  try {
    const root = await navigator.storage.getDirectory();
    const directory = await root.getDirectoryHandle(DIRECTORY, { create: true });
    await forgetOld(directory);
    const file = await directory.getFileHandle(name, { create: true });
    const writable = await file.createWritable();
    let last = Promise.resolve();
    return {
      kept: 'disk',
      limitBytes: null,
      append: (piece) => (last = last.then(async () => writable.write(await piece.arrayBuffer()))),
      finish: async (mimeType) => {
        await last.catch(() => {}); // a piece that did not fit: what came before it is there
        await writable.close();
        return (await file.getFile()).slice(0, undefined, mimeType);
      },
    };
  } catch {
    return memoryStore(); // none in this browser, in a private window, or it is full
  }
}

/** Keeps pieces in memory. @param limitBytes most that it takes */
export function memoryStore(limitBytes = MEMORY_BYTES): RecordingStore {
  const pieces: Blob[] = [];
  let sizeBytes = 0;
  return {
    kept: 'memory',
    limitBytes,
    append: (piece) => {
      if (sizeBytes + piece.size > limitBytes)
        return Promise.reject(new RangeError(`${limitBytes} bytes are all that is kept in memory`));
      sizeBytes += piece.size;
      pieces.push(piece);
      return Promise.resolve();
    },
    finish: (mimeType) => Promise.resolve(new Blob(pieces, { type: mimeType })),
  };
}

async function forgetOld(directory: FileSystemDirectoryHandle): Promise<void> {
  for await (const handle of directory.values()) {
    if (handle.kind !== 'file') continue;
    const { lastModified } = await handle.getFile();
    if (Date.now() - lastModified < FORGET_MS) continue;
    await directory.removeEntry(handle.name).catch(() => {}); // another tab writes it
  }
}
