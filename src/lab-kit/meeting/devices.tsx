import { useSignal } from '@preact/signals';
import { toRtcError, type RtcError } from '../../rtc/errors.ts';
import type { Device } from '../../rtc/media/camera.ts';
import type { LocalInput } from '../../rtc/meeting/media/local-state.ts';
import { ErrorNote } from '../error-note.tsx';
import type { MeetingSession } from './session.ts';

const SYNTHETIC = 'synthetic';
/** A device that is open, and that the browser does not list under an id. */
const UNLISTED = 'unlisted';

/** Which camera, microphone and loudspeaker are used. Devices have names here from the first permission on. */
export function DevicePickers({ session }: { readonly session: MeetingSession }) {
  const { media, local } = session;
  const { camera, microphone, devices, blur } = local.value;
  return (
    <div class="meet-devices">
      <InputPicker
        label="Camera"
        input={camera}
        devices={devices.videoinput}
        synthetic="Synthetic picture"
        onChoose={(id) => void media.openCamera(id === SYNTHETIC ? SYNTHETIC : { deviceId: id })}
      />
      <InputPicker
        label="Microphone"
        input={microphone}
        devices={devices.audioinput}
        synthetic="Synthetic tone"
        onChoose={(id) => void media.openMicrophone(id === SYNTHETIC ? SYNTHETIC : { deviceId: id })}
      />
      <SpeakerPicker session={session} />
      {blur.is !== 'unsupported' && (
        <label class="meet-check">
          <input
            type="checkbox"
            checked={blur.is === 'on'}
            onChange={({ currentTarget }) => void media.setBlur(currentTarget.checked)}
          />
          Blur my background
        </label>
      )}
    </div>
  );
}

interface InputPickerProps {
  readonly label: string;
  readonly input: LocalInput;
  readonly devices: readonly Device[];
  readonly synthetic: string;
  readonly onChoose: (id: string) => void;
}

function InputPicker({ label, input, devices, synthetic, onChoose }: InputPickerProps) {
  const { origin } = input;
  const named = devices.filter(({ deviceId }) => deviceId !== '');
  const chosen = origin?.from === 'device' ? origin.deviceId : SYNTHETIC;
  const isListed = chosen === SYNTHETIC || named.some(({ deviceId }) => deviceId === chosen);
  return (
    <label class="meet-field">
      <span>{label}</span>
      <select
        value={isListed ? chosen : UNLISTED}
        disabled={input.opening}
        onChange={({ currentTarget }) => onChoose(currentTarget.value)}
      >
        <option value={SYNTHETIC}>{synthetic}</option>
        {!isListed && (
          <option value={UNLISTED} disabled>
            {origin?.label}
          </option>
        )}
        {named.map(({ deviceId, label: name }) => (
          <option key={deviceId} value={deviceId}>
            {name || label}
          </option>
        ))}
      </select>
    </label>
  );
}

function SpeakerPicker({ session }: { readonly session: MeetingSession }) {
  const { media, local } = session;
  const { speaker, can, devices } = local.value;
  const problem = useSignal<RtcError | null>(null);
  const isTesting = useSignal(false);
  const test = async () => {
    isTesting.value = true;
    problem.value = null;
    try {
      await media.testTone();
    } catch (error) {
      problem.value = toRtcError(error);
    }
    isTesting.value = false;
  };
  const outputs = devices.audiooutput.filter(({ deviceId }) => deviceId !== '');
  return (
    <div class="meet-speaker">
      {can.speaker && (
        <label class="meet-field">
          <span>Loudspeaker</span>
          <select
            value={speaker.deviceId}
            onChange={({ currentTarget }) => void media.setSpeaker(currentTarget.value)}
          >
            <option value="">As the system has it</option>
            {outputs.map(({ deviceId, label }) => (
              <option key={deviceId} value={deviceId}>
                {label || 'Loudspeaker'}
              </option>
            ))}
          </select>
        </label>
      )}
      <button type="button" class="meet-small" aria-disabled={isTesting.value} onClick={() => void test()}>
        {isTesting.value ? 'Playing …' : 'Test tone'}
      </button>
      {can.speakerPicker && (
        <button type="button" class="meet-small" onClick={() => void media.pickSpeaker()}>
          Other loudspeakers …
        </button>
      )}
      {problem.value && <ErrorNote error={problem.value} onClose={() => (problem.value = null)} />}
    </div>
  );
}
