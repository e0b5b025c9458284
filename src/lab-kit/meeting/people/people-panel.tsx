import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { DisplayName, limits, type Member, type PeerId } from '../../../protocol/signaling.ts';
import type { Path } from '../../../rtc/meeting/path.ts';
import type { RoomClient } from '../../../rtc/signaling/room-client.ts';
import { Dialog } from '../dialog.tsx';
import { Icon } from '../icons.tsx';
import { Popover } from '../popover.tsx';
import type { MeetingSession, Person } from '../session.ts';
import { ShareLink, useLink } from '../share.tsx';
import { fullLoudness } from '../view.ts';
import { awayWords, wayWords } from '../words.ts';
import { peopleOf, type People } from './people.ts';
import { handPlace } from './reactions.tsx';
import { usePaths } from './use-paths.ts';
import { pathWords, throughWords } from './words.ts';
import './people.css';

/** Who is here, what they do, and what a host can do. */
export function PeoplePanel({ session }: { readonly session: MeetingSession }) {
  const people = peopleOf(session);
  const paths = usePaths(session);
  const { link } = useLink(session.mid);
  const removing = useSignal<Member | null>(null);
  const { value: self } = session.self;
  const room = session.meeting.value?.room;
  if (!self || !room) return null;
  const isHost = self.role === 'host';
  const others = session.people.value;
  return (
    <div class="people-panel">
      {isHost && <HostTools session={session} people={people} room={room} />}
      <section aria-labelledby="people-here">
        <h3 id="people-here">
          In the meeting <span class="people-number">{others.length + 1}</span>
        </h3>
        <ul class="people-list">
          <Row session={session} member={self} isSelf path={undefined}>
            <OwnActs session={session} people={people} self={self} room={room} />
          </Row>
          {others.map((person) => (
            <Row
              key={person.peer}
              session={session}
              member={person.member}
              person={person}
              path={paths.value.get(person.peer)}
            >
              <PersonMenu
                session={session}
                people={people}
                room={room}
                member={person.member}
                isHost={isHost}
                onRemove={() => (removing.value = person.member)}
              />
            </Row>
          ))}
        </ul>
      </section>
      <section class="people-invite" aria-labelledby="people-link">
        <h3 id="people-link">Invite somebody</h3>
        <ShareLink link={link} />
      </section>
      {removing.value && (
        <Removal
          member={removing.value}
          onClose={() => (removing.value = null)}
          onYes={(peer) => void people.attempt(() => room.remove(peer))}
        />
      )}
    </div>
  );
}

interface RowProps {
  readonly session: MeetingSession;
  readonly member: Member;
  readonly person?: Person;
  readonly isSelf?: boolean;
  readonly path: Path | undefined;
  readonly children: ComponentChildren;
}

function Row({ session, member, person, isSelf = false, path, children }: RowProps) {
  const place = handPlace(session, member.peer);
  const isMuted = isSelf ? session.local.value.microphone.is !== 'on' : member.media.muted;
  const topology = session.topology.value;
  // Where the media of nobody come straight, there is no path to somebody.
  const way = pathWords(path) ?? (person && topology !== 'mesh' ? throughWords(topology) : null);
  const trouble =
    awayWords(member) ??
    (person && !member.bot ? wayWords(person.link, topology, session.servers.value) : null);
  const marks = [
    ...(member.role === 'host' ? ['Host'] : []),
    ...(member.bot ? ['Bot'] : []),
    ...(isMuted ? ['Muted'] : []),
    ...(member.media.screen ? ['Shares a screen'] : []),
  ];
  return (
    <li class="people-row" data-peer={member.peer} data-role={member.role}>
      <div class="people-who">
        <span class="people-name">
          <bdi>{member.name}</bdi>
          {isSelf && ' (you)'}
        </span>
        <span class="people-marks">
          {place !== null && (
            <span class="people-hand-mark">
              <Icon name="hand" /> Hand {place}
            </span>
          )}
          {marks.map((mark) => (
            <span key={mark}>{mark}</span>
          ))}
          {trouble && <span class="people-trouble">{trouble}</span>}
          {!trouble && way && (
            <span class="people-path" title={way.title}>
              {way.text}
            </span>
          )}
        </span>
      </div>
      {children}
    </li>
  );
}

interface OwnActsProps {
  readonly session: MeetingSession;
  readonly people: People;
  readonly self: Member;
  readonly room: RoomClient;
}

function OwnActs({ people, self, room }: OwnActsProps) {
  const isRenaming = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  if (isRenaming.value)
    return (
      <Rename
        name={self.name}
        onName={(name) => void people.attempt(() => room.rename(name))}
        onClose={() => {
          isRenaming.value = false;
          // The field that had the focus is gone.
          setTimeout(() => button.current?.focus());
        }}
      />
    );
  return (
    <span class="people-own">
      <button
        type="button"
        class="meet-small"
        aria-pressed={self.handAtMs !== null}
        onClick={() => people.toggleHand()}
      >
        {self.handAtMs === null ? 'Raise hand' : 'Lower hand'}
      </button>
      <button ref={button} type="button" class="meet-small" onClick={() => (isRenaming.value = true)}>
        Rename
      </button>
    </span>
  );
}

interface RenameProps {
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly onClose: () => void;
}

