import { effect } from '@preact/signals';
import { billOf, type MeasuredBill } from '../../rtc/meeting/compare.ts';
import { costOf } from '../../rtc/meeting/cost.ts';
import { linksOf, meter } from '../../rtc/meeting/meter.ts';
import type { MeetingSession } from './session.ts';

/** Often enough to have a figure of a topology that was in use for a short time; each costs a question per connection. */
const EVERY_MS = 5_000;

/**
 * Keeps what each topology of the meeting cost while it was in use, so that they can be compared later. While one takes
 * the place of another, the connections of both are there, and nothing is kept.
 */
export function keepBills(session: MeetingSession): void {
  let stay = new AbortController();
  const stop = effect(() => {
    stay.abort();
    session.bills.value = new Map();
    const meeting = session.meeting.value;
    if (!meeting) return;
    stay = new AbortController();
    const { engine, room } = meeting;
    const standing = () => {
      const isMesh = engine.kind === 'mesh';
      const isAlone = isMesh ? engine.servers.length === 0 : engine.links.size === 0;
      const all = [...linksOf(engine).values()];
      const isUp = all.length > 0 && all.every(({ state }) => state.is === 'connected');
      return isAlone && isUp ? `${engine.kind} ${all.map(({ number }) => number).join()}` : null;
    };
    /** What stood when it was measured last: rates are of all the time between. */
    let before: string | null = null;
    meter({
      links: () => linksOf(engine),
      signal: stay.signal,
      intervalMs: EVERY_MS,
      isSeen: () => !document.hidden,
      onMeasured: (measured) => {
        const now = standing();
        const isSteady = now !== null && now === before;
        before = now;
        const cost = costOf([...measured.values()]);
        if (!isSteady || cost.measured < cost.connections) return;
        const bill: MeasuredBill = { ...billOf(cost), at: new Date(), people: room.members.size + 1 };
        session.bills.value = new Map(session.bills.value).set(engine.kind, bill);
      },
    });
  });
  session.signal.addEventListener(
    'abort',
    () => {
      stop();
      stay.abort();
    },
    { once: true },
  );
}
