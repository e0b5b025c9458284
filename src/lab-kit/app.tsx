import { ActiveFaults } from './active-faults.tsx';
import { ErrorNote } from './error-note.tsx';
import { Invitation } from './invitation.tsx';
import { arrangementNames } from './define.ts';
import { mediaSources } from './media-source.ts';
import { CodePane, panels } from './panels/index.ts';
import { RunFile } from './run-file.tsx';
import { PresentButton, usePresenter } from './presenter.tsx';
import type { LabSession } from './session.ts';
import { Stepper } from './stepper.tsx';
import { panelTabs, Tabs, type Tab } from './tabs.tsx';
import type { RunState } from './view.ts';
import './app.css';

/** How much room a lab has: a whole page, a place beside a lesson, or the home page's window on a call. */
export type LabSize = 'full' | 'pane' | 'compact';

interface Props {
  readonly session: LabSession;
  readonly size: LabSize;
  /** The source of `run.ts`, highlighted when the site was built. */
  readonly codeHtml: string;
}

const stateWords: Record<RunState, string> = {
  idle: 'Ready',
  waiting: 'Getting ready',
  running: 'Running',
  ended: 'Stopped',
  failed: 'Failed',
};

/** A lab as the learner sees it: what to press, who is on the call, and the panels. */
export function LabApp({ session, size, codeHtml }: Props) {
  const { definition, problem } = session;
  const elsewhere = session.arrangement.value !== 'one-page';
  const { presenting: isPresented, focus } = session;
  usePresenter({ presenting: isPresented, isLooking: () => focus.peek() !== null }, size === 'full');
  const presenting = size === 'full' && session.presenting.value;
  return (
    <div class="lab" data-size={size} data-state={session.state.value} data-present={presenting || undefined}>
      <Toolbar session={session} size={size} />
      {size !== 'compact' && <Stepper session={session} />}
      {problem.value && <ErrorNote error={problem.value} onClose={() => (problem.value = null)} />}
      {elsewhere && !definition.carrier && session.arrangement.value !== 'bot' && (
        <Invitation session={session} />
      )}
      {session.arrangement.value === 'bot' && <BotNote session={session} />}
      <div class="lab-body">
        <div class="lab-stage">
          {definition.panels.includes('tiles') && <panels.tiles.component view={session} />}
          {definition.panel && !presenting && <definition.panel.component view={session} />}
        </div>
        <Tabs view={session} tabs={tabsOf({ session, size, codeHtml })} numbered={presenting} />
        {size === 'full' && !presenting && (
          <section class="lab-code" aria-label="The code that runs">
            <CodeTitle />
            <Code session={session} html={codeHtml} />
          </section>
        )}
      </div>
      {size === 'pane' && <RunFile view={session} />}
    </div>
  );
}

/** The lab's panels; beside a lesson the code is one of them, and the home page shows the first one only. */
function tabsOf({ session, size, codeHtml }: Props): readonly Tab[] {
  const { definition } = session;
  const tabs = panelTabs(session, definition.panels);
  if (size === 'compact') return tabs.slice(0, 1);
  const presenting = session.presenting.value;
  if (size === 'full' && !presenting) return tabs;
  const code = () => (
    <div class="lab-code">
      <CodeTitle />
      <Code session={session} html={codeHtml} />
    </div>
  );
  const { panel } = definition;
  const own =
    panel && presenting
      ? [{ id: 'own', title: panel.title, render: () => <panel.component view={session} /> }]
      : [];
  return [...own, ...tabs, { id: 'code', title: 'Code', render: code }];
}

/** The file that runs; the line of the step that waits is marked, else the line of the entry in focus. */
function Code({ session, html }: { session: LabSession; html: string }) {
  const { definition, stepping, focus, entries } = session;
  const waiting = stepping.line.value;
  const entry = focus.value === null ? undefined : entries.value.list[focus.value];
  const focused = entry && 'line' in entry ? entry.line : undefined;
  const line = waiting ?? (stepping.held.value ? undefined : focused);
  return (
    <CodePane
      source={definition.source}
      html={html}
      isWaiting={waiting !== undefined}
      {...(line !== undefined && { highlightLines: [line] })}
    />
  );
}

