import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PeerId } from '../../../protocol/signaling.ts';
import type { RecordedLink } from '../../../rtc/meeting/engine.ts';
import { meter, type LinkKey, type Measured } from '../../../rtc/meeting/meter.ts';
import type { MeetingSession } from '../session.ts';

/** The part of a meeting's session that the drawer looks at. */
export type Inspected = Pick<
  MeetingSession,
  'people' | 'self' | 'room' | 'topology' | 'servers' | 'table' | 'bills' | 'watch'
>;

/** All connections of this page, those to the server first. */
function linksIn({ servers, people }: Inspected): ReadonlyMap<LinkKey, RecordedLink> {
  return new Map<LinkKey, RecordedLink>([
    ...servers.peek().map((link) => [link.leg, link] as const),
    ...people.peek().flatMap(({ peer, link }) => (link ? [[peer, link] as const] : [])),
  ]);
}

/** What each connection carries now, measured once a second as long as the component is there and the page in sight. */
export function useMeasured(session: Inspected): ReadonlySignal<Measured> {
  const measured = useSignal<Measured>(new Map());
  useEffect(() => {
    const end = new AbortController();
    meter({
      links: () => linksIn(session),
      signal: end.signal,
      onMeasured: (next) => (measured.value = next),
      isSeen: () => !document.hidden,
    });
    return () => end.abort();
  }, [session]);
  return measured;
}

/** How somebody is called here: `you` for ourselves. */
export function nameIn({ self, people }: Inspected): (peer: PeerId) => string {
  const names = new Map(people.value.map(({ peer, member }) => [peer, member.name]));
  return (peer) => (peer === self.value?.peer ? 'you' : (names.get(peer) ?? 'somebody who has left'));
}
