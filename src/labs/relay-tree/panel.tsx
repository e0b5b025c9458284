import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { CountedPicture, type Reading, WideTable } from '../../lab-kit/panels/counted.tsx';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { Segments } from '../../lab-kit/panels/parts.tsx';
import { PeerName, peerColour } from '../../lab-kit/panels/peer.tsx';
import { useShown } from '../../lab-kit/panels/shown.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import { costOf, endsFold } from '../full-mesh/cost.ts';
import { people as everybody, personOf } from '../full-mesh/people.ts';
import { hopsTo, passerOn, streamsOfAlice, type Shape } from './shape.ts';
import '../../lab-kit/panels/panel.css';
import '../../lab-kit/ends.css';

/** Everybody's picture with its clock, what the way to each of them takes, and what each of them pays. */
export function TreePanel({ view }: PanelProps) {
  const compute = useMemo(endsFold, []);
  const { list } = view.entries.value;
  const ends = compute(list, endAt(list, view.focus.value));
  const bench = view.bench.value;
  const shape = shapeOf(bench?.controls ?? view.controls?.value);
  const there = [...new Set(view.peers.value.map(personOf))].toSorted((a, b) => placeOf(a) - placeOf(b));
  const remotes = useShown(bench).filter(({ side }) => side === 'remote');
  const readings = useSignal<ReadonlyMap<string, Reading | null>>(new Map());
  const gone = useSignal('');
  const chosen = useSignal<string>('bob');
  useEffect(() => {
    readings.value = new Map();
    gone.value = '';
  }, [bench]);
  const page = there.includes(chosen.value) ? chosen.value : 'bob';
  const pictures = remotes.filter(({ peer }) => shape !== 'focus' || personOf(peer) === page);
  const read = (key: string, reading: Reading | null) => {
    readings.value = new Map([...readings.value, [key, reading]]);
  };
  const ageOf = (person: string) => readings.value.get(person);
  const leaves = passerOn(shape);
  const isLive = view.state.value === 'running' && view.focus.value === null;
  const closePage = () => {
    gone.value = leaves;
    for (const [end, pc] of bench?.connections ?? []) if (personOf(end) === leaves) pc.close();
  };
  const costs = costOf(ends);
  const { rule, streams } = streamsOfAlice(shape, there.length);
  const sent = costs.find(({ person }) => person === 'alice')?.encoders ?? 0;
  return (
    <section class="ps-panel ends tree" aria-label="From hop to hop">
      {shape === 'focus' && (
        <Segments
          label="Whose page"
          options={there.map((name) => [name, name] as const)}
          value={page}
          onChange={(name) => (chosen.value = name)}
        />
      )}
      {pictures.length === 0 && (
        <p class="ps-empty">Start the call: here stands what arrives at each of them, with its clock.</p>
      )}
      <ul class="counted-pictures" aria-label="What arrives">
        {pictures.map(({ peer, stream }) => (
          <li key={`${peer} ${stream.id}`} style={{ '--peer': peerColour(everybody, personOf(peer)) }}>
            <CountedPicture
              label={`what ${personOf(peer)} sees`}
              bench={bench}
              stream={stream}
              onReading={(reading) => read(shape === 'focus' ? stream.id : personOf(peer), reading)}
            />
            {shape !== 'focus' && <PeerName peers={everybody} peer={personOf(peer)} />}
          </li>
        ))}
      </ul>
      <div class="ends-means">
        <button type="button" class="lab-button" disabled={!isLive || gone.value !== ''} onClick={closePage}>
          Close {leaves}’s page
        </button>
        <span>
          alice sends {rule} = {streams} streams; counted: <b data-tree="streams">{sent}</b>
        </span>
      </div>
      <p class="ends-verdict" role="status">
        {shape === 'focus'
          ? verdictOfFocus(gone.value, [...readings.value.values()])
          : verdictOf(shape, gone.value, there.slice(1), ageOf)}
      </p>
      <WideTable label="What each of them pays">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Hops</th>
            {shape !== 'focus' && <th scope="col">Late by</th>}
            <th scope="col">Encodes</th>
            <th scope="col">Sends</th>
            <th scope="col">Receives</th>
          </tr>
        </thead>
        <tbody>
          {there.map((person) => {
            const cost = costs.find((one) => one.person === person);
            return (
              <tr key={person} data-person={person}>
                <th scope="row">
                  <PeerName peers={everybody} peer={person} />
                </th>
                <td>{hopsTo(shape, person)}</td>
                {shape !== 'focus' && (
                  <td data-is="late">{person === 'alice' ? '–' : inMs(ageOf(person))}</td>
                )}
                <td>{cost?.encoders ?? 0}</td>
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

const placeOf = (person: string): number => everybody.findIndex((name) => name === person);

function shapeOf(controls: unknown): Shape {
  const shape = (controls as { shape?: unknown } | undefined)?.shape;
  return shape === 'star' || shape === 'chain' || shape === 'focus' ? shape : 'tree';
}

const inMs = (reading: Reading | null | undefined): string =>
  reading === undefined ? '–' : reading === null ? 'stands still' : `${Math.round(reading.ageMs)} ms`;

const kbits = (bps: number | undefined): string =>
  bps === undefined || bps === 0 ? '–' : `${Math.round(bps / 1000).toLocaleString('en')} kbit/s`;

function verdictOf(
  shape: Shape,
  gone: string,
  viewers: readonly string[],
  ageOf: (person: string) => Reading | null | undefined,
): string {
  if (gone !== '') {
    const dark = viewers.filter((person) => person !== gone && ageOf(person) === null);
    return dark.length > 0
      ? `${gone} has gone, and with ${gone} the picture of ${listed(dark)}.`
      : `${gone} has gone. So far nobody else has lost the picture.`;
  }
  const farthest = Math.max(0, ...viewers.map((person) => hopsTo(shape, person)));
  const [near, far] = [1, farthest].map((hops) =>
    viewers.find((person) => hopsTo(shape, person) === hops && ageOf(person)),
  );
  if (!near || !far)
    return 'Each viewer answers with its own description. Nothing was read from a picture yet.';
  if (farthest === 1) return `Everybody is one hop away; ${near} is ${inMs(ageOf(near))} late.`;
  return `${near}, one hop away, is ${inMs(ageOf(near))} late; ${far}, ${farthest} hops away, ${inMs(ageOf(far))}.`;
}

function verdictOfFocus(gone: string, readings: readonly (Reading | null)[]): string {
  const live = readings.filter((reading) => reading !== null);
  if (gone !== '' && live.length === 0)
    return 'The focus has gone, and with it the meeting: nobody sees anybody.';
  if (live.length === 0) return 'All have a camera. alice gets each picture, and sends it to all the others.';
  const late = live.map((reading) => `${reading.whose} ${Math.round(reading.ageMs)} ms`);
  return `Late by: ${late.join(', ')}. All but alice’s own have come through her processor.`;
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
