import { Dialog, Shortcuts } from './dialog.tsx';
import { Entry } from './entry.tsx';
import { Inspect } from './inspect.tsx';
import { NoticeList } from './notice-list.tsx';
import { mixRecordingsOf } from './mix-recording.ts';
import { MixRecordingBars } from './mix-recording-bars.tsx';
import { peopleOf } from './people/people.ts';
import { ReactionLive } from './people/reactions.tsx';
import { SidePanel } from './people/side-panel.tsx';
import { Lobby, Over } from './over.tsx';
import { DeviceProblems, PreJoin } from './pre-join.tsx';
import { RecordingBar } from './recording-bar.tsx';
import type { MeetingSession } from './session.ts';
import { Sounds, startSounds } from './sounds.tsx';
import { Stage } from './stage.tsx';
import { Settings, Toolbar } from './toolbar.tsx';
import { TopologyDialog } from './topology/topology-dialog.tsx';
import '../app.css';
import './meeting.css';

interface AppProps {
  /** Null: the address names no meeting. */
  readonly session: MeetingSession | null;
  readonly problem: string | null;
  /** A name to begin with. */
  readonly name: string;
}

/** The page of meetings: a way into one, the preview, the meeting, and its end. */
export function MeetApp({ session, problem, name }: AppProps) {
  if (!session) return <Entry problem={problem} />;
  // These listen from the first moment on, whatever is shown.
  peopleOf(session);
  mixRecordingsOf(session);
  const phase = session.phase.value;
  return (
    <div class="meet" data-phase={phase.is}>
      {(phase.is === 'before' || phase.is === 'joining') && <PreJoin session={session} name={name} />}
      {phase.is === 'lobby' && <Lobby session={session} />}
      {phase.is === 'over' && <Over session={session} error={phase.error} />}
      {phase.is === 'in' && <Room session={session} />}
      <NoticeList notices={session.notices} />
    </div>
  );
}

function Room({ session }: { readonly session: MeetingSession }) {
  const { view } = session;
  const start = () => {
    void startSounds().then((isDone) => (view.isSilent.value = !isDone));
  };
  return (
    <div class="meet-room">
      <div class="meet-middle ps-dark">
        {view.isSilent.value && (
          <p class="meet-silent" role="alert">
            The browser waits for a click before it plays sound: you hear nobody yet.
            <button type="button" class="meet-primary" onClick={start}>
              Start the sound
            </button>
          </p>
        )}
        <div class="meet-recordings">
          <RecordingBar session={session} />
          <MixRecordingBars session={session} />
        </div>
        <Stage session={session} />
        <Toolbar session={session} />
      </div>
      <SidePanel session={session} />
      <Inspect session={session} />
      <ReactionLive session={session} />
      <div class="meet-errors">
        <DeviceProblems session={session} />
      </div>
      <Sounds session={session} />
      {view.dialog.value === 'settings' && (
        <Dialog title="Devices" onClose={() => (view.dialog.value = null)}>
          <Settings session={session} />
        </Dialog>
      )}
      {view.dialog.value === 'topology' && (
        <TopologyDialog session={session} onClose={() => (view.dialog.value = null)} />
      )}
      {view.dialog.value === 'shortcuts' && (
        <Dialog title="Keyboard shortcuts" onClose={() => (view.dialog.value = null)}>
          <Shortcuts />
        </Dialog>
      )}
    </div>
  );
}
