import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { PanelProps } from '../../lab-kit/view.ts';
import type { Bench } from '../../rtc/bench.ts';
import { attachStream } from '../../rtc/media/playback.ts';
import { askDesk, type Answer, type Wish } from './asking.ts';
import { watchStanding, type Standing, type Told } from './states.ts';
import { refusals } from './zoo.ts';
import './permission.css';

const real: readonly { readonly name: string; readonly constraints: MediaStreamConstraints }[] = [
  { name: 'Camera', constraints: { video: true } },
  { name: 'Microphone', constraints: { audio: true } },
  { name: 'Both', constraints: { audio: true, video: true } },
  { name: 'Neither', constraints: {} },
];

/** Buttons that really ask, buttons that are refused on purpose, and what a person should read each time. */
export function PermissionPanel({ view }: PanelProps) {
  const bench = view.bench.value;
  const desk = bench && view.state.value === 'running' ? askDesk(bench) : null;
  const isFree = desk !== null && !desk.busy.value;
  const ask = (wish: Wish) => desk?.ask(wish);
  return (
    <div class="ps-panel permission">
      <StandingList />
      <section class="permission-group" aria-label="Really ask">
        <h3>Really ask</h3>
        <p class="permission-buttons">
          {real.map(({ name, constraints }) => (
            <button
              key={name}
              type="button"
              class="ps-button"
              disabled={!isFree}
              onClick={() => ask({ constraints, refusal: undefined })}
            >
              {name}
            </button>
          ))}
        </p>
      </section>
      <section class="permission-group" aria-label="Be refused on purpose">
        <h3>
          Be refused on purpose <small class="permission-injected">injected</small>
        </h3>
        <p class="permission-buttons">
          {refusals.map((refusal) => (
            <button
              key={refusal.id}
              type="button"
              class="ps-button"
              data-refusal={refusal.id}
              disabled={!isFree}
              title={refusal.when}
              onClick={() => ask({ constraints: { video: true }, refusal })}
            >
              {refusal.name}
            </button>
          ))}
        </p>
      </section>
      <Outcome
        bench={bench}
        answer={bench ? askDesk(bench).told.value : null}
        isAsking={desk?.busy.value === true}
      />
    </div>
  );
}

const yes = (is: boolean) => (is ? 'yes' : 'no');
const toldWords: Readonly<Record<Told, string>> = {
  granted: 'granted: the browser does not ask',
  denied: 'denied: the browser does not ask',
  prompt: 'prompt: the browser will ask',
  untold: 'this browser does not tell',
};

/** What decides whether there will be a question at all; it changes when you answer one. */
function StandingList() {
  const standing = useSignal<Standing | null>(null);
  useEffect(() => {
    const end = new AbortController();
    const stop = watchStanding(end.signal).subscribe((now) => (standing.value = now));
    return () => (stop(), end.abort());
  }, []);
  const now = standing.value;
  return (
    <dl class="permission-standing" aria-live="polite">
      <dt>Secure context</dt>
      <dd>{now ? yes(now.secureContext) : '…'}</dd>
      <dt>navigator.mediaDevices</dt>
      <dd>{now ? (now.mediaDevices ? 'there' : 'undefined') : '…'}</dd>
      <dt>Camera</dt>
      <dd data-permission="camera">{now ? toldWords[now.camera] : '…'}</dd>
      <dt>Microphone</dt>
      <dd data-permission="microphone">{now ? toldWords[now.microphone] : '…'}</dd>
    </dl>
  );
}

interface OutcomeProps {
  readonly bench: Bench | null;
  readonly answer: Answer | null;
  readonly isAsking: boolean;
}

function Outcome({ bench, answer, isAsking }: OutcomeProps) {
  return (
    <section class="permission-outcome" aria-label="What came of it" aria-live="polite">
      {isAsking ? (
        <p>The promise is pending: the browser is asking you, or starts the device.</p>
      ) : answer === null ? (
        <p class="permission-soft">
          {bench ? 'Choose what to ask for.' : 'Press Run, then choose what to ask for.'}
        </p>
      ) : answer.is === 'stream' ? (
        <Open key={answer.stream.id} bench={bench} stream={answer.stream} />
      ) : (
        <Refused answer={answer} />
      )}
    </section>
  );
}

function Refused({ answer: { refusal, thrown, error } }: { answer: Extract<Answer, { is: 'refused' }> }) {
  const { name, message, constraint } = thrown as { name: string; message: string; constraint?: string };
  return (
    <>
      <p>
        {refusal ? (
          <small class="permission-injected">injected</small>
        ) : (
          <small class="permission-real">by the browser</small>
        )}{' '}
        <code>{name}</code>
        {constraint ? (
          <>
            {' '}
            constraint <code>{constraint}</code>
          </>
        ) : null}
        {message ? ` “${message}”` : ''}
      </p>
      <p class="permission-say">
        <strong>{error.help.what}</strong> {error.help.next}
      </p>
      <p class="permission-soft">
        The page’s own word for it: <code>{error.code}</code>
      </p>
    </>
  );
}

/** What was opened: the picture, the sound, and a button that gives the devices back. */
function Open({ bench, stream }: { bench: Bench | null; stream: MediaStream }) {
  const video = useRef<HTMLVideoElement>(null);
  const isOver = useSignal(false);
  const [picture] = stream.getVideoTracks();
  useEffect(() => {
    if (!bench || !video.current) return undefined;
    const shown = new AbortController();
    const signal = AbortSignal.any([shown.signal, bench.signal]);
    attachStream(video.current, stream, { signal }).catch(() => {}); // muted: nothing keeps it from playing
    return () => shown.abort();
  }, [bench, stream]);
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
    isOver.value = true;
  };
  return (
    <div class="permission-open">
      {/* What the camera or microphone gives this very moment: nobody can have written captions for it. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <video
        ref={video}
        aria-label="What was opened"
        data-picture={picture !== undefined}
        muted
        playsInline
        controls={!picture}
        width={640}
        height={360}
      />
      <div>
        <ul>
          {stream.getTracks().map((track) => (
            <li key={track.id}>
              <code>{track.kind}</code> {track.label} · {isOver.value ? 'ended' : track.readyState}
            </li>
          ))}
        </ul>
        {!picture && (
          <p class="permission-soft">
            Muted, so that you do not hear yourself. Unmute it with headphones on, else it howls.
          </p>
        )}
        <button type="button" class="ps-button" disabled={isOver.value} onClick={stop}>
          Stop the tracks
        </button>
      </div>
    </div>
  );
}
