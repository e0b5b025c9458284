import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Rect } from '../../rtc/meeting/media/grid.ts';
import { ComesIn } from './comes-in.tsx';
import { Icon } from './icons.tsx';
import { HandSign, ReactionSign } from './people/reactions.tsx';
import { Picture } from './picture.tsx';
import { Popover } from './popover.tsx';
import type { MeetingSession } from './session.ts';
import { initialsOf, type TileSpec } from './tiles.ts';
import { fullLoudness } from './view.ts';
import { awayWords, wayWords } from './words.ts';

interface TileProps {
  readonly session: MeetingSession;
  readonly tile: TileSpec;
  readonly rect: Rect;
  readonly isLarge: boolean;
}

/** One participant, or the screen that one shares: picture, name, and how the connection stands. */
export function Tile({ session, tile, rect, isLarge }: TileProps) {
  const figure = useRef<HTMLElement>(null);
  const { of, person, member, key } = tile;
  const { local, media, speaking, view } = session;
  const isSelf = person === null;
  const { camera, screen, microphone } = local.value;
  const isScreen = of === 'screen';
  const tracks = isSelf ? media.tracks : person.tracks;
  const isShown = isSelf ? (isScreen ? screen : camera).is === 'on' : member.media[of];
  const track = isShown ? tracks[of] : null;
  const isMuted = isSelf ? microphone.is !== 'on' : member.media.muted;
  const isSpeaking = !isScreen && !isMuted && speaking.value.speaking.has(member.peer);
  const isSynthetic = isSelf && (isScreen ? screen.is === 'on' && screen.synthetic : isDrawn(camera));
  const name = isSelf ? `${member.name} (you)` : member.name;
  const title = isScreen ? `Screen of ${name}` : name;
  const { value: servers } = session.servers;
  const trouble = person && (awayWords(member) ?? wayWords(person.link, session.topology.value, servers));
  /** By which its media come: theirs, or the server's. */
  const link = person?.link ?? servers.find(({ leg }) => leg === 'down');
  const hasFailed = person !== null && link?.state.is === 'failed';
  const isQuiet = person !== null && (view.loudness.value.get(person.peer) ?? fullLoudness).isMuted;
  const mirrored = isSelf && !isScreen && view.mirrors.value && !isSynthetic;
  return (
    <figure
      ref={figure}
      class="meet-tile"
      data-key={key}
      data-peer={member.peer}
      data-of={of}
      data-self={isSelf || undefined}
      data-large={isLarge || undefined}
      data-speaking={isSpeaking || undefined}
      data-muted={isMuted || undefined}
      data-camera={track !== null}
      style={placeOf(rect)}
    >
      {!isScreen && (
        <span class="meet-avatar" aria-hidden="true">
          <span>{initialsOf(member.name)}</span>
        </span>
      )}
      {track && <Picture track={track} label={title} mirrored={mirrored} />}
      {!isScreen && <span class="meet-ring" aria-hidden="true" />}
      {!isScreen && <ReactionSign session={session} peer={member.peer} />}
      <p class="meet-badges">
        {!isScreen && <HandSign session={session} peer={member.peer} />}
        {isSynthetic && <span class="meet-badge">Synthetic</span>}
        {member.bot && <span class="meet-badge">Bot</span>}
        {!isScreen && member.media.recording && <span class="meet-badge">Records</span>}
      </p>
      {trouble && (
        <div class="meet-trouble" data-failed={hasFailed || undefined}>
          <p>{trouble}</p>
          {hasFailed && (
            <p>
              <button type="button" class="meet-small" onClick={() => link?.rebuild()}>
                Try again
              </button>{' '}
              <a href="/lessons/connectivity/checks/">Why this happens</a>
            </p>
          )}
        </div>
      )}
      <figcaption>
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
          </span>
        )}
        <span class="meet-name">{title}</span>
        {isQuiet && <span class="meet-note">silent for you</span>}
      </figcaption>
      <TileMenu session={session} tile={tile} title={title} track={track} figure={figure} />
    </figure>
  );
}

