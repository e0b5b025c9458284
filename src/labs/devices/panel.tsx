import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { PanelProps } from '../../lab-kit/view.ts';
import type { Bench } from '../../rtc/bench.ts';
import { attachStream } from '../../rtc/media/playback.ts';
import { deskDevices } from '../../rtc/media/virtual/devices.ts';
import { deviceDesk, virtualOf, type Found, type Wish } from './bench.ts';
import { knobsOf, turn, type Knob } from './knobs.ts';
import { Loudspeakers } from './loudspeakers.tsx';
import './devices.css';

/** The list as the browser gives it, what was opened, and the plugs. */
export function DevicesPanel({ view }: PanelProps) {
  const bench = view.bench.value;
  const desk = bench ? deviceDesk(bench) : null;
  const found: Found = desk?.told.value ?? { list: [] };
  const isRunning = view.state.value === 'running' && Boolean(desk?.told.value);
  const ask = (wish: Wish) => desk?.ask(wish);
  return (
    <div class="ps-panel devices">
      <DeviceList found={found} isRunning={isRunning} ask={ask} />
      {bench && <Plugs bench={bench} isRunning={isRunning} />}
      <p class="devices-status" role="status">
        {statusWords(found, isRunning)}
      </p>
      <div class="devices-below">
        <Picture bench={bench} track={found.video} />
        <Knobs track={found.video} isRunning={isRunning} ask={ask} />
      </div>
      <Loudspeakers list={found.list} bench={isRunning ? bench : null} />
    </div>
  );
}

function statusWords({ refused, video, audio }: Found, isRunning: boolean): string {
  if (!isRunning) return 'Press Run to list the devices.';
  if (refused) {
    const constraint: unknown = Reflect.get(refused, 'constraint');
    return `${refused.name}${typeof constraint === 'string' && constraint ? `, constraint “${constraint}”` : ''}: ${refused.message || 'nothing was opened'}`;
  }
  const open = [video, audio].flatMap((track) => (track?.readyState === 'live' ? [track.label] : []));
  return open.length > 0 ? `Open: ${open.join(', ')}.` : 'Nothing is open.';
}

interface ListProps {
  readonly found: Found;
  readonly isRunning: boolean;
  readonly ask: (wish: Wish) => void;
}

const kindWords: Readonly<Record<MediaDeviceKind, string>> = {
  videoinput: 'Camera',
  audioinput: 'Microphone',
  audiooutput: 'Loudspeaker',
};

function DeviceList({ found, isRunning, ask }: ListProps) {
  const opened = [found.video, found.audio].map((track) => track?.getSettings().deviceId);
  return (
    <table>
      <caption class="ps-hidden">What enumerateDevices() gives</caption>
      <thead>
        <tr>
          <th scope="col">kind</th>
          <th scope="col">label</th>
          <th scope="col">deviceId</th>
          <th scope="col">
            <span class="ps-hidden">Open</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {found.list.map(({ kind, label, deviceId, groupId }) => (
          <tr key={`${kind} ${deviceId} ${groupId}`} data-device={label || kind}>
            <th scope="row">{kind}</th>
            <td>{label || <span class="devices-soft">hidden</span>}</td>
            <td>
              {deviceId ? <code>{deviceId.slice(0, 16)}</code> : <span class="devices-soft">hidden</span>}
            </td>
            <td>
              {kind !== 'audiooutput' && (
                <button
                  type="button"
                  class="ps-button"
                  disabled={!isRunning}
                  aria-pressed={deviceId !== '' && opened.includes(deviceId)}
                  onClick={() => ask({ kind: kind === 'videoinput' ? 'video' : 'audio', deviceId })}
                >
                  {deviceId !== '' && opened.includes(deviceId) ? 'Open' : 'Choose'}
                  <span class="ps-hidden"> {label || `a ${kindWords[kind].toLowerCase()}`}</span>
                </button>
              )}
            </td>
          </tr>
        ))}
        {found.list.length === 0 && (
          <tr>
            <td colSpan={4} class="devices-soft">
              {isRunning ? 'The list is empty.' : 'The list comes with the run.'}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** What can be plugged in and out here; real plugs are on the reader's desk. */
function Plugs({ bench, isRunning }: { bench: Bench; isRunning: boolean }) {
  const virtual = virtualOf(bench);
  if (!virtual)
    return (
      <p class="devices-soft">
        Plug something in or out, if you can: the list follows. Nothing on this page pulls a real plug.
      </p>
    );
  return (
    <fieldset class="devices-plugs">
      <legend>Plugged in (virtual)</legend>
      {Object.values(deskDevices).map((device) => (
        <label key={device.deviceId} class="ps-check">
          <input
            type="checkbox"
            checked={virtual.isPlugged(device.deviceId)}
            disabled={!isRunning}
            onChange={(event) =>
              event.currentTarget.checked ? virtual.plug(device) : virtual.unplug(device.deviceId)
            }
          />
          {device.label.replace(' (virtual)', '')}
        </label>
      ))}
    </fieldset>
  );
}

function Picture({ bench, track }: { bench: Bench | null; track: MediaStreamTrack | undefined }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (!bench || !track || !video.current) return undefined;
    const shown = new AbortController();
    const signal = AbortSignal.any([shown.signal, bench.signal]);
    attachStream(video.current, new MediaStream([track]), { signal }).catch(() => {}); // muted: nothing keeps it from playing
    return () => shown.abort();
  }, [bench, track]);
  return (
    // A live picture of this very moment: there are no words that could be written beforehand.
    // oxlint-disable-next-line jsx-a11y/media-has-caption
    <video ref={video} aria-label="The camera that is open" muted playsInline width={640} height={360} />
  );
}

function Knobs({
  track,
  isRunning,
  ask,
}: { track: MediaStreamTrack | undefined } & Omit<ListProps, 'found'>) {
  const knobs = knobsOf(track?.getCapabilities?.() ?? {});
  const settings = track?.getSettings() ?? {};
  return (
    <section class="devices-knobs" aria-label="Settings of the camera">
      {knobs.length === 0 && (
        <p class="devices-soft">
          {track
            ? 'This camera tells of nothing that could be turned: no zoom, no exposure.'
            : 'Zoom, exposure and focus appear here when the camera tells of them.'}
        </p>
      )}
      {knobs.map((knob) => (
        <KnobRow
          key={`${track?.id} ${knob.name}`}
          knob={knob}
          value={Reflect.get(settings, knob.name)}
          onTurn={(value) => ask({ set: turn(knob.name, value) })}
        />
      ))}
      <button type="button" class="ps-button" disabled={!isRunning} onClick={() => ask({ moves: true })}>
        Ask for a camera that moves
      </button>
    </section>
  );
}

interface KnobProps {
  readonly knob: Knob;
  readonly value: unknown;
  readonly onTurn: (value: string | number) => void;
}

function KnobRow({ knob, value, onTurn }: KnobProps) {
  const shown = useSignal(value);
  return (
    <label>
      <code>{knob.name}</code>
      {'choices' in knob ? (
        <select value={String(value)} onChange={(event) => onTurn(event.currentTarget.value)}>
          {knob.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input
          type="range"
          min={knob.min}
          max={knob.max}
          step={knob.step}
          value={Number(value)}
          onInput={(event) => (shown.value = event.currentTarget.valueAsNumber)}
          onChange={(event) => onTurn(event.currentTarget.valueAsNumber)}
        />
      )}
      <output>{'choices' in knob ? '' : String(shown.value)}</output>
    </label>
  );
}
