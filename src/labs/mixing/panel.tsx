import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { WideTable } from '../../lab-kit/panels/counted.tsx';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { Segments } from '../../lab-kit/panels/parts.tsx';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import { useShown } from '../../lab-kit/panels/shown.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import type { Bench } from '../../rtc/bench.ts';
import { readCell, type Cell } from '../../rtc/media/examine-file.ts';
import { ageMs } from '../../rtc/media/frame-code.ts';
import { attachStream } from '../../rtc/media/playback.ts';
import type { Placed } from '../../rtc/meeting/media/compositor.ts';
import { costOf, endsFold } from '../full-mesh/cost.ts';
import { people as everybody, personOf } from '../full-mesh/people.ts';
import { deskOf, SIZE, type Desk } from './desk.ts';
import { voicesIn, type Voice } from './heard.ts';
import '../../lab-kit/panels/panel.css';
import '../../lab-kit/ends.css';

const LOOK_MS = 500;

/** The mixed picture as one of them gets it, who hears whom, and what the mixer pays. */
export function MixingPanel({ view }: PanelProps) {
  const compute = useMemo(endsFold, []);
  const { list } = view.entries.value;
  const ends = compute(list, endAt(list, view.focus.value));
  const bench = view.bench.value;
  const desk = deskOf(bench);
  const names = [...new Set(view.peers.value.map(personOf))].filter((name) => name !== 'mixer');
  const chosen = useSignal<string>('alice');
  const page = names.includes(chosen.value) ? chosen.value : (names[0] ?? 'alice');
  const stream = useShown(bench).findLast(
    ({ peer, side }) => side === 'remote' && personOf(peer) === page,
  )?.stream;
  const costs = costOf(ends);
  return (
    <section class="ps-panel ends mixing" aria-label="The mixer">
      <Segments
        label="Whose page"
        options={names.map((name) => [name, name] as const)}
        value={page}
        onChange={(name) => (chosen.value = name)}
      />
      <Composed bench={bench} stream={stream} cells={desk?.cells.value ?? []} page={page} />
      <Heard desk={desk} names={names} />
      <WideTable label="What each of them pays">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Connections</th>
            <th scope="col">Encodes</th>
            <th scope="col">Sends</th>
            <th scope="col">Receives</th>
          </tr>
        </thead>
        <tbody>
          {['mixer', ...names].map((person) => {
            const cost = costs.find((one) => one.person === person);
            return (
              <tr key={person} data-person={person}>
                <th scope="row">
                  <PeerName peers={everybody} peer={person} />
                </th>
                <td>{cost?.connections ?? 0}</td>
                <td data-is="encoders">{cost?.encoders ?? 0} streams</td>
                <td>{kbits(cost?.upBps)}</td>
                <td>{kbits(cost?.downBps)}</td>
              </tr>
            );
          })}
        </tbody>
      </WideTable>
    </section>
  );
}

interface ComposedProps {
  readonly bench: Bench | null;
  readonly stream: MediaStream | undefined;
  readonly cells: readonly Placed[];
  readonly page: string;
}

/** The one picture that somebody gets, and the clock in each of its cells. */
function Composed({ bench, stream, cells, page }: ComposedProps) {
  const video = useRef<HTMLVideoElement>(null);
  const says = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element || !stream || !bench) return undefined;
    const gone = new AbortController();
    const signal = AbortSignal.any([gone.signal, bench.signal]);
    attachStream(element, stream, { signal }).catch(() => (element.controls = true));
    const timer = setInterval(() => element.requestVideoFrameCallback(read), LOOK_MS);
    const read = () => {
      if (!says.current || signal.aborted) return;
      const seen = cells.flatMap(({ person, rect }) => {
        const code = readCell(element, sharesOf(rect));
        return code ? [`${person.name}: frame ${code.frame}, ${Math.round(ageMs(code))} ms`] : [];
      });
      says.current.textContent = seen.length > 0 ? seen.join(' · ') : 'nothing to be read in it yet';
      says.current.dataset.cells = String(seen.length);
    };
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    return () => gone.abort();
  }, [stream, bench, cells]);
  return (
    <div class="counted">
      {/* A live picture of this very moment: there are no words that could be written beforehand. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <video
        ref={video}
        aria-label={`the one picture that ${page} gets`}
        muted
        playsInline
        width={640}
        height={360}
      />
      <p ref={says}>
        {stream
          ? 'nothing to be read in it yet'
          : 'Start the call: each gets one picture, with everybody in it.'}
      </p>
    </div>
  );
}

/** A place in the composed picture, as shares of it: the picture may come smaller than it was drawn. */
const sharesOf = ({ x, y, width, height }: Placed['rect']): Cell => ({
  x: x / SIZE.width,
  y: y / SIZE.height,
  width: width / SIZE.width,
  height: height / SIZE.height,
});

/** Who hears whom: a row for each pair of ears, a column for each voice. */
function Heard({ desk, names }: { desk: Desk | undefined; names: readonly string[] }) {
  const heard = useSignal<ReadonlyMap<string, readonly Voice[]>>(new Map());
  const ears = desk?.ears.value;
  useEffect(() => {
    heard.value = new Map();
    if (!ears || !desk) return undefined;
    const timer = setInterval(() => {
      if (desk.audio.state !== 'running') return;
      heard.value = new Map(
        [...ears].map(([person, analyser]) => {
          const levels = new Float32Array(analyser.frequencyBinCount);
          analyser.getFloatFrequencyData(levels);
          return [person, voicesIn(levels, desk.audio.sampleRate, names)];
        }),
      );
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [ears, desk, names.join()]);
  const rows = names.map((listener) => ({ listener, voices: heard.value.get(listener) }));
  return (
    <>
      <p class="ends-verdict" role="status">
        {verdictOf(rows)}
      </p>
      <WideTable label="Who hears whom">
        <thead>
          <tr>
            <th scope="col">In the spectrum at</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}’s tone
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ listener, voices }) => (
            <tr key={listener} data-ears={listener}>
              <th scope="row">
                <PeerName peers={everybody} peer={listener} />
              </th>
              {names.map((name) => {
                const voice = voices?.find(({ of }) => of === name);
                return (
                  <td key={name} data-voice={name} data-heard={voice?.isHeard}>
                    {wordsOf(voice)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </WideTable>
    </>
  );
}

function wordsOf(voice: Voice | undefined): string {
  if (!voice) return '–';
  return voice.isHeard ? `✓ ${Math.round(voice.levelDb)} dB` : 'not there';
}

function verdictOf(rows: readonly { listener: string; voices: readonly Voice[] | undefined }[]): string {
  if (rows.some(({ voices }) => !voices)) return 'Nothing was heard yet.';
  const isWrong = (listener: string, voices: readonly Voice[], own: boolean) =>
    voices.some(({ of, isHeard }) => (of === listener) === own && isHeard === own);
  const echo = rows.filter(({ listener, voices }) => isWrong(listener, voices ?? [], true));
  const deaf = rows.filter(({ listener, voices }) => isWrong(listener, voices ?? [], false));
  if (echo.length > 0) return `${echo.map(({ listener }) => listener).join(', ')} hear themselves: an echo.`;
  if (deaf.length > 0) return 'Not everybody hears all of the others yet.';
  return 'Everybody hears all the others, and nobody hears themselves.';
}

const kbits = (bps: number | undefined): string =>
  bps === undefined || bps === 0 ? '–' : `${Math.round(bps / 1000).toLocaleString('en')} kbit/s`;
