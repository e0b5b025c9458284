/** Where the bytes of a file go as they arrive. */
export interface Store {
  /** One after the other. @throws when there is no room for more */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** All bytes, as a file that may be downloaded. */
  finish(): Promise<Blob>;
  /** Forgets everything, a finished file too. May be called twice. */
  discard(): Promise<void>;
}

/** Opens a place for so many bytes. */
export type OpenStore = (sizeBytes: number) => Promise<Store>;

/** Smaller files stay in memory: a file on disk is worth its trouble for large ones only. */
const IN_MEMORY_BYTES = 32 * 2 ** 20;
/** Pieces become one Blob at this size: browsers put large Blobs on disk, and a million small ones nowhere. */
const PART_BYTES = 4 * 2 ** 20;

/**
 * A place for a file that arrives: in memory, or for large ones in the origin's private file system, where this browser
 * has it and lets us.
 *
 * @throws {RangeError} when the browser says that there is no room for so much
 */
export const openStore: OpenStore = async (sizeBytes) => {
  if (sizeBytes <= IN_MEMORY_BYTES) return memoryStore();
  const room = await tryTo(() => navigator.storage.estimate(), undefined);
  if (room?.quota !== undefined && room.quota - (room.usage ?? 0) < sizeBytes)
    throw new RangeError('the browser has no room for a file of this size');
  return (await tryTo(openDiskStore, undefined)) ?? memoryStore();
};

export function memoryStore(): Store {
  let parts: Blob[] = [];
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let pending = 0;
  const fold = () => {
    parts.push(new Blob(pieces));
    pieces = [];
    pending = 0;
  };
  return {
    write(bytes) {
      pieces.push(bytes);
      pending += bytes.length;
      if (pending >= PART_BYTES) fold();
      return Promise.resolve();
    },
    finish() {
      fold();
      return Promise.resolve(new Blob(parts));
    },
    discard() {
      parts = [];
      pieces = [];
      return Promise.resolve();
    },
  };
}

/** Written to the disk at once. */
const BLOCK_BYTES = 2 ** 20;
const PREFIX = 'peerscope-file-';

/**
 * A file of its own in the origin private file system; other pages' forgotten ones are cleared away first.
 *
 * @throws {DOMException} where the browser has none, or forbids it as in some private windows
 */
export async function openDiskStore(): Promise<Store> {
  const directory = await navigator.storage.getDirectory();
  await clear(directory);
  const name = PREFIX + crypto.randomUUID();
  // Held until it is discarded or the page is gone: so another page sees that the file is in use.
  const held = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<void>();
  void navigator.locks.request(name, () => {
    taken.resolve();
    return held.promise;
  });
  await taken.promise;
  const handle = await directory.getFileHandle(name, { create: true });
  const stream = await handle.createWritable();
  let open = true;
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let pending = 0;
  // Each write is a message to another process: pieces of 16 kB are gathered.
  const flush = async () => {
    const block = new Blob(pieces);
    pieces = [];
    pending = 0;
    await stream.write(block);
  };
  return {
    async write(bytes) {
      pieces.push(bytes);
      pending += bytes.length;
      if (pending >= BLOCK_BYTES) await flush();
    },
    async finish() {
      await flush();
      open = false;
      await stream.close();
      return handle.getFile();
    },
    async discard() {
      if (open) await tryTo(() => stream.abort(), undefined);
      open = false;
      await tryTo(() => directory.removeEntry(name), undefined);
      held.resolve();
    },
  };
}

async function clear(directory: FileSystemDirectoryHandle): Promise<void> {
  const { held = [] } = await navigator.locks.query();
  const inUse = new Set(held.map(({ name }) => name));
  for await (const name of directory.keys())
    if (name.startsWith(PREFIX) && !inUse.has(name))
      await tryTo(() => directory.removeEntry(name), undefined);
}

/** What this browser lacks or forbids is done without. */
async function tryTo<T, F>(act: () => Promise<T>, instead: F): Promise<T | F> {
  try {
    return await act();
  } catch {
    return instead;
  }
}
