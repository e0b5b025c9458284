import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import type { Bench } from '../../rtc/bench.ts';
import { examine, verdict, type Point, type Reading } from './examine.ts';
import { healthy, Patient, type Switches } from './patient.ts';
import { Sent } from './sent.tsx';
import { filters, Snapshot } from './snapshot.tsx';
import '../../lab-kit/panels/panel.css';
import './doctor.css';

const LOOK_MS = 200;

const idle: Reading = {
  connection: 'none',
  decodedPerSecond: 0,
  track: undefined,
  srcObject: 'null',
  inPage: true,
  displayed: true,
  paused: true,
  autoplay: true,
  playError: undefined,
  readyState: 0,
  videoWidth: 0,
  videoHeight: 0,
  pixels: 'none',
};

/** A received stream, an element with all its switches, and what the live state says is wrong. */
export function Doctor({ view }: PanelProps) {
  const bench = view.bench.value;
  const peers = view.peers.value;
  const hosted = view.hosted.value;
  const sends = hosted.includes('alice');
  const receives = hosted.includes('bob');
  return (
    <section class="ps-panel doctor" aria-label="Autoplay doctor">
      {sends && <Sent bench={bench} peers={peers} />}
      {receives && <Received bench={bench} peers={peers} />}
    </section>
  );
}

function Received({ bench, peers }: { bench: Bench | null; peers: readonly string[] }) {
  const place = useRef<HTMLDivElement>(null);
  const patient = useRef<Patient | undefined>(undefined);
  const switches = useSignal<Switches>(healthy);
  const filter = useSignal<keyof typeof filters>('none');
  const points = useSignal<readonly Point[]>(examine(idle));
  const played = useSignal('');

  const apply = () => {
    const shown = bench?.shown.findLast(({ peer, side }) => peer === 'bob' && side === 'remote');
    patient.current?.apply(switches.value, bench?.connections.get('bob'), shown?.stream);
  };
  const set = (change: Partial<Switches>) => {
    switches.value = { ...switches.value, ...change };
    apply();
  };

  const heal = () => {
    set(healthy);
    void patient.current?.play(); // one that was out of the page stays paused
  };

  useEffect(() => {
    if (!place.current) return undefined;
    const own = new Patient(place.current);
    patient.current = own;
    switches.value = healthy;
    played.value = '';
    let isCurrent = true;
    const look = async () => {
      const reading = await own.read(bench?.connections.get('bob')).catch(() => idle); // closed meanwhile
      if (isCurrent) points.value = examine(reading);
    };
    apply();
    bench?.onShow(() => isCurrent && apply());
    const timer = bench ? setInterval(() => void look(), LOOK_MS) : undefined;
    const stop = () => {
      isCurrent = false;
      clearInterval(timer);
    };
    bench?.signal.addEventListener('abort', stop, { once: true });
    return () => {
      stop();
      own.release();
    };
  }, [bench]);

  useEffect(() => {
    if (patient.current) patient.current.video.style.filter = filters[filter.value].css;
  }, [filter.value, bench]);

  const { value: on } = switches;
  const box = (
    name: keyof Switches & ('inPage' | 'displayed' | 'autoplay' | 'muted' | 'playsInline'),
    label: string,
  ) => (
    <label>
      <input
        type="checkbox"
        checked={on[name]}
        disabled={!bench}
        onChange={({ currentTarget }) => set({ [name]: currentTarget.checked })}
      />
      {label}
    </label>
  );
  return (
    <div class="doctor-bob">
      <div class="doctor-ward">
        <div class="doctor-picture">
          <div class="doctor-place" ref={place}>
            <span aria-hidden="true">{placeWords(on)}</span>
          </div>
          <Verdict points={points.value} isOn={bench !== null} />
        </div>
        <fieldset class="doctor-switches">
          <legend>
            <PeerName peers={peers} peer="bob" />: the element
          </legend>
          <label class="doctor-wide">
            <code>srcObject</code>
            <select
              value={on.srcObject}
              disabled={!bench}
              onChange={({ currentTarget }) =>
                set({ srcObject: currentTarget.value as Switches['srcObject'] })
              }
            >
              <option value="event">the stream of the last track event</option>
              <option value="all">a new MediaStream of all tracks</option>
              <option value="null">null</option>
            </select>
          </label>
          {box('inPage', 'in the page')}
          {box('displayed', 'displayed')}
          {box('autoplay', 'autoplay')}
          {box('muted', 'muted')}
          {box('playsInline', 'playsinline')}
          <label>
            <input
              type="checkbox"
              checked={on.enabled}
              disabled={!bench}
              onChange={({ currentTarget }) => set({ enabled: currentTarget.checked })}
            />
            received track enabled
          </label>
          <p class="doctor-buttons">
            <button
              type="button"
              class="ps-button"
              disabled={!bench}
              onClick={() => void patient.current?.play().then((words) => (played.value = words))}
            >
              play()
            </button>
            <button
              type="button"
              class="ps-button"
              disabled={!bench}
              onClick={() => void patient.current?.playInterrupted().then((words) => (played.value = words))}
            >
              play(), then srcObject again
            </button>
            <button type="button" class="ps-button" disabled={!bench} onClick={heal}>
              All as it should be
            </button>
          </p>
          <p class="doctor-played" role="status">
            {played.value}
          </p>
        </fieldset>
      </div>
      <Findings points={points.value} isOn={bench !== null} />
      <Snapshot video={() => patient.current?.video} filter={filter} disabled={!bench} />
    </div>
  );
}

function placeWords({ inPage, displayed }: Switches): string {
  if (!inPage) return 'The element is not in the page.';
  return displayed ? '' : 'display: none';
}

function Verdict({ points, isOn }: { points: readonly Point[]; isOn: boolean }) {
  const isWell = isOn && points.every(({ ok }) => ok);
  return (
    <p class="doctor-verdict" data-well={isWell || undefined} role="status">
      {isOn ? verdict(points) : 'Press Run: alice sends, bob’s element shows it. Then break it.'}
    </p>
  );
}

function Findings({ points, isOn }: { points: readonly Point[]; isOn: boolean }) {
  const first = points.find(({ ok }) => !ok);
  return (
    <ol class="doctor-points">
      {points.map(({ id, title, ok, saw }) => (
        <li
          key={id}
          data-point={id}
          data-ok={isOn ? ok : undefined}
          data-first={(isOn && id === first?.id) || undefined}
        >
          <b>
            <span class="doctor-mark">{isOn ? (ok ? 'yes' : 'no') : '–'}</span> {title}
          </b>
          <small>{isOn ? saw : ''}</small>
        </li>
      ))}
    </ol>
  );
}
