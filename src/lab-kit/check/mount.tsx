import '../../rtc/signaling/no-eval.ts';
import { render } from 'preact';
import { CheckApp } from './app.tsx';
import { CheckSession } from './session.ts';

/** Brings the check to life, with what was chosen before its code was there. */
export function mountCheck(place: HTMLElement): CheckSession {
  const session = new CheckSession();
  const early = place.querySelector<HTMLInputElement>('input[value=given]');
  if (early?.checked) session.source.value = 'given';
  addEventListener('pagehide', () => session.stop());
  render(<CheckApp session={session} isAlive />, place);
  return session;
}