const isDrawn = ({ origin }: { origin: { from: string } | null }) => origin?.from === 'synthetic';

/** Where a tile stands. */
export const placeOf = ({ x, y, width, height }: Rect): JSX.CSSProperties => ({
  translate: `${Math.round(x)}px ${Math.round(y)}px`,
  inlineSize: `${Math.floor(width)}px`,
  blockSize: `${Math.floor(height)}px`,
});

interface PictureActsProps {
  readonly session: MeetingSession;
  readonly figure: { readonly current: HTMLElement | null };
}

/** What can be done with any picture: the whole screen for it, or a window of its own. */
export function PictureActs({ session: { notices }, figure }: PictureActsProps) {
  const toFullScreen = () => {
    figure.current
      ?.requestFullscreen()
      .catch(() => void notices.tell('This browser shows nothing in full screen.'));
  };
  const toPip = () => {
    figure.current
      ?.querySelector('video')
      ?.requestPictureInPicture()
      .catch(() => void notices.tell('There is no picture that could be shown in a window of its own.'));
  };
  return (
    <>
      {document.fullscreenEnabled && (
        <button type="button" data-closes onClick={toFullScreen}>
          <Icon name="full-screen" /> Full screen
        </button>
      )}
      {document.pictureInPictureEnabled && (
        <button type="button" data-closes onClick={toPip}>
          <Icon name="pip" /> Picture in picture
        </button>
      )}
    </>
  );
}

interface TileMenuProps {
  readonly session: MeetingSession;
  readonly tile: TileSpec;
  readonly title: string;
  /** Null while nothing is shown. */
  readonly track: MediaStreamTrack | null;
  readonly figure: { readonly current: HTMLElement | null };
}

function TileMenu({ session, tile: { key, person, of }, title, track, figure }: TileMenuProps) {
  const { view } = session;
  const isOpen = useSignal(false);
  const isPinned = view.pinned.value === key;
  const loudness = person && (view.loudness.value.get(person.peer) ?? fullLoudness);
  return (
    <Popover
      label={`More for ${title}`}
      icon="more"
      class="meet-tile-more"
      onToggle={(opens) => (isOpen.value = opens)}
    >
      <button
        type="button"
        data-closes
        aria-pressed={isPinned}
        onClick={() => (isPinned ? view.unpin(key) : view.pin(key))}
      >
        <Icon name="pin" /> {isPinned ? 'Unpin' : 'Pin: keep it large'}
      </button>
      <PictureActs session={session} figure={figure} />
      {person && loudness && of === 'camera' && (
        <>
          <label class="meet-field">
            <span>Volume, for you alone</span>
            <input
              type="range"
              min="0"
              max="1"
              step="0.05"
              value={loudness.volume}
              onInput={({ currentTarget }) =>
                view.setLoudness(person.peer, { volume: currentTarget.valueAsNumber })
              }
            />
          </label>
          <button
            type="button"
            aria-pressed={loudness.isMuted}
            onClick={() => view.setLoudness(person.peer, { isMuted: !loudness.isMuted })}
          >
            <Icon name={loudness.isMuted ? 'microphone' : 'microphone-off'} />
            {loudness.isMuted ? 'Hear them again' : 'Mute for me'}
          </button>
        </>
      )}
      {!person && of === 'camera' && (
        <>
          <button
            type="button"
            aria-pressed={view.mirrors.value}
            onClick={() => (view.mirrors.value = !view.mirrors.value)}
          >
            <Icon name="camera" />{' '}
            {view.mirrors.value ? 'Show my camera as it is' : 'Show my camera mirrored'}
          </button>
          <button type="button" data-closes onClick={() => (view.hidesSelf.value = true)}>
            <Icon name="close" /> Hide my picture from me
          </button>
        </>
      )}
      {isOpen.value && person && track && (
        <ComesIn session={session} person={person} track={track} figure={figure} />
      )}
    </Popover>
  );
}
