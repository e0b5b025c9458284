import { layouts, type Layout } from '../../rtc/meeting/media/grid.ts';
import { actions } from './actions.ts';
import { BotMenu } from './bot-menu.tsx';
import { Icon, type IconName } from './icons.tsx';
import { DevicePickers } from './devices.tsx';
import { MixRecordingChoice } from './mix-recording-bars.tsx';
import { peopleOf } from './people/people.ts';
import { ReactionPicker } from './people/reactions.tsx';
import { Popover } from './popover.tsx';
import { canRecord, recordingOf } from './recording.ts';
import type { MeetingSession } from './session.ts';
import { shortNames } from './topology/words.ts';

interface ToolProps {
  readonly icon: IconName;
  /** Says what a click does. */
  readonly label: string;
  /** Below the sign, where there is room. */
  readonly text: string;
  readonly shortcut?: string;
  readonly pressed?: boolean;
  readonly class?: string;
  /** The panel that it opens. */
  readonly panel?: 'people' | 'chat';
  /** How much is new; 0 is not shown. */
  readonly count?: number;
  readonly onClick: () => void;
}

/** A button of the toolbar. */
function Tool({
  icon,
  label,
  text,
  shortcut,
  pressed,
  class: className = '',
  panel,
  count = 0,
  onClick,
}: ToolProps) {
  const key = shortcut?.toUpperCase();
  return (
    <button
      type="button"
      class={`meet-button ${className}`}
      aria-label={label}
      title={key ? `${label} (${key})` : label}
      {...(key && { 'aria-keyshortcuts': key })}
      {...(pressed !== undefined && { 'aria-pressed': pressed })}
      {...(panel && { 'data-panel': panel })}
      onClick={onClick}
    >
      <Icon name={icon} />
      <span aria-hidden="true">{text}</span>
      {count > 0 && (
        <span class="people-count-badge" aria-hidden="true">
          {count > 99 ? '99+' : count}
        </span>
      )}
    </button>
  );
}

const layoutWords: Record<Layout, string> = {
  grid: 'Grid: all alike',
  speaker: 'Speaker large, the others below',
  side: 'Speaker large, the others at the side',
};