function Rename({ name, onName, onClose }: RenameProps) {
  const problem = useSignal('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    const parsed = DisplayName.safeParse(field.current?.value ?? '');
    if (!parsed.success) {
      problem.value = `A name has 1 to ${limits.nameLength} characters, and none that cannot be seen or that turn the text around.`;
      return;
    }
    if (parsed.data !== name) onName(parsed.data);
    onClose();
  };
  return (
    <form class="people-rename" onSubmit={submit}>
      <input
        ref={field}
        type="text"
        aria-label="Your name"
        aria-describedby="people-rename-problem"
        aria-invalid={problem.value !== ''}
        defaultValue={name}
        autoComplete="off"
        onKeyDown={({ key }) => {
          if (key === 'Escape') onClose();
        }}
      />
      <button type="submit" class="meet-small people-primary">
        Save
      </button>
      <button type="button" class="meet-small" onClick={onClose}>
        Cancel
      </button>
      <p id="people-rename-problem" class="people-problem" role="alert">
        {problem.value}
      </p>
    </form>
  );
}

interface PersonMenuProps {
  readonly session: MeetingSession;
  readonly people: People;
  readonly room: RoomClient;
  readonly member: Member;
  readonly isHost: boolean;
  readonly onRemove: () => void;
}

function PersonMenu({ session, people, room, member, isHost, onRemove }: PersonMenuProps) {
  const { view } = session;
  const { peer, name } = member;
  const { volume, isMuted } = view.loudness.value.get(peer) ?? fullLoudness;
  const act = (request: () => Promise<void>) => () => void people.attempt(request);
  return (
    <Popover label={`More for ${name}`} icon="more">
      {session.topology.value === 'mcu' ? (
        <p class="meet-popover-text">
          The mixer sends one sound of all the others: nobody can be made softer alone.
        </p>
      ) : (
        <>
          <label class="meet-field">
            <span>Volume, for you alone</span>
            <input
              type="range"
              min="0"
              max="1"
              step="0.05"
              value={volume}
              onInput={({ currentTarget }) => view.setLoudness(peer, { volume: currentTarget.valueAsNumber })}
            />
          </label>
          <button
            type="button"
            aria-pressed={isMuted}
            onClick={() => view.setLoudness(peer, { isMuted: !isMuted })}
          >
            {isMuted ? 'Hear them again' : 'Mute for me'}
          </button>
        </>
      )}
      {isHost && (
        <>
          {!member.media.muted && (
            <button
              type="button"
              data-closes
              title="Their page mutes itself; unmuting is up to them"
              onClick={act(() => room.askToMute(peer))}
            >
              Mute for everybody
            </button>
          )}
          {member.handAtMs !== null && (
            <button type="button" data-closes onClick={act(() => room.takeHandDown(peer))}>
              Lower their hand
            </button>
          )}
          {!member.bot && !member.away && (
            <button type="button" data-closes onClick={act(() => room.passHost(peer))}>
              Make them host
            </button>
          )}
          <button type="button" data-closes class="people-danger" onClick={onRemove}>
            Remove from the meeting …
          </button>
        </>
      )}
    </Popover>
  );
}

interface HostToolsProps {
  readonly session: MeetingSession;
  readonly people: People;
  readonly room: RoomClient;
}

function HostTools({ session, people, room }: HostToolsProps) {
  const { on, waiting } = people.lobby.value;
  const isAnyoneHeard = session.people.value.some(({ member }) => !member.media.muted);
  const admit = (peer: PeerId) => people.attempt(() => room.admit(peer));
  return (
    <section class="people-host" aria-labelledby="people-host">
      <h3 id="people-host">You are the host</h3>
      <label class="meet-check">
        <input
          type="checkbox"
          checked={on}
          onChange={({ currentTarget }) => {
            const { checked } = currentTarget;
            void people.attempt(() => room.setLobby(checked));
          }}
        />
        Lobby: I let newcomers in
      </label>
      {waiting.length > 0 && (
        <ul class="people-list" aria-label="In the lobby">
          {waiting.map(({ peer, name }) => (
            <li key={peer} class="people-row" data-waiting={peer}>
              <div class="people-who">
                <span class="people-name">
                  <bdi>{name}</bdi>
                </span>
                <span class="people-marks">waits</span>
              </div>
              <span class="people-own">
                <button
                  type="button"
                  class="meet-small people-primary"
                  aria-label={`Let ${name} in`}
                  onClick={() => void admit(peer)}
                >
                  Let in
                </button>
                <button
                  type="button"
                  class="meet-small"
                  aria-label={`Send ${name} away`}
                  onClick={() => void people.attempt(() => room.turnAway(peer))}
                >
                  Send away
                </button>
              </span>
            </li>
          ))}
        </ul>
      )}
      <p class="people-acts">
        {waiting.length > 1 && (
          <button
            type="button"
            class="meet-small"
            onClick={() => {
              for (const { peer } of waiting) void admit(peer);
            }}
          >
            Let all in
          </button>
        )}
        <button
          type="button"
          class="meet-small"
          aria-disabled={!isAnyoneHeard}
          title="Their pages mute themselves; unmuting is up to them"
          onClick={() => {
            if (isAnyoneHeard) void people.attempt(() => room.askToMute(null));
          }}
        >
          Mute everybody else
        </button>
      </p>
    </section>
  );
}

interface RemovalProps {
  readonly member: Member;
  readonly onClose: () => void;
  readonly onYes: (peer: PeerId) => void;
}

function Removal({ member: { name, peer }, onClose, onYes }: RemovalProps) {
  return (
    <Dialog title="Remove somebody" onClose={onClose}>
      <p>
        <bdi>{name}</bdi> leaves the meeting at once. They may come again by the same link; with the lobby on
        you are asked first.
      </p>
      <p class="people-acts">
        <button
          type="button"
          class="meet-small people-danger"
          onClick={() => {
            onYes(peer);
            onClose();
          }}
        >
          Remove {name}
        </button>
        <button type="button" class="meet-small" onClick={onClose}>
          Keep
        </button>
      </p>
    </Dialog>
  );
}
