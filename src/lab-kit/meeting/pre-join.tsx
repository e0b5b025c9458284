import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { limits } from '../../protocol/signaling.ts';
import { ErrorNote } from '../error-note.tsx';
import { readName } from './address.ts';
import { DevicePickers } from './devices.tsx';
import { Icon } from './icons.tsx';
import { LevelMeter } from './level-meter.tsx';
import { rememberedName, rememberName } from './own-name.ts';
import { Picture } from './picture.tsx';
import type { MeetingSession } from './session.ts';

/** Before a meeting: how one looks and sounds, with which devices, and under which name. */
export function PreJoin({ session, name }: { readonly session: MeetingSession; readonly name: string }) {
  const { media, local, phase } = session;
  const { camera, microphone } = local.value;
  const problem = useSignal('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const { is } = phase.value;
  const isJoining = is === 'joining';
  const submit = (event: Event) => {
    event.preventDefault();
    if (isJoining || !input.current) return;
    const read = readName(input.current.value);
    problem.value = 'problem' in read ? read.problem : '';
    if ('problem' in read) return input.current.focus();
    rememberName(read.value);
    void session.join(read.value);
  };
  const hasDevice = [camera, microphone].some((one) => one.is !== 'off' && one.origin?.from === 'device');
  const isAsking = camera.opening || microphone.opening;
  const useDevices = async () => {
    media.mute(false);
    // One after the other: together they would be refused together.
    await media.openCamera();
    await media.openMicrophone();
  };
  const useSynthetic = async () => {
    await media.openCamera('synthetic');
    await media.openMicrophone('synthetic');
  };
  const why = phase.value.is === 'joining' ? phase.value.why : undefined;
  return (
    <form class="meet-before" onSubmit={submit} noValidate>
      <div class="meet-preview ps-dark">
        <div class="meet-preview-picture">
          {camera.is === 'on' && media.tracks.camera ? (
            <Picture
              track={media.tracks.camera}
              label="Your picture, as the others will see it"
              mirrored={camera.origin?.from === 'device'}
            />
          ) : (
            <p>{camera.opening ? 'The browser is asking for the camera …' : 'Your camera is off.'}</p>
          )}
          {camera.is === 'on' && camera.origin?.from === 'synthetic' && (
            <p class="meet-badges">
              <span class="meet-badge">Synthetic</span>
            </p>
          )}
          <div class="meet-preview-buttons">
            <button
              type="button"
              class="meet-button"
              aria-pressed={microphone.is !== 'on'}
              aria-label="Join muted"
              title={microphone.is === 'on' ? 'Join muted' : 'Join with sound'}
              onClick={() => void media.toggleMicrophone()}
            >
              <Icon name={microphone.is === 'on' ? 'microphone' : 'microphone-off'} />
            </button>
            <button
              type="button"
              class="meet-button"
              aria-pressed={camera.is !== 'on'}
              aria-label="Join without a picture"
              title={camera.is === 'on' ? 'Join without a picture' : 'Join with a picture'}
              onClick={() => void media.toggleCamera()}
            >
              <Icon name={camera.is === 'on' ? 'camera' : 'camera-off'} />
            </button>
          </div>
        </div>
        {microphone.is === 'on' ? (
          <LevelMeter media={media} />
        ) : (
          <p class="meet-level">
            {microphone.is === 'muted' ? 'You join muted.' : 'Your microphone is off.'}
          </p>
        )}
      </div>
      <div class="meet-ready">
        <h2>Ready to join?</h2>
        <label class="meet-field">
          <span>Your name</span>
          <input
            ref={input}
            name="name"
            defaultValue={name || rememberedName()}
            autoComplete="name"
            spellcheck={false}
            // One more than may be: what is too long is said, not cut.
            maxLength={limits.nameLength * 2}
            aria-describedby="meet-name-problem"
            aria-invalid={problem.value !== ''}
          />
        </label>
        <p id="meet-name-problem" class="meet-problem" role="alert">
          {problem.value}
        </p>
        <p class="meet-join">
          <button type="submit" class="meet-primary" aria-disabled={isJoining}>
            {isJoining ? 'Joining …' : 'Join'}
          </button>
          {isJoining && (
            <button type="button" class="meet-small" onClick={() => session.giveUp()}>
              Not now
            </button>
          )}
        </p>
        <p class="meet-why" role="status">
          {why === undefined
            ? ''
            : 'The server does not answer. This page goes on trying; is the server running, and is this device online?'}
        </p>
        {hasDevice ? (
          <p class="meet-source">
            <button type="button" class="meet-small" onClick={() => void useSynthetic()}>
              Use a synthetic picture and tone
            </button>
          </p>
        ) : (
          <div class="meet-source">
            <p class="meet-hint">
              A drawn picture and a tone stand in for you: no device, no permission. The browser asks you for
              one when you press this.
            </p>
            <button
              type="button"
              class="meet-small"
              aria-disabled={isAsking}
              onClick={() => void useDevices()}
            >
              {isAsking ? 'The browser is asking you …' : 'Use camera and microphone'}
            </button>
          </div>
        )}
        <DeviceProblems session={session} />
        <details class="meet-more-devices">
          <summary>Devices</summary>
          <DevicePickers session={session} />
        </details>
        <p class="meet-hint">
          Meeting <code>{session.mid}</code> · <a href="/meet/">another one</a>
        </p>
      </div>
    </form>
  );
}

/** What went wrong with a device, as a lesson. Camera and microphone mostly fail for one reason: it is said once. */
export function DeviceProblems({ session }: { readonly session: MeetingSession }) {
  const closed = useSignal<ReadonlySet<unknown>>(new Set());
  const { camera, microphone, screen } = session.local.value;
  const open = [camera.problem, microphone.problem, screen.problem]
    .filter((problem) => problem !== null)
    .filter((problem) => !closed.value.has(problem));
  const different = open.filter(({ code }, index) => open.findIndex((one) => one.code === code) === index);
  return (
    <>
      {different.map((problem) => (
        <ErrorNote
          key={problem.code}
          error={problem}
          onClose={() =>
            (closed.value = new Set([...closed.value, ...open.filter(({ code }) => code === problem.code)]))
          }
        />
      ))}
    </>
  );
}
