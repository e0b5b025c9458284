import { randomId } from '../rtc/signaling/rendezvous.ts';

/**
 * Hands a run to another tab of this browser without a server: it lies in IndexedDB for a day, so that the other tab
 * can be reloaded, and then it goes.
 */
const NAME = 'peerscope';
const STORE = 'runs';
const KEPT_MS = 86_400_000;
const KEPT_RUNS = 6;

interface Kept {
  readonly text: string;
  readonly name: string;
  readonly atMs: number;
}

/** Lays a recording down for another tab. @returns its key @throws {DOMException} where storage is forbidden or full */
export async function layDown(text: string, name: string): Promise<string> {
  const db = await open();
  try {
    await sweep(db);
    const key = randomId();
    const store = db.transaction(STORE, 'readwrite').objectStore(STORE);
    await done(store.put({ text, name, atMs: Date.now() } satisfies Kept, key));
    return key;
  } finally {
    db.close();
  }
}

/** What was laid down under a key; undefined when it is gone. @throws {DOMException} where storage is forbidden */
export async function pickUp(key: string): Promise<{ text: string; name: string } | undefined> {
  const db = await open();
  try {
    const kept = await done<Kept | undefined>(db.transaction(STORE).objectStore(STORE).get(key));
    return kept && Date.now() - kept.atMs < KEPT_MS ? kept : undefined;
  } finally {
    db.close();
  }
}

/** Takes away what is old, and the oldest of what is many. */
async function sweep(db: IDBDatabase): Promise<void> {
  const store = db.transaction(STORE, 'readwrite').objectStore(STORE);
  const [keys, runs] = await Promise.all([done(store.getAllKeys()), done<Kept[]>(store.getAll())]);
  const byAge = keys
    .map((key, index) => ({ key, atMs: runs[index]?.atMs ?? 0 }))
    .toSorted((a, b) => b.atMs - a.atMs);
  const old = byAge.filter(({ atMs }, place) => place >= KEPT_RUNS - 1 || Date.now() - atMs > KEPT_MS);
  await Promise.all(old.map(({ key }) => done(store.delete(key))));
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE));
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('storage failed')));
  });
}
