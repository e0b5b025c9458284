import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { PeerName, peerColour } from '../../lab-kit/panels/peer.tsx';
import { LivePicture, useShown } from '../../lab-kit/panels/shown.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import { otherOf, people as everybody, personOf } from '../full-mesh/people.ts';
import { deskOf, type Desk, type KeptFile } from './desk.ts';
import { foundIn, type Found } from './found.ts';
import '../../lab-kit/panels/panel.css';
import '../../lab-kit/panels/counted.css';
import '../../lab-kit/ends.css';

const TICK_MS = 500;

/** The meeting as alice sees it, the button, and what is in the files. */
export function FilePanel({ view }: PanelProps) {
  const bench = view.bench.value;
  const desk = bench && deskOf(bench);
  const shown = useShown(bench).filter(
    ({ peer, side }) =>
      (side === 'remote' && personOf(peer) === 'alice') || (side === 'local' && peer === 'alice'),
  );
  const byPerson = new Map(
    shown.map(({ peer, side, stream }) => [side === 'local' ? 'alice' : otherOf(peer), stream]),
  );
  const state = desk?.state.value ?? 'off';
  const isReady = (desk?.people.value.length ?? 0) > 0 && view.state.value === 'running';
  return (
    <section class="ps-panel ends meeting-file" aria-label="The meeting and its files">
      <ul class="counted-pictures" aria-label="The meeting, as alice sees it">
        {['alice', 'bob', 'carol'].map((name) => (
          <li key={name} style={{ '--peer': peerColour(everybody, name) }}>
            <div class="counted">
              <LivePicture label={`${name}, as alice sees them`} bench={bench} stream={byPerson.get(name)} />
            </div>
            <PeerName peers={everybody} peer={name} />
          </li>
        ))}
      </ul>
      <div class="ends-means">
        <button
          type="button"
          class="lab-button"
          disabled={!isReady || state !== 'off'}
          onClick={() => desk?.record()}
        >
          Record
        </button>
        <button
          type="button"
          class="lab-button"
          disabled={state !== 'recording'}
          onClick={() => void desk?.stop()}
        >
          Stop and read
        </button>
        <span>{desk && state === 'recording' ? <Elapsed desk={desk} /> : wordsOf(state)}</span>
        <p role="alert">{desk?.problem.value ?? ''}</p>
      </div>
      <Files files={desk?.files.value ?? []} people={desk?.people.value ?? []} />
    </section>
  );
}

const wordsOf = (state: Desk['state']['value']): string =>
  state === 'finishing' ? 'What was recorded is played and read …' : 'A few seconds are enough.';

function Elapsed({ desk }: { desk: Desk }) {
  const nowMs = useSignal(performance.now());
  useEffect(() => {
    const timer = setInterval(() => (nowMs.value = performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return <b>Recording, {Math.max(0, (nowMs.value - desk.sinceMs.value) / 1000).toFixed(0)} s</b>;
}

interface Row {
  readonly file: KeptFile;
  readonly found: Found | undefined;
}

function Files({ files, people }: { files: readonly KeptFile[]; people: readonly string[] }) {
  const rows = useMemo(
    () =>
      files.map((file): Row => {
        const isRead = file.found !== undefined && typeof file.found !== 'string';
        return { file, found: isRead ? foundIn(file.found, people) : undefined };
      }),
    [files, people],
  );
  const begins = rows.flatMap(({ found }) => found?.beginsMs ?? []);
  const firstMs = Math.min(...begins);
  return (
    <>
      <p class="ends-verdict" role="status">
        {verdictOf(rows, people)}
      </p>
      {rows.map(({ file, found }) => (
        <article key={file.name} class="ends-one" data-file={file.name} aria-label={`${file.name}: a file`}>
          <h2>{file.name}</h2>
          <Player file={file} />
          <dl>
            <dt>size</dt>
            <dd>{Math.round(file.blob.size / 1000)} kB</dd>
            <dt>length</dt>
            <dd>{typeof file.found === 'object' ? `${file.found.durationSec.toFixed(1)} s` : '–'}</dd>
            <dt>pictures of</dt>
            <dd data-is="seen">{found ? listed([...found.seen.keys()]) : '–'}</dd>
            <dt>tones of</dt>
            <dd data-is="heard">{found ? listed(found.heard) : '–'}</dd>
            {rows.length > 1 && (
              <>
                <dt>begins later than the first by</dt>
                <dd data-is="later">
                  {found?.beginsMs === undefined ? '–' : `${Math.round(found.beginsMs - firstMs)} ms`}
                </dd>
              </>
            )}
          </dl>
        </article>
      ))}
    </>
  );
}

function Player({ file }: { file: KeptFile }) {
  const url = useSignal('');
  useEffect(() => {
    const made = URL.createObjectURL(file.blob);
    url.value = made;
    return () => URL.revokeObjectURL(made);
  }, [file.blob]);
  const type = /[/-](\w+)/.exec(file.blob.type)?.[1] ?? 'webm';
  return (
    <div class="counted">
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- it was recorded a moment ago, nobody has written any */}
      <video
        src={url.value}
        controls
        playsInline
        aria-label={`The file of ${file.name}`}
        width={640}
        height={360}
      />
      <p>
        <a href={url.value} download={`${file.name}.${type}`}>
          Download
        </a>{' '}
        <code>{file.blob.type}</code>
      </p>
    </div>
  );
}

const listed = (names: readonly string[]): string => (names.length === 0 ? 'nobody' : names.join(', '));

function verdictOf(rows: readonly Row[], people: readonly string[]): string {
  if (rows.length === 0)
    return 'Start the call, record some seconds, and press Stop and read. Then the file is read.';
  for (const { file } of rows)
    if (typeof file.found === 'string') return `The file of ${file.name} cannot be read: ${file.found}`;
  const read = rows.flatMap(({ found }) => found ?? []);
  if (read.length < rows.length) return 'The files are played and read.';
  const seen = people.filter((name) => read.some((found) => found.seen.has(name)));
  const heard = people.filter((name) => read.some((found) => found.heard.includes(name)));
  const where = rows.length === 1 ? 'In the one file' : `In ${rows.length} files`;
  return `${where}: ${seen.length} of ${people.length} people to be seen, ${heard.length} to be heard.`;
}
