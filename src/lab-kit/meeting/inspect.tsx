import { lazy } from './lazy.tsx';
import type { MeetingSession } from './session.ts';

const Drawer = lazy(async () => (await import('./drawer/drawer.tsx')).Drawer);

/** Every instrument, on every connection of the meeting. */
export function Inspect({ session }: { readonly session: MeetingSession }) {
  const { drawer } = session.view;
  return drawer.value ? <Drawer session={session} onClose={() => (drawer.value = false)} /> : null;
}
