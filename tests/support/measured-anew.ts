import { readFileSync } from 'node:fs';
import ts from 'typescript';
import type { Entry } from '../../src/rtc/timeline.ts';

/** What a column came to: a number for each measure, null for what did not happen, and the names that are hidden. */
export interface MeasuredAnew {
  readonly hidden: readonly string[];
  readonly numbers: Readonly<Record<string, number | null>>;
}

/**
 * The measures of a column once more, from what was recorded and from the files on disk: written from their definitions,
 * without a line of the code that the page uses. Source is read by TypeScript's own parser, the record in one pass.
 */
export function measuredAnew(task: string, column: string, entries: readonly Entry[]): MeasuredAnew {
  const own = parse(`src/compare/${task}/${column}.ts`);
  const shared = sharedOf(own, '../_shared/');
  const names = new Set([own, ...shared].flatMap(propertyNames));

  const tally = new Map<string, number>();
  const count = (measure: string, by = 1) => void tally.set(measure, (tally.get(measure) ?? 0) + by);
  const first = new Map<string, number>();
  const mark = (moment: string, atMs: number) => {
    if (!first.has(moment)) first.set(moment, atMs);
  };
  const connected = new Map<string, number>();
  const hidden = new Set<string>();

  for (const entry of entries) {
    const [person = '', which = ''] = entry.peer.split('/');
    if (which.startsWith('probe')) continue; // a library that tries the browser while it is loaded
    switch (entry.kind) {
      case 'run-started':
        mark('start', entry.atMs);
        break;
      case 'peer-opened':
        count('connections');
        break;
      case 'call':
        count('calls');
        if (!names.has(entry.method)) hidden.add(entry.method);
        break;
      case 'server-message':
        if (entry.way === 'received') break;
        if (/^[A-Z]+ \S*\//.test(entry.name)) count('requests');
        else if (typeof entry.sizeBytes === 'number' && !keepAlive.includes(entry.name)) {
          count('messages');
          count('messageBytes', entry.sizeBytes);
        }
        break;
      case 'signal-sent':
        if ('description' in entry.signal) count('descriptions');
        else if (entry.signal.candidate && entry.signal.candidate.candidate !== '') count('candidates');
        break;
      case 'data-message':
        if (entry.side === 'received') mark('data', entry.atMs);
        else {
          count('channelMessages');
          count('channelBytes', entry.sizeBytes);
        }
        break;
      case 'first-frame':
        mark('frame', entry.atMs);
        break;
      case 'connection-state':
        if (entry.state === 'connected' && !connected.has(person)) connected.set(person, entry.atMs);
        break;
      default:
        break;
    }
  }

  const startMs = first.get('start') ?? entries[0]?.atMs ?? 0;
  const since = (atMs: number | undefined) => (atMs === undefined ? null : atMs - startMs);
  const counts = [
    'messages',
    'messageBytes',
    'requests',
    'connections',
    'descriptions',
    'candidates',
    'calls',
    'channelMessages',
    'channelBytes',
  ];
  return {
    hidden: [...hidden],
    numbers: {
      ...Object.fromEntries(counts.map((measure) => [measure, tally.get(measure) ?? 0])),
      lines: linesWithCode(own),
      sharedLines: shared.reduce((sum, file) => sum + linesWithCode(file), 0),
      roundTrips: roundTrips(entries),
      connectedMs: since([...connected.values()].toSorted((a, b) => a - b)[1]),
      firstDataMs: since(first.get('data')),
      firstFrameMs: since(first.get('frame')),
    },
  };
}

/** What PeerServer and Engine.IO exchange so that a connection stays up. */
const keepAlive: readonly string[] = ['HEARTBEAT', 'ping', 'pong'];

/** Of who offered first, up to its first connection: runs of `s` (sent) that are followed by an `r` (received). */
function roundTrips(entries: readonly Entry[]): number {
  const isOffer = (entry: Entry) =>
    entry.kind === 'signal-sent' &&
    'description' in entry.signal &&
    entry.signal.description.type === 'offer';
  const starter = entries.find(isOffer)?.peer.split('/')[0];
  const candidates = new Set<string>();
  for (const entry of entries)
    if ((entry.kind === 'signal-sent' || entry.kind === 'signal-received') && 'candidate' in entry.signal)
      candidates.add(entry.id);
  let letters = '';
  for (const entry of entries) {
    const [person, which = ''] = entry.peer.split('/');
    if (person !== starter || which.startsWith('probe')) continue;
    if (entry.kind === 'connection-state' && entry.state === 'connected') break;
    if (entry.kind !== 'server-message' || keepAlive.includes(entry.name)) continue;
    if (entry.id === undefined || !candidates.has(entry.id)) letters += entry.way === 'sent' ? 's' : 'r';
  }
  return letters.match(/s+r/g)?.length ?? 0;
}

const parse = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);

/** The files of `_shared` from which code is imported, and those that they import in turn. */
function sharedOf(file: ts.SourceFile, folder: string, known = new Map<string, ts.SourceFile>()) {
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const { text } = statement.moduleSpecifier;
    const isType = statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    if (isType || !text.startsWith(folder)) continue;
    const path = `src/compare/_shared/${text.slice(folder.length)}`;
    if (known.has(path)) continue;
    known.set(path, parse(path));
    sharedOf(known.get(path)!, './', known);
  }
  return [...known.values()];
}

/** Lines on which a token stands: comments and empty lines have none. */
function linesWithCode(file: ts.SourceFile): number {
  const lines = new Set<number>();
  const visit = (node: ts.Node) => {
    if (ts.isJSDoc(node)) return undefined;
    if (node.getChildCount(file) > 0) return node.getChildren(file).forEach(visit);
    if (node.kind === ts.SyntaxKind.EndOfFileToken || node.getWidth(file) === 0) return undefined;
    const from = file.getLineAndCharacterOfPosition(node.getStart(file)).line;
    const to = file.getLineAndCharacterOfPosition(node.getEnd()).line;
    for (let line = from; line <= to; line++) lines.add(line);
    return undefined;
  };
  visit(file);
  return lines.size;
}

/** What stands after a dot anywhere in a file. */
function propertyNames(file: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) found.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
