import { signal } from '@preact/signals';
import type { Bench } from '../../rtc/bench.ts';
import type { Observations } from '../../rtc/check/observations.ts';
import { verdictOf } from '../../rtc/check/verdict.ts';
import { fromIceServers, readServers, type Problem, type Server } from '../../rtc/check/urls.ts';
import { toRtcError } from '../../rtc/errors.ts';
import { toRecording } from '../../rtc/recording/save.ts';
import type { Recording } from '../../rtc/recording/schema.ts';
import type { Entry } from '../../rtc/timeline.ts';
import type { Progress } from '../../rtc/check/check.ts';

/** Whose servers are tested: those of this playground, or those that were typed. */
export type Source = 'own' | 'given';
export type CheckState = 'idle' | 'running' | 'done';

/** How far the test of one URL has come. */
export type Row = 'gathering' | 'waiting' | 'calling' | 'calling again' | 'done';

/**
 * The check page's state. User name and credential live here and in the connections, and nowhere else: not in the address,
 * not in storage, not in the record.
 */
export class CheckSession {
  readonly source = signal<Source>('own');
  readonly servers = signal('');
  readonly username = signal('');
  readonly credential = signal('');

  readonly state = signal<CheckState>('idle');
  readonly problems = signal<readonly Problem[]>([]);
  readonly notes = signal<readonly string[]>([]);
  /** What went wrong besides the servers. */
  readonly failure = signal<string | null>(null);
  /** The URLs of the check that runs, or ran last. */
  readonly tested = signal<readonly Pick<Server, 'url' | 'transport'>[]>([]);
  readonly rows = signal<readonly Row[]>([]);
  /** One sentence about where the check is. */
  readonly progress = signal('');
  readonly observations = signal<Observations | null>(null);
  readonly entries = signal<{ readonly version: number; readonly list: readonly Entry[] }>({
    version: 0,
    list: [],
  });

  #bench: Bench | undefined;
  #abort: AbortController | undefined;

  /** Starts a check; while one runs nothing happens. Never rejects. */
  async start(): Promise<void> {
    if (this.state.value === 'running') return;
    this.problems.value = [];
    this.notes.value = [];
    this.failure.value = null;
    const given = this.source.value === 'given' ? this.#read() : undefined;
    if (given?.length === 0) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.state.value = 'running';
    this.observations.value = null;
    this.progress.value = 'Getting ready …';
    try {
      const { openCheckBench, runCheck } = await import('../../rtc/check/check.ts');
      const bench = openCheckBench(abort.signal);
      this.#bench = bench;
      const servers = given ?? (await ownServers(bench));
      this.tested.value = servers.map(({ url, transport }) => ({ url, transport }));
      this.rows.value = servers.map(() => 'gathering');
      const observations = await runCheck(servers, bench, (progress) => this.#follow(progress, servers));
      const wasStopped = abort.signal.aborted;
      bench.close('finished');
      this.observations.value = observations;
      this.entries.value = { version: bench.timeline.entries.length, list: bench.timeline.entries };
      this.progress.value = `${wasStopped ? 'Stopped' : 'Finished'}: ${verdictOf(observations).title}.`;
    } catch (error) {
      const { code, message, help } = toRtcError(error);
      this.failure.value = code === 'stopped' ? null : [message, help.next].join(' ');
      this.progress.value = '';
    }
    abort.abort(); // ends what the check still holds open
    this.state.value = this.observations.value ? 'done' : 'idle';
  }

  /** Ends the check; what was seen until then is judged. */
  stop(): void {
    this.#abort?.abort();
  }

  /** The check as a recording, with the user name blanked like the credential. */
  record(): Recording {
    const entries = (this.#bench?.timeline.entries ?? []).map(withoutUsername);
    const peers = [...new Set(entries.map(({ peer }) => peer))].filter((peer) => peer !== 'lab');
    const facts = { lab: 'check', title: 'STUN and TURN check', source: '', userAgent: navigator.userAgent };
    return toRecording(entries, { ...facts, peers, hosted: peers }, new Date());
  }

  #read(): readonly Server[] {
    const login = { username: this.username.value, credential: this.credential.value };
    const { servers, problems, notes } = readServers(this.servers.value, login);
    this.problems.value = problems;
    this.notes.value = notes;
    return servers;
  }

  #follow(progress: Progress, servers: readonly Server[]): void {
    const set = (url: number, row: Row) => {
      this.rows.value = this.rows.value.map((now, index) => (index === url ? row : now));
    };
    switch (progress.step) {
      case 'gathering':
        this.progress.value =
          servers.length === 1 ? 'Asking the server …' : `Asking at ${servers.length} URLs …`;
        break;
      case 'gathered': {
        const { url, gathering } = progress;
        const calls = gathering.candidates.length > 0 && servers[url]?.scheme.startsWith('turn');
        set(url, calls ? 'waiting' : 'done');
        this.progress.value = `${servers[url]?.url}: ${gathering.candidates.length > 0 ? 'an answer' : 'no address came'}`;
        break;
      }
      case 'calling':
        set(progress.url, progress.oneSided ? 'calling again' : 'calling');
        this.progress.value = `Calling through ${servers[progress.url]?.url} …`;
        break;
      case 'called':
        set(progress.url, 'done');
        break;
      case 'done':
        break;
    }
  }
}

/**
 * What this playground's own server offers, in every way it can be reached at one address: the first, which is that in the
 * local network where there is one, because Firefox asks nobody on loopback.
 *
 * @param bench its line to the server is open for as long as the check lasts, and what the server sees is recorded in it
 * @throws {RtcError} when there is none, with the reason
 */
async function ownServers(bench: Bench): Promise<readonly Server[]> {
  const servers = fromIceServers(await bench.iceServers('check'));
  return servers.filter(({ host }) => host === servers[0]?.host);
}

function withoutUsername(entry: Entry): Entry {
  if (entry.kind !== 'peer-opened') return entry;
  const { iceServers, ...rest } = entry.configuration;
  if (!iceServers) return entry;
  const blanked = iceServers.map((server) => ('username' in server ? { ...server, username: '…' } : server));
  return { ...entry, configuration: { ...rest, iceServers: blanked } };
}
