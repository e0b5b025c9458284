import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { meter, type Measured } from '../../../rtc/meeting/meter.ts';
import type { MeetingSession } from '../session.ts';

/** The part of a meeting's session that the drawer looks at. */
export type Inspected = Pick<MeetingSession, 'people' | 'self' | 'room'>;

/** What each link carries now, measured once a second as long as the component is there and the page in sight. */
export function useMeasured(session: Inspected): ReadonlySignal<Measured> {
  const measured = useSignal<Measured>(new Map());
  useEffect(() => {
    const end = new AbortController();
    meter({
      links: () =>
        new Map(session.people.peek().flatMap(({ peer, link }) => (link ? [[peer, link] as const] : []))),
      signal: end.signal,
      onMeasured: (next) => (measured.value = next),
      isSeen: () => !document.hidden,
    });
    return () => end.abort();
  }, [session]);
  return measured;
}
