/**
 * The “webrtc-internals dump” of Chromium: one JSON object, with the statistics as a time series for each number.
 *
 * @see chrome://webrtc-internals, “Create a WebRTC-Internals dump”
 */
import type { Stat } from '../stats/report.ts';
import {
  browserOf,
  browserOfBrands,
  isObject,
  limits,
  member,
  parseJson,
  stringOf,
  timeOf,
  type DumpEvent,
  type DumpReport,
  type Plain,
  type RawDump,
} from './raw.ts';

/** @param dump what JSON.parse gave */
export function readInternals(dump: Plain): RawDump {
  const events: DumpEvent[] = [];
  const reports: DumpReport[] = [];
  const losses: string[] = [];
  const connections = Object.entries(connectionsOf(dump) ?? {});
  if (connections.length > limits.connections)
    losses.push(`The dump has ${connections.length} connections; the first ${limits.connections} are shown.`);
  events.push(...readCapture(member(dump, 'getUserMedia')));
  let url: string | undefined;
  for (const [id, connection] of connections.slice(0, limits.connections)) {
    url ??= stringOf(member(connection, 'url'));
    const log = readLog(id, connection);
    // Nothing says when it was made: it was there when it did something first.
    events.push({
      pc: id,
      type: 'create',
      value: member(connection, 'rtcConfiguration'),
      atMs: log[0]?.atMs ?? Number.NaN,
    });
    events.push(...log);
    const stats = member(connection, 'stats');
    reports.push(...(Array.isArray(stats) ? readSnapshots(id, stats) : readSeries(id, stats)));
  }
  const browser =
    browserOfBrands(member(dump, 'UserAgentData')) ??
    browserOf(member(dump, 'UserAgent') ?? member(dump, 'userAgent'));
  url ??= stringOf(member(dump, 'url'));
  const takenAtMs = timeOf(member(dump, 'timestamp'));
  return {
    events,
    reports,
    losses,
    ...(browser && { browser }),
    ...(url && { url }),
    ...(!Number.isNaN(takenAtMs) && { takenAtMs }),
  };
}

/** `PeerConnections` by its id; early rtcstats servers wrote it in small. */
export const connectionsOf = (dump: unknown): Plain | undefined =>
  [member(dump, 'PeerConnections'), member(dump, 'peerConnections')].find(isObject);

function readLog(pc: string, connection: unknown): DumpEvent[] {
  const log = Array.isArray(connection) ? connection : member(connection, 'updateLog');
  if (!Array.isArray(log)) return [];
  let atMs = Number.NaN;
  return log.slice(0, limits.events).flatMap((line: unknown): DumpEvent[] => {
    const type = stringOf(member(line, 'type'));
    if (!type) return [];
    const said = timeOf(member(line, 'timestamp') ?? member(line, 'time'));
    atMs = Number.isNaN(said) ? atMs : said;
    return [{ pc, type, value: member(line, 'value'), atMs }];
  });
}

/** getUserMedia() and getDisplayMedia(): a question and its answer are two records with the same request_id. */
function readCapture(records: unknown): DumpEvent[] {
  if (!Array.isArray(records)) return [];
  return records.slice(0, limits.events).flatMap((record: unknown): DumpEvent[] => {
    if (!isObject(record)) return [];
    const type =
      stringOf(member(record, 'type')) ?? stringOf(member(record, 'request_type')) ?? 'getUserMedia';
    const has = (name: string) => member(record, name) !== undefined;
    const outcome = has('error') ? 'OnFailure' : has('stream_id') ? 'OnSuccess' : '';
    const asked = Object.fromEntries(
      ['audio', 'video'].flatMap((kind) => {
        const constraints = member(record, kind);
        if (constraints === undefined) return [];
        // An empty text means “yes, and no wishes”.
        return [[kind, typeof constraints === 'string' ? (parseJson(constraints) ?? true) : constraints]];
      }),
    );
    const value = outcome === 'OnFailure' ? record : (member(record, 'value') ?? asked);
    return [
      {
        pc: null,
        type: `${type}${outcome}`,
        value,
        atMs: timeOf(member(record, 'timestamp') ?? member(record, 'time')),
      },
    ];
  });
}

interface Series {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly startMs: number;
  readonly values: readonly unknown[];
}

/** Types whose dictionaries bear the time of the question; those of the other side bear that of an RTCP report. */
const askedAt: ReadonlySet<string> = new Set([
  'candidate-pair',
  'data-channel',
  'inbound-rtp',
  'media-source',
  'outbound-rtp',
  'peer-connection',
  'transport',
]);

/** A page keeps a thousand points of each series. */
const MAX_POINTS = 5000;

