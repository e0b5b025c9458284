import { useEffect, useRef } from 'preact/hooks';
import type { MeetingSession } from './session.ts';
import { fullLoudness, type Loudness } from './view.ts';

/** What is heard of the others: wherever their tiles are, and whether they are in sight or not. */
export function Sounds({ session }: { readonly session: MeetingSession }) {
  const { people, mix, view } = session;
  const mixed = mix.value?.tracks;
  return (
    <div hidden>
      {people.value.flatMap(({ peer, member, tracks }) => {
        const loudness = view.loudness.value.get(peer) ?? fullLoudness;
        const played = { session, loudness, peer };
        return [
          <Sound key={peer} {...played} of="microphone" track={tracks.microphone} />,
          member.media.screen && (
            <Sound key={`${peer}-screen`} {...played} of="screen-audio" track={tracks['screen-audio']} />
          ),
        ];
      })}
      {mixed && (
        <Sound
          session={session}
          loudness={view.mixLoudness.value}
          peer="mix"
          of="microphone"
          track={mixed.microphone}
        />
      )}
    </div>
  );
}

interface SoundProps {
  readonly session: MeetingSession;
  /** Whose it is; `mix`: everybody's but our own. */
  readonly peer: string;
  readonly of: 'microphone' | 'screen-audio';
  readonly track: MediaStreamTrack | null;
  readonly loudness: Loudness;
}

function Sound({ session, peer, of, track, loudness: { volume, isMuted } }: SoundProps) {
  const audio = useRef<HTMLAudioElement>(null);
  const { media, view } = session;
  useEffect(() => {
    const element = audio.current;
    if (!element || !track) return undefined;
    const end = new AbortController();
    element.srcObject = new MediaStream([track]);
    media.setSink(element, end.signal);
    element.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') view.isSilent.value = true;
    });
    return () => {
      end.abort();
      element.srcObject = null;
    };
  }, [track]);
  useEffect(() => {
    if (!audio.current) return;
    audio.current.volume = volume;
    audio.current.muted = isMuted;
  }, [volume, isMuted]);
  // What is said is heard by whoever is asked to write it down: there is no text before it is said.
  // oxlint-disable-next-line jsx-a11y/media-has-caption
  return <audio ref={audio} data-peer={peer} data-of={of} />;
}

/** Starts all sounds of the page at once. To be called in a click. @returns whether all of them play */
export async function startSounds(): Promise<boolean> {
  const elements = [...document.querySelectorAll<HTMLAudioElement>('meet-page audio')];
  const started = await Promise.allSettled(
    elements.filter(({ srcObject }) => srcObject).map((element) => element.play()),
  );
  return started.every(({ status }) => status === 'fulfilled');
}
