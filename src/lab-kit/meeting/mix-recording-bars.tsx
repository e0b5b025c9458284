import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';
import { mixRecordingsOf, type KeptMix, type MixSession } from './mix-recording.ts';
import { measureWords, recordsWords, timeWords, whatIsKept } from './mix-recording-words.ts';

interface Props {
  readonly session: MixSession;
}

/** What the server records, told to everybody, and what it has recorded; nothing while there is neither. */
export function MixRecordingBars({ session }: Props) {
  const { running, kept } = mixRecordingsOf(session);
  return (
    <>
      {running.value && <RunningBar session={session} />}
      {kept.value
        .filter(({ isShown }) => isShown)
        .map((mix) => (
          <KeptBar key={mix.path} mix={mix} session={session} />
        ))}
    </>
  );
}

function RunningBar({ session }: Props) {
  const mixes = mixRecordingsOf(session);
  const place = useFocusGoesOn();
  const { value: mix } = mixes.running;
  if (!mix) return null;
  const isEnding = mixes.asked.value === 'end';
  return (
    <div ref={place} class="meet-recording" data-mix role="group" aria-label="Recording on the server">
      <div class="meet-recording-row">
        <span>
          <span class="meet-recording-dot" aria-hidden="true" /> {recordsWords(mixes.host)}
        </span>
        <span class="meet-recording-size">
          since {timeWords(mix.begunMs)} · {measureWords(mix)}
        </span>
        {mixes.canAsk && (
          <button
            type="button"
            class="meet-small"
            aria-disabled={isEnding}
            onClick={() => void mixes.ask('end')}
          >
            {isEnding ? 'Is being finished …' : 'Stop recording'}
          </button>
        )}
      </div>
      <p class="meet-recording-what">{whatIsKept}</p>
    </div>
  );
}

function KeptBar({ mix, session }: Props & { readonly mix: KeptMix }) {
  const place = useFocusGoesOn();
  return (
    <div ref={place} class="meet-recording" data-kept role="group" aria-label="Recorded by the server">
      <KeptWords mix={mix} />
      <button
        type="button"
        class="meet-notice-close"
        aria-label="Put away: the link stays under «More»"
        title="Put away: the link stays under «More»"
        onClick={() => mixRecordingsOf(session).putAway(mix.path)}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

/** The server gives the file its name. */
const KeptWords = ({ mix }: { readonly mix: KeptMix }) => (
  <>
    <span>Recorded by the server at {timeWords(mix.begunMs)}</span>
    <span class="meet-recording-size">{measureWords(mix)}</span>
    <a href={mix.path} download="">
      Download (WebM)
    </a>
    <span class="meet-recording-size">deleted at {timeWords(mix.untilMs)}</span>
  </>
);

/** After the meeting: what can still be fetched of it. */
export function KeptMixes({ session }: Props) {
  const { kept } = mixRecordingsOf(session);
  return (
    <>
      {kept.value.map((mix) => (
        <p key={mix.path} class="meet-recording" data-kept>
          <KeptWords mix={mix} />
        </p>
      ))}
    </>
  );
}

/** In the menu: what the host may ask of the server, and the links to what there is. */
export function MixRecordingChoice({ session }: Props) {
  const mixes = mixRecordingsOf(session);
  const to = mixes.running.value ? 'end' : 'begin';
  return (
    <>
      {mixes.canAsk && !mixes.asked.value && (
        <button type="button" data-closes onClick={() => void mixes.ask(to)}>
          <Icon name="record" /> {to === 'end' ? 'Stop recording on the server' : 'Record on the server'}
        </button>
      )}
      {mixes.kept.value.map(({ path, begunMs }) => (
        <a key={path} href={path} download="" class="meet-popover-link" data-closes>
          <Icon name="download" /> Download the mix of {timeWords(begunMs)}
        </a>
      ))}
    </>
  );
}

/** When what has the focus goes, the next link to a recording gets it, else the toolbar: not the top of the page. */
function useFocusGoesOn() {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current: element } = place;
    return () => {
      if (!element?.contains(document.activeElement)) return;
      queueMicrotask(() => {
        document.querySelector<HTMLElement>('.meet-recordings [data-kept] a, .meet-toolbar button')?.focus();
      });
    };
  }, []);
  return place;
}
