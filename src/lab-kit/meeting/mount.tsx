import '../../rtc/signaling/no-eval.ts';
import { render } from 'preact';
import { readQuery } from './address.ts';
import { MeetApp } from './app.tsx';
import { keepBills } from './costs.ts';
import { MeetingSession } from './session.ts';
import { listenToKeys } from './shortcuts.ts';

/** Brings the page to life: with the meeting that its address names, or with a new one. */
export function mountMeet(place: HTMLElement): MeetingSession | null {
  const { mid, problem, name, synthetic } = readQuery(location.search);
  const session = mid === null ? null : new MeetingSession(mid);
  place.replaceChildren();
  render(<MeetApp session={session} problem={problem} name={name} />, place);
  if (!session) return null;
  listenToKeys(session, session.signal);
  keepBills(session);
  void standIn(session, synthetic);
  return session;
}

/** Until somebody presses a button no device is asked for: a drawn picture and a tone stand in. */
async function standIn({ media }: MeetingSession, isWished: boolean): Promise<void> {
  await media.openCamera('synthetic');
  await media.openMicrophone('synthetic');
  // Whoever did not ask for it does not hum to a class.
  if (!isWished) media.mute(true);
}