function CodeTitle() {
  return (
    <p class="lab-code-title">
      <code>run.ts</code> What you read is what runs: this is the file that the button executes.
    </p>
  );
}

function Toolbar({ session, size }: { session: LabSession; size: LabSize }) {
  const { definition } = session;
  const busy = session.state.value === 'running' || session.state.value === 'waiting';
  return (
    <div class="lab-toolbar" role="group" aria-label={`${definition.title}: controls`}>
      <button
        type="button"
        class="lab-run"
        data-run
        onClick={() => (busy ? session.stop() : void session.start())}
        data-busy={busy || undefined}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d={busy ? 'M4 4h8v8H4z' : 'M4.5 2.5 13 8l-8.5 5.5z'} />
        </svg>
        {busy ? 'Stop' : runLabel(session)}
      </button>
      {size === 'full' && session.presenting.value && <h1 class="lab-title">{definition.title}</h1>}
      {size !== 'compact' && (
        <>
          {definition.arrangements.length > 1 && (
            <Choice
              label="Peers"
              name="arrangement"
              session={session}
              value={session.arrangement.value}
              options={definition.arrangements.map((id) => [
                id,
                arrangementNames[id].label,
                arrangementNames[id].hint,
              ])}
            />
          )}
          {definition.media && (
            <Choice
              label="Picture and sound"
              name="source"
              session={session}
              value={session.source.value}
              options={mediaSources.map((id) => [id, id === 'synthetic' ? 'Synthetic' : 'Camera'])}
            />
          )}
          {Object.entries(definition.controls).map(([name, spec]) => (
            <Choice
              key={name}
              label={spec.label}
              name={name}
              session={session}
              value={session.controls.value[name] ?? spec.initial}
              options={Object.entries(spec.choices)}
            />
          ))}
        </>
      )}
      <ActiveFaults view={session} />
      <p class="lab-status" role="status">
        <span class="lab-dot" aria-hidden="true" />
        {statusWords(session)}
      </p>
      {size === 'full' && <RunFile view={session} />}
      {size === 'full' && <PresentButton presenting={session.presenting} />}
    </div>
  );
}

/** A choice ends the run that was made with another one. */
function choose(session: LabSession, name: string, value: string): void {
  const again = session.state.value === 'running' && session.arrangement.value === 'one-page';
  session.stop();
  session.choose(name, value);
  if (again && session.arrangement.value === 'one-page') void session.start();
}

/** What the other end is, told before anybody takes it for a browser. */
function BotNote({ session }: { session: LabSession }) {
  const [here = 'alice', there = 'bob'] = session.peers.value;
  return (
    <div class="lab-invitation" data-bot>
      <p>
        This page is <b>{here}</b>. <b>{there}</b> is a bot: a small WebRTC stack in this server’s Node
        process. It answers each offer and sends back what it receives, so the picture you get is your own,
        after a round trip. It decodes nothing and keeps nothing, and leaves when you do.
      </p>
    </div>
  );
}

function runLabel({ arrangement, definition, state }: LabSession): string {
  if (arrangement.value === 'bot') return state.value === 'ended' ? 'Call again' : 'Call the bot';
  if (arrangement.value !== 'one-page' && !definition.carrier) return 'Join the call';
  if (state.value === 'ended' || state.value === 'failed') return 'Run again';
  return definition.media ? 'Start the call' : 'Run';
}

function statusWords({ state, meeting, hosted, arrangement }: LabSession): string {
  if (meeting.value === 'waiting' && arrangement.value === 'bot') return 'Inviting the bot';
  if (meeting.value === 'connecting') return 'Connecting to the signaling server';
  if (meeting.value === 'waiting') return 'Waiting for the other side';
  const [self] = hosted.value;
  return meeting.value === 'paired' && self ? `Running. This page is ${self}` : stateWords[state.value];
}

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly session: LabSession;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string, hint?: string])[];
}

function Choice({ label, name, session, value, options }: ChoiceProps) {
  return (
    <label class="lab-choice">
      <span>{label}</span>
      <select
        name={name}
        value={value}
        onChange={(event) => choose(session, name, event.currentTarget.value)}
      >
        {options.map(([id, text, hint]) => (
          <option key={id} value={id} title={hint}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
