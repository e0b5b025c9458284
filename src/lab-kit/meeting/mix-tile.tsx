import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Cell } from '../../protocol/middlebox.ts';
import type { Member } from '../../protocol/signaling.ts';
import type { Rect } from '../../rtc/meeting/media/grid.ts';
import { Icon } from './icons.tsx';
import { peopleOf } from './people/people.ts';
import { HandSign, ReactionSign } from './people/reactions.tsx';
import { Picture } from './picture.tsx';
import { Popover } from './popover.tsx';
import type { MeetingSession } from './session.ts';
import { PictureActs, placeOf } from './tile.tsx';
import { awayWords, serverWords } from './words.ts';

interface Props {
  readonly session: MeetingSession;
  readonly rect: Rect;
}

const TITLE = 'Everybody, in one picture from the mixer';

/** The one picture that an MCU sends, with the names of those in it where they stand. */
export function MixTile({ session, rect }: Props) {
  const figure = useRef<HTMLElement>(null);
  const { mix, self, people, servers, view } = session;
  const cells = mix.value?.cells ?? [];
  const members = new Map(
    [...(self.value ? [self.value] : []), ...people.value.map(({ member }) => member)].map(
      (member) => [member.peer, member] as const,
    ),
  );
  const missing = [...members.values()].filter(
    ({ peer }) => !cells.some((cell) => cell.peer === peer && cell.source === 'camera'),
  );
  const down = servers.value.find(({ leg }) => leg === 'down');
  const trouble = serverWords(down?.state, 'mcu');
  const track = mix.value?.tracks.camera;
  const { volume, isMuted } = view.mixLoudness.value;
  return (
    <figure
      ref={figure}
      class="meet-tile meet-mix"
      data-key="mix:camera"
      data-of="mix"
      data-large
      data-camera={track !== null && track !== undefined}
      style={placeOf(rect)}
    >
      {track && <Picture track={track} label={TITLE} />}
      <ul class="meet-cells" aria-label="In the picture">
        {cells.map((cell) => {
          const member = members.get(cell.peer);
          return (
            member && (
              <MixCell
                key={`${cell.peer}:${cell.source}`}
                session={session}
                cell={cell}
                member={member}
                isSelf={member.peer === self.value?.peer}
              />
            )
          );
        })}
      </ul>
      <p class="meet-badges">
        <span class="meet-badge">Mixed by the server</span>
      </p>
      {trouble && (
        <div class="meet-trouble" data-failed={down?.state.is === 'failed' || undefined}>
          <p>{trouble}</p>
          {down?.state.is === 'failed' && (
            <p>
              <button type="button" class="meet-small" onClick={() => down.rebuild()}>
                Try again
              </button>{' '}
              <a href="/lessons/connectivity/checks/">Why this happens</a>
            </p>
          )}
        </div>
      )}
      <figcaption class="meet-mix-caption" data-empty={missing.length === 0 || undefined}>
        <span class="meet-hidden">{TITLE}.</span>
        {missing.length > 0 && track && (
          <span class="meet-name">
            Not in the picture: {missing.map((member) => nameOf(member, self.value?.peer)).join(', ')}
          </span>
        )}
      </figcaption>
      <Popover label="More for the mixed picture" icon="more" class="meet-tile-more">
        <PictureActs session={session} figure={figure} />
        <label class="meet-field">
          <span>Volume of everybody, for you alone</span>
          <input
            type="range"
            min="0"
            max="1"
            step="0.05"
            value={volume}
            onInput={({ currentTarget }) =>
              (view.mixLoudness.value = { volume: currentTarget.valueAsNumber, isMuted })
            }
          />
        </label>
        <button
          type="button"
          aria-pressed={isMuted}
          onClick={() => (view.mixLoudness.value = { volume, isMuted: !isMuted })}
        >
          <Icon name={isMuted ? 'microphone' : 'microphone-off'} />
          {isMuted ? 'Hear them again' : 'Mute everybody for me'}
        </button>
      </Popover>
    </figure>
  );
}

const nameOf = ({ name, peer }: Member, self: string | undefined) => (peer === self ? 'you' : name);

interface CellProps {
  readonly session: MeetingSession;
  readonly cell: Cell;
  readonly member: Member;
  readonly isSelf: boolean;
}

/** One participant in the mix: the picture is the mixer's, what stands over it is this page's. */
function MixCell({ session, cell, member, isSelf }: CellProps) {
  const { speaking, local, meeting, self, view } = session;
  const isScreen = cell.source === 'screen';
  const isMuted = isSelf ? local.value.microphone.is !== 'on' : member.media.muted;
  const isSpeaking = !isScreen && !isMuted && speaking.value.speaking.has(member.peer);
  const name = isSelf ? `${member.name} (you)` : member.name;
  const title = isScreen ? `Screen of ${name}` : name;
  const trouble = isSelf ? null : awayWords(member);
  const isHost = self.value?.role === 'host';
  const room = meeting.value?.room;
  return (
    <li
      class="meet-cell"
      data-peer={member.peer}
      data-self={isSelf || undefined}
      data-speaking={isSpeaking || undefined}
      data-muted={isMuted || undefined}
      style={placeIn(cell)}
    >
      <span class="meet-ring" aria-hidden="true" />
      {!isScreen && <ReactionSign session={session} peer={member.peer} />}
      <span class="meet-cell-name">
        {!isScreen && isMuted && (
          <span class="meet-mark" title="Muted">
            <Icon name="microphone-off" />
            <span class="meet-hidden">Muted. </span>
          </span>
        )}
        {isScreen && <Icon name="screen" />}
        {isSpeaking && (
          <span class="meet-mark" title="Speaking">
            <Icon name="speaking" />
            <span class="meet-hidden">Speaking. </span>
          </span>
        )}
        <span class="meet-name">{title}</span>
        {trouble && <span class="meet-note">{trouble}</span>}
        {!isScreen && <HandSign session={session} peer={member.peer} />}
      </span>
      {!isSelf && !isScreen && (
        <Popover label={`More for ${title}`} icon="more" class="meet-cell-more">
          <p class="meet-popover-text">
            {member.name} is a part of the mixed picture and of the mixed sound: neither size nor volume can
            be set for {member.name} alone.
          </p>
          {isHost && !member.media.muted && room && (
            <button
              type="button"
              data-closes
              title="Their page mutes itself; unmuting is up to them"
              onClick={() => void peopleOf(session).attempt(() => room.askToMute(member.peer))}
            >
              <Icon name="microphone-off" /> Mute for everybody
            </button>
          )}
          <button type="button" data-closes onClick={() => (view.panel.value = 'people')}>
            <Icon name="people" /> Show in the list of people
          </button>
        </Popover>
      )}
    </li>
  );
}

const percent = (part: number) => `${(part * 100).toFixed(3)}%`;

const placeIn = ({ x, y, width, height }: Cell): JSX.CSSProperties => ({
  insetInlineStart: percent(x),
  insetBlockStart: percent(y),
  inlineSize: percent(width),
  blockSize: percent(height),
});
