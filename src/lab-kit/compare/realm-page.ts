/**
 * The page in which one participant lives: `/compare-frame/`, hidden in the page of a comparison or a lesson.
 *
 * Its globals are its own, and they are recorded from here on: what loads a library comes later, by `import()`.
 */
import { captureGlobals, type Capture } from '../../rtc/capture/capture.ts';
import { loadColumn } from './columns.ts';
import type { ColumnId, ColumnModule } from './define.ts';
import type { Libraries } from './realm.ts';

/** What the page outside asks of the frame. */
export interface RealmPage {
  open(participant: Omit<Capture, 'isLoading'>): void;
  load<L extends keyof Libraries>(library: L): Promise<Libraries[L]>;
  /** @throws {RangeError} when the task has no such column */
  loadColumn(task: string, column: ColumnId): Promise<ColumnModule>;
}

const begin = captureGlobals(window);

/** What is being loaded: a library that tries the browser does so meanwhile. */
let loading = 0;
async function whileLoading<T>(load: () => Promise<T>): Promise<T> {
  loading += 1;
  try {
    return await load();
  } finally {
    loading -= 1;
  }
}

const libraries: { readonly [L in keyof Libraries]: () => Promise<Libraries[L]> } = {
  peerjs: () => import('peerjs'),
  'simple-peer': () => import('simple-peer/simplepeer.min.js'),
  adapter: () => import('webrtc-adapter'),
};

const page: RealmPage = {
  open: ({ name, bench, exchange }) => {
    begin({ name, bench, exchange, isLoading: () => loading > 0 });
    const record = (thrown: unknown) => {
      if (bench.signal.aborted) return;
      const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
      bench.timeline.append(name, { kind: 'error', code: 'unexpected', detail });
    };
    addEventListener('error', ({ error, message }) => record(error ?? message));
    addEventListener('unhandledrejection', ({ reason }) => record(reason));
  },
  load: (library) => whileLoading(libraries[library]),
  loadColumn: (task, column) => whileLoading(() => loadColumn(task, column)),
};

Object.assign(window, { peerscopeRealm: page });
