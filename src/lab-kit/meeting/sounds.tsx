import { useEffect, useRef } from 'preact/hooks';
import type { MeetingSession, Person } from './session.ts';
import { fullLoudness } from './view.ts';

/** What is heard of the others: wherever their tiles are, and whether they are in sight or not. */
export function Sounds({ session }: { readonly session: MeetingSession }) {
  return (
    <div hidden>
      {session.people.value.flatMap((person) => [
        <Sound key={person.peer} session={session} person={person} of="microphone" />,
        person.member.media.screen && (
          <Sound key={`${person.peer}-screen`} session={session} person={person} of="screen-audio" />
        ),
      ])}
    </div>
  );
}

interface SoundProps {
  readonly session: MeetingSession;
  readonly person: Person;
  readonly of: 'microphone' | 'screen-audio';
}

function Sound({ session, person, of }: SoundProps) {
  const audio = useRef<HTMLAudioElement>(null);
  const { media, view } = session;
  const track = person.tracks[of];
  const { volume, isMuted } = view.loudness.value.get(person.peer) ?? fullLoudness;
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
  return <audio ref={audio} data-peer={person.peer} data-of={of} />;
}

/** Starts all sounds of the page at once. To be called in a click. @returns whether all of them play */
export async function startSounds(): Promise<boolean> {
  const elements = [...document.querySelectorAll<HTMLAudioElement>('meet-page audio')];
  const started = await Promise.allSettled(
    elements.filter(({ srcObject }) => srcObject).map((element) => element.play()),
  );
  return started.every(({ status }) => status === 'fulfilled');
}
