import { render } from 'preact';
import { ReplayApp } from './app.tsx';
import { ReplaySession } from './session.ts';

/** Brings the replay page to life, and opens the run that its address names. */
export function mountReplay(place: HTMLElement): ReplaySession {
  const session = new ReplaySession();
  render(<ReplayApp session={session} />, place);
  const key = new URLSearchParams(location.hash.slice(1)).get('run');
  if (key !== null) void session.openLaidDown(key);
  return session;
}
