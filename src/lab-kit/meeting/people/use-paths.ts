import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PeerId } from '../../../protocol/signaling.ts';
import { readPath, type Path } from '../../../rtc/meeting/path.ts';
import type { MeetingSession } from '../session.ts';

const EVERY_MS = 3_000;

/** By which way the connection to each of the others goes, as long as somebody looks. */
export function usePaths(session: MeetingSession): ReadonlySignal<ReadonlyMap<PeerId, Path>> {
  const paths = useSignal<ReadonlyMap<PeerId, Path>>(new Map());
  const connections = session.people.value.map(({ link }) => link?.state.is).join();
  useEffect(() => {
    let isLooking = true;
    const look = async () => {
      const found = await Promise.all(
        session.people.peek().map(async ({ peer, link }) => {
          const path =
            link?.state.is === 'connected' ? await readPath(link.pc).catch(() => undefined) : undefined;
          return path ? ([peer, path] as const) : null;
        }),
      );
      if (isLooking) paths.value = new Map(found.filter((one) => one !== null));
    };
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => {
      isLooking = false;
      clearInterval(timer);
    };
  }, [session, connections]);
  return paths;
}