/** What a person does most in a meeting, at its lower edge. */
export function Toolbar({ session }: { readonly session: MeetingSession }) {
  const { local, media, view } = session;
  const { microphone, camera, screen, can } = local.value;
  const isOn = microphone.is === 'on';
  const people = peopleOf(session);
  const isHandUp = typeof session.self.value?.handAtMs === 'number';
  const unread = people.unread.value;
  const topologyName = shortNames[session.topology.value];
  const waiting = people.lobby.value.waiting.length;
  return (
    <div class="meet-toolbar" role="toolbar" aria-label="Meeting">
      <div class="meet-tools">
        <Tool
          icon={isOn ? 'microphone' : 'microphone-off'}
          label={isOn ? 'Mute' : 'Unmute'}
          text={isOn ? 'Mute' : 'Unmute'}
          shortcut={actions.microphone.key}
          class={isOn ? '' : 'meet-is-off'}
          onClick={() => actions.microphone.act(session)}
        />
        <Tool
          icon={camera.is === 'on' ? 'camera' : 'camera-off'}
          label={camera.is === 'on' ? 'Turn the camera off' : 'Turn the camera on'}
          text="Camera"
          shortcut={actions.camera.key}
          class={camera.is === 'on' ? '' : 'meet-is-off'}
          onClick={() => actions.camera.act(session)}
        />
        {screen.is === 'on' ? (
          <Tool
            icon="screen"
            label="Stop sharing"
            text="Stop sharing"
            shortcut={actions.screen.key}
            class="meet-is-on"
            onClick={() => media.stopScreen()}
          />
        ) : (
          <Popover label="Share a screen" icon="screen" text="Share">
            {can.screen && (
              <button type="button" data-closes onClick={() => void media.shareScreen({ sound: true })}>
                <Icon name="screen" /> A screen, a window or a tab …
              </button>
            )}
            <button type="button" data-closes onClick={() => media.shareSynthetic()}>
              <Icon name="layout" /> A drawn desktop (synthetic)
            </button>
          </Popover>
        )}
        <Tool
          icon="hand"
          label={isHandUp ? 'Lower your hand' : 'Raise your hand'}
          text="Hand"
          shortcut={actions.hand.key}
          pressed={isHandUp}
          class="people-wide"
          onClick={() => actions.hand.act(session)}
        />
        <Popover label="React" icon="smile" text="React">
          <ReactionPicker session={session} />
          <button type="button" data-closes aria-pressed={isHandUp} onClick={() => actions.hand.act(session)}>
            <Icon name="hand" /> {isHandUp ? 'Lower your hand' : 'Raise your hand'}
          </button>
        </Popover>
        <Tool
          icon="people"
          label={waiting > 0 ? `People, ${waiting} waiting` : 'People'}
          text="People"
          shortcut={actions.people.key}
          pressed={view.panel.value === 'people'}
          panel="people"
          count={waiting}
          class="meet-wide"
          onClick={() => actions.people.act(session)}
        />
        <Tool
          icon="chat"
          label={unread > 0 ? `Chat, ${unread} new` : 'Chat'}
          text="Chat"
          shortcut={actions.chat.key}
          pressed={view.panel.value === 'chat'}
          panel="chat"
          count={unread}
          onClick={() => actions.chat.act(session)}
        />
        <Tool
          icon="inspect"
          label="Inspect every connection"
          text="Inspect"
          shortcut={actions.inspect.key}
          pressed={view.drawer.value}
          class="meet-wide"
          onClick={() => actions.inspect.act(session)}
        />
        <Tool
          icon="topology"
          label={`How the media travel: ${topologyName}`}
          text={topologyName}
          shortcut={actions.topology.key}
          class="meet-wide"
          onClick={() => actions.topology.act(session)}
        />
        <Popover label="Bots" icon="bot" text="Bots" class="meet-wide">
          <BotMenu session={session} />
        </Popover>
        <Popover label="More" icon="more" text="More">
          <button type="button" class="meet-narrow" data-closes onClick={() => actions.people.act(session)}>
            <Icon name="people" /> {waiting > 0 ? `People, ${waiting} waiting` : 'People'}
          </button>
          <button type="button" class="meet-narrow" data-closes onClick={() => actions.inspect.act(session)}>
            <Icon name="inspect" /> Inspect every connection
          </button>
          <button type="button" class="meet-narrow" data-closes onClick={() => actions.topology.act(session)}>
            <Icon name="topology" /> How the media travel: {topologyName}
          </button>
          {canRecord() && recordingOf(session).status.value.is === 'off' && (
            <button type="button" data-closes onClick={() => void recordingOf(session).start()}>
              <Icon name="record" /> Record this meeting
            </button>
          )}
          <MixRecordingChoice session={session} />
          <fieldset class="meet-choices">
            <legend>Layout</legend>
            {layouts.map((layout) => (
              <label key={layout}>
                <input
                  type="radio"
                  name="layout"
                  checked={view.layout.value === layout}
                  onChange={() => session.setLayout(layout)}
                />
                {layoutWords[layout]}
              </label>
            ))}
          </fieldset>
          {view.hidesSelf.value && (
            <button type="button" data-closes onClick={() => (view.hidesSelf.value = false)}>
              <Icon name="camera" /> Show my picture again
            </button>
          )}
          <button type="button" data-closes onClick={() => (view.dialog.value = 'settings')}>
            <Icon name="settings" /> Devices
          </button>
          {document.fullscreenEnabled && (
            <button type="button" data-closes onClick={() => toggleFullScreen(session)}>
              <Icon name="full-screen" /> Full screen
            </button>
          )}
          <div class="meet-narrow meet-list">
            <BotMenu session={session} />
          </div>
          <button
            type="button"
            data-closes
            aria-keyshortcuts={actions.shortcuts.key}
            onClick={() => actions.shortcuts.act(session)}
          >
            <Icon name="keyboard" /> Keyboard shortcuts
          </button>
        </Popover>
        <Tool
          icon="leave"
          label="Leave the meeting"
          text="Leave"
          class="meet-leave"
          onClick={() => session.leave()}
        />
      </div>
    </div>
  );
}

function toggleFullScreen({ notices }: MeetingSession): void {
  const place = document.querySelector('.meet-room');
  const done = document.fullscreenElement ? document.exitFullscreen() : place?.requestFullscreen();
  done?.catch(() => void notices.tell('This browser shows nothing in full screen.'));
}

/** The devices, during a meeting. */
export const Settings = ({ session }: { readonly session: MeetingSession }) => (
  <>
    <DevicePickers session={session} />
    <label class="meet-check">
      <input
        type="checkbox"
        checked={session.view.hidesSelf.value}
        onChange={({ currentTarget }) => (session.view.hidesSelf.value = currentTarget.checked)}
      />
      Hide my picture from me
    </label>
  </>
);