function readSeries(pc: string, stats: unknown): DumpReport[] {
  if (!isObject(stats)) return [];
  const all = Object.entries(stats).flatMap(([key, series]) => parseSeries(key, series) ?? []);
  const times = pollTimes(all);
  const reports = times.map(() => new Map<string, Stat>());
  for (const { id, name, type, startMs, values } of all) {
    // The first question that is not older than the series' first value; its time is cut to whole milliseconds.
    const first = times.findIndex((atMs) => Math.floor(atMs) >= Math.floor(startMs));
    if (first < 0) continue;
    for (const [index, value] of values.entries()) {
      const report = reports[first + index];
      const atMs = times[first + index];
      if (!report || atMs === undefined) break;
      if (report.size >= limits.statsInReport && !report.has(id)) continue;
      const stat = report.get(id) ?? { id, type, timestamp: atMs };
      // Not by assignment: a member called __proto__ would change the object itself.
      report.set(id, { ...stat, ...own(name, value), id, type });
    }
  }
  return reports.map((report, index) => ({ pc, report, atMs: times[index] ?? 0 }));
}

function own(name: string, value: unknown): Plain {
  if (name === 'timestamp')
    return typeof value === 'number' && Number.isFinite(value) ? { timestamp: value } : {};
  // The page writes these as numbers where they look like some.
  if (name === 'mid' || name === 'rid') return { [name]: String(value) };
  return { [name]: value };
}

function parseSeries(key: string, series: unknown): Series | undefined {
  const at = key.lastIndexOf('-');
  const [id, name] = [key.slice(0, at), key.slice(at + 1)];
  // In brackets stands what the page computed itself.
  if (at <= 0 || name.startsWith('[')) return undefined;
  const text = stringOf(member(series, 'values'));
  if (!text || text.length > limits.innerLength / 8) return undefined;
  const values = parseJson(text);
  const type = stringOf(member(series, 'statsType'));
  if (!Array.isArray(values) || !type || name === 'type' || name === 'id') return undefined;
  return {
    id,
    name,
    type,
    startMs: timeOf(member(series, 'startTime')),
    values: values.slice(0, MAX_POINTS),
  };
}

/** When getStats() was asked. Dumps of old browsers do not say it: then the questions are as far apart as the mean. */
function pollTimes(all: readonly Series[]): readonly number[] {
  const said = all
    .filter(({ name, type }) => name === 'timestamp' && askedAt.has(type))
    .flatMap(({ values }) => values.map(timeOf).filter((atMs) => !Number.isNaN(atMs)));
  if (said.length > 0) return [...new Set(said)].toSorted((a, b) => a - b).slice(0, MAX_POINTS);
  const longest = all
    .filter(({ startMs }) => !Number.isNaN(startMs))
    .reduce<Series | undefined>(
      (most, one) => (one.values.length > (most?.values.length ?? 0) ? one : most),
      undefined,
    );
  return longest ? longest.values.map((_, index) => longest.startMs + index * 1000) : [];
}

/** How early rtcstats servers kept statistics: `[{ time, value }]`. */
function readSnapshots(pc: string, stats: readonly unknown[]): DumpReport[] {
  return stats.slice(0, limits.reports).flatMap((snapshot): DumpReport[] => {
    const atMs = timeOf(member(snapshot, 'time') ?? member(snapshot, 'timestamp'));
    const value = member(snapshot, 'value');
    if (!isObject(value) || Number.isNaN(atMs)) return [];
    return [
      {
        pc,
        atMs,
        report: mergeReport(
          new Map(),
          value,
          (key) => key,
          (type) => type,
        ),
      },
    ];
  });
}

/**
 * The report that follows from the one before and what has changed since.
 *
 * @param memberName decodes the name of a member, @param typeName that of a `type`
 */
export function mergeReport(
  base: ReadonlyMap<string, Stat>,
  delta: Plain,
  memberName: (key: string) => string,
  typeName: (key: unknown) => unknown,
): Map<string, Stat> {
  const latest = timeOf(member(delta, 'timestamp') ?? member(delta, 't'));
  // What bears an id is a whole dictionary, as Chromium writes them: then nothing of the report before is left.
  const isWhole = Object.values(delta).some((stat) => isObject(stat) && member(stat, 'id') !== undefined);
  const report = new Map<string, Stat>();
  const now = (stat: Stat): Stat => (Number.isNaN(latest) ? stat : { ...stat, timestamp: latest });
  if (!isWhole) for (const [id, stat] of base) report.set(id, now(stat));
  for (const [id, stat] of Object.entries(delta)) {
    if (stat === null) report.delete(id);
    if (!isObject(stat) || (report.size >= limits.statsInReport && !report.has(id))) continue;
    const before = report.get(id);
    const changed = Object.fromEntries(
      Object.entries(stat).map(([key, value]): [string, unknown] => {
        const name = memberName(key);
        const old = before?.[name];
        return [name, isObject(value) && isObject(old) ? { ...old, ...value } : value];
      }),
    );
    const type = typeName(changed['type'] ?? before?.type);
    if (typeof type !== 'string') continue;
    const own = timeOf(changed['timestamp']);
    const timestamp = own > 0 ? own : Number.isNaN(latest) ? (before?.timestamp ?? 0) : latest;
    report.set(id, { ...before, ...changed, id, type, timestamp });
  }
  return report;
}
