import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Bench } from '../../rtc/bench.ts';
import { openTone } from '../../rtc/media/tone.ts';

interface Props {
  readonly list: readonly MediaDeviceInfo[];
  /** The run whose end ends the tones; null while nothing runs. */
  readonly bench: Bench | null;
}

/** Two players, each with a loudspeaker of its own: `setSinkId()` is a method of the element. */
export function Loudspeakers({ list, bench }: Props) {
  const chosen = useSignal<readonly MediaDeviceInfo[]>([]);
  const problem = useSignal('');
  const known = [...list, ...chosen.value].filter(
    ({ kind, deviceId }) => kind === 'audiooutput' && deviceId !== '',
  );
  // Firefox only, so far.
  const select: unknown = Reflect.get(globalThis.navigator?.mediaDevices ?? {}, 'selectAudioOutput');
  const choose = async () => {
    try {
      const device = (await (select as () => Promise<MediaDeviceInfo>).call(
        navigator.mediaDevices,
      )) satisfies MediaDeviceInfo;
      chosen.value = [...chosen.value.filter(({ deviceId }) => deviceId !== device.deviceId), device];
      problem.value = '';
    } catch (error) {
      problem.value = `selectAudioOutput(): ${(error as Error).name}`;
    }
  };
  return (
    <section class="devices-loud" aria-label="Loudspeakers">
      <h3>Loudspeakers</h3>
      <Player name="Tone A" hz={440} known={known} bench={bench} />
      <Player name="Tone B" hz={660} known={known} bench={bench} />
      {typeof select === 'function' && (
        <button type="button" class="ps-button" disabled={!bench} onClick={() => void choose()}>
          Choose a loudspeaker: selectAudioOutput()
        </button>
      )}
      <p class="devices-soft" role="status">
        {problem.value ||
          (known.length === 0
            ? 'No loudspeaker is told by name yet, so each tone plays on the system’s. Real ones are listed with “Devices: Yours”, once a microphone was opened.'
            : '')}
      </p>
    </section>
  );
}

interface PlayerProps {
  readonly name: string;
  readonly hz: number;
  readonly known: readonly MediaDeviceInfo[];
  readonly bench: Bench | null;
}

function Player({ name, hz, known, bench }: PlayerProps) {
  const audio = useRef<HTMLAudioElement>(null);
  const end = useRef<AbortController | undefined>(undefined);
  const isPlaying = useSignal(false);
  const said = useSignal('');
  const stop = () => {
    end.current?.abort();
    isPlaying.value = false;
  };
  useEffect(() => stop, [bench]);
  const play = async () => {
    if (isPlaying.value) return stop();
    if (!bench || !audio.current) return undefined;
    end.current = new AbortController();
    const tone = openTone(hz, AbortSignal.any([bench.signal, end.current.signal]));
    audio.current.srcObject = new MediaStream([tone.track]);
    isPlaying.value = true;
    try {
      await Promise.all([audio.current.play(), tone.resume()]);
    } catch (error) {
      said.value = (error as Error).message;
    }
    return undefined;
  };
  const sink = async (deviceId: string) => {
    try {
      await audio.current?.setSinkId(deviceId);
      said.value = 'set';
    } catch (error) {
      said.value = `setSinkId(): ${(error as Error).name}`;
    }
  };
  return (
    <p>
      <button
        type="button"
        class="ps-button"
        aria-pressed={isPlaying.value}
        disabled={!bench}
        onClick={() => void play()}
      >
        {isPlaying.value ? 'Stop' : 'Play'} {name}
      </button>
      <label>
        <span class="ps-hidden">{name} comes from</span>
        <select disabled={!bench} onChange={(event) => void sink(event.currentTarget.value)}>
          <option value="">the system’s loudspeaker</option>
          {known.map(({ deviceId, label }) => (
            <option key={deviceId} value={deviceId}>
              {label || 'a loudspeaker'}
            </option>
          ))}
        </select>
      </label>
      <output>{said.value}</output>
      {/* A tone has no words. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <audio ref={audio} />
    </p>
  );
}
