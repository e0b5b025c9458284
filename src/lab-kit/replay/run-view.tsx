import { useSignal, type Signal } from '@preact/signals';
import { browserAndVersion } from '../../rtc/browser.ts';
import { compareRuns } from '../../rtc/recording/compare.ts';
import { panelIds } from '../define.ts';
import { indexOf } from './scrub.ts';
import { Compared } from './compared.tsx';
import { Follow, useFollowing } from './follow.tsx';
import { FileButton } from './open-file.tsx';
import { Pictures } from './pictures.tsx';
import { CodePane } from '../panels/index.ts';
import { Scrubber } from './scrubber.tsx';
import type { ReplaySession } from './session.ts';
import { panelTabs, Tabs } from '../tabs.tsx';
import type { ReplayView } from './view.ts';

/** One run with everything, or two side by side with the same panel and what differs. */
export function Runs({ session }: { session: ReplaySession }) {
  const [a, b] = [session.a.value, session.b.value];
  // Of a stranger's call one wants to know first what was wrong; of a run of one's own what happened.
  const chosen = useSignal(a?.recording.lab === '' ? 'findings' : 'ladder');
  if (!a) return null;
  return b ? (
    <Two session={session} a={a} b={b} chosen={chosen} />
  ) : (
    <One session={session} view={a} chosen={chosen} />
  );
}

interface OneProps {
  readonly session: ReplaySession;
  readonly view: ReplayView;
  readonly chosen: Signal<string>;
}

function One({ session, view, chosen }: OneProps) {
  const { source } = view.recording;
  return (
    <>
      <div class="replay-head">
        <Title view={view} />
        <div class="replay-actions">
          <FileButton session={session} place="b" label="Compare with another file" />
          <FileButton session={session} place="a" label="Open another file" />
        </div>
      </div>
      <Scrubber view={view} />
      <div class="lab-body" data-has-code={source !== '' || undefined}>
        <div class="lab-stage">
          <Pictures view={view} />
        </div>
        <Tabs view={view} tabs={tabsOf(view)} chosen={chosen} />
        {source !== '' && (
          <section class="lab-code" aria-label="The code that ran">
            <p class="lab-code-title">
              <code>run.ts</code> as it was in this run.
            </p>
            <CodePane source={source} highlightLines={lineOf(view)} />
          </section>
        )}
      </div>
    </>
  );
}

interface TwoProps {
  readonly session: ReplaySession;
  readonly a: ReplayView;
  readonly b: ReplayView;
  readonly chosen: Signal<string>;
}

function Two({ session, a, b, chosen }: TwoProps) {
  const follow = useSignal<Follow>('step');
  useFollowing(a, b, follow);
  return (
    <div class="replay-two">
      <Follow follow={follow} />
      <div class="replay-columns">
        {(
          [
            ['a', a, 'First run'],
            ['b', b, 'Second run'],
          ] as const
        ).map(([place, view, name]) => (
          <section key={view.lab} class="replay-column" aria-label={name}>
            <div class="replay-head">
              <Title view={view} name={name} />
              <div class="replay-actions">
                <button type="button" class="replay-button" onClick={() => session.close(place)}>
                  Close this run
                </button>
              </div>
            </div>
            <Scrubber view={view} label={`${name}: moment`} />
            <Tabs view={view} tabs={tabsOf(view)} chosen={chosen} />
          </section>
        ))}
      </div>
      <Compared comparison={compareRuns(a.recording, b.recording)} />
    </div>
  );
}

function Title({ view, name }: { view: ReplayView; name?: string }) {
  const { title, userAgent, savedAt, arrangement, entries } = view.recording;
  const facts = [browserAndVersion(userAgent), arrangement.replaceAll('-', ' '), `${entries.length} entries`];
  return (
    <div class="replay-title">
      <h2>
        {name && <span>{name}: </span>}
        {title || 'A run'}
      </h2>
      <p>
        {facts.filter(Boolean).join(' · ')} · {view.recording.lab === '' ? 'began' : 'saved'}{' '}
        <time dateTime={savedAt}>{new Date(savedAt).toLocaleString()}</time>
      </p>
    </div>
  );
}

/** Every panel that needs no live connection. */
const tabsOf = (view: ReplayView) => panelTabs(view, panelIds);

/** The line of the code that the focused entry comes from. */
function lineOf(view: ReplayView): readonly number[] {
  const { list } = view.entries.value;
  const entry = list[indexOf(list, view.focus.value)];
  return view.focus.value !== null && entry && 'line' in entry && entry.line !== undefined
    ? [entry.line]
    : [];
}
