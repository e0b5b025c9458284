/** A site of one page, whose call may use relays only, and a driver for it. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Page } from 'playwright/test';
import { decodeMessage } from '../../src/protocol/stun/message.ts';
import { methodNamed } from '../../src/protocol/stun/names.ts';
import type { IceTransport } from '../../src/rtc/ice/servers.ts';
import type { EntryKind, EntryOf } from '../../src/rtc/timeline.ts';
import type { Outcome, RelayOptions } from './pages/relay.ts';
import { Server } from './server.ts';

let folder: string | undefined;

/** The built page, once for each process. */
function site(): string {
  if (folder) return folder;
  folder = mkdtempSync(join(tmpdir(), 'peerscope-relay-'));
  bundle('tests/support/pages/relay.ts', join(folder, 'relay.js'));
  bundle('src/rtc/media/ticker.worker.ts', join(folder, 'ticker.worker.js'));
  const html =
    '<!doctype html><meta charset="utf-8"><title>relay</title><link rel="icon" href="data:,"><script type="module" src="/relay.js"></script>';
  writeFileSync(join(folder, 'index.html'), html);
  return folder;
}

function bundle(entry: string, outfile: string): void {
  const { outputFiles } = buildSync({ entryPoints: [entry], bundle: true, format: 'esm', write: false });
  // Vite does that in a build of the real site.
  writeFileSync(outfile, (outputFiles[0]?.text ?? '').replaceAll('ticker.worker.ts', 'ticker.worker.js'));
}

/** A server of our own that serves the page. @param env settings, such as TURN_LIFETIME_SEC */
export function relayServer(env: NodeJS.ProcessEnv = {}): Promise<Server> {
  return new Server({ SITE_DIR: site(), ...env }).start();
}

/** What went through the relay for one peer, as one of the two counts it. */
export interface Carried {
  readonly fromClient: number;
  readonly toClient: number;
}

export class RelayPage {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  static async open(page: Page, server: Server): Promise<RelayPage> {
    await page.goto(`${server.url}/`);
    // The page is its own; what a test of Playwright's waits with would be an eval, which its policy forbids.
    await page.locator('html[data-ready]').waitFor();
    return new RelayPage(page);
  }

  call(options: RelayOptions): Promise<Outcome> {
    return this.#page.evaluate((given) => relay.call(given), options);
  }

  another(transport: IceTransport): Promise<Outcome> {
    return this.#page.evaluate((given) => relay.another(given), transport);
  }

  async entries<K extends EntryKind>(kind: K, peer?: string): Promise<EntryOf<K>[]> {
    const all = (await this.#page.evaluate((name) => relay.entries(name), kind)) as unknown as EntryOf<K>[];
    return all.filter((entry) => peer === undefined || entry.peer === peer);
  }

  /** Waits until `fits` says so of the entries of a kind. It is asked four times a second. */
  async until<K extends EntryKind>(
    kind: K,
    peer: string | undefined,
    fits: (entries: EntryOf<K>[]) => boolean,
    timeoutMs = 20_000,
  ): Promise<void> {
    const endMs = performance.now() + timeoutMs;
    while (!fits(await this.entries(kind, peer))) {
      if (performance.now() > endMs) {
        const last = (await this.entries(kind, peer)).at(-1);
        throw new Error(`${kind} of ${peer}: not in ${timeoutMs} ms; the last: ${JSON.stringify(last)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  /** Nothing more is sent; what is under way still arrives. */
  async hush(): Promise<void> {
    await this.#page.evaluate(() => relay.hush());
  }

  end(): Promise<void> {
    return this.#page.evaluate(() => relay.end());
  }

  /** As `getStats()` counts it: the bytes of the selected pair. */
  async browserCount(peer: string): Promise<Carried> {
    const pair = (await this.entries('stats', peer)).at(-1)?.sample.candidatePair;
    return { fromClient: pair?.bytesSent ?? 0, toClient: pair?.bytesReceived ?? 0 };
  }

  /** As our server counts it: all allocations of the peer. */
  async serverCount(peer: string): Promise<Carried> {
    const own = (await this.entries('allocations')).at(-1)?.list.filter((each) => each.peer === peer) ?? [];
    const sum = (way: 'fromClient' | 'toClient') => own.reduce((bytes, each) => bytes + each[way].bytes, 0);
    return { fromClient: sum('fromClient'), toClient: sum('toClient') };
  }

  /** The STUN and TURN messages that the server saw or sent, such as `Refresh success`. */
  async messages(peer: string): Promise<string[]> {
    return (await this.entries('wire-message', peer)).map(({ bytes }) => {
      const message = decodeMessage(Buffer.from(bytes, 'base64'));
      return message ? `${methodNamed(message.method)?.name} ${message.class}` : 'not STUN';
    });
  }
}
