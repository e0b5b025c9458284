import { render } from 'preact';
import { ReplayApp } from './app.tsx';
import { openFiles } from './open-file.tsx';
import { ReplaySession } from './session.ts';

/** Brings the replay page to life, and opens the run that its address names or that was chosen meanwhile. */
export function mountReplay(place: HTMLElement): ReplaySession {
  const session = new ReplaySession();
  const early = place.querySelector<HTMLInputElement>('input[type=file]');
  const files = [...(early?.files ?? [])];
  if (early) early.value = '';
  render(<ReplayApp session={session} />, place);
  const own = new URLSearchParams(location.search).get('file');
  const key = new URLSearchParams(location.hash.slice(1)).get('run');
  if (files.length > 0) void openFiles(session, files, 'a');
  else if (key !== null) void session.openLaidDown(key);
  else if (own !== null) void session.openOwn(own);
  return session;
}
