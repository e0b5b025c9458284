import type { Leg } from '../../protocol/middlebox.ts';
import { never } from '../../rtc/never.ts';
import type { Meeting } from '../../rtc/meeting/meeting.ts';
import { linksOf, type LinkKey } from '../../rtc/meeting/meter.ts';
import type { RecoveryEvents } from '../../rtc/meeting/network.ts';
import type { MeetingSession } from './session.ts';

const ICE_RESTART = '/lessons/connectivity/ice-restart/';
const CHECKS = '/lessons/connectivity/checks/';

/** What a participant is told while connections are being repaired, and what they can do when that has failed. */
export function tellDisturbances(
  { notices }: MeetingSession,
  { room, engine, recovery }: Meeting,
  stay: AbortSignal,
): void {
  /** Whose connection is being repaired, as it was told last. */
  let repaired = new Set<LinkKey>();
  let withdrawRepair = () => {};
  let withdrawNetwork = () => {};
  const failed = new Map<LinkKey, () => void>();
  const nameOf = (key: LinkKey) => (isLeg(key) ? 'the server' : (room.members.get(key)?.name ?? 'somebody'));

  const look = () => {
    const all = linksOf(engine);
    const links = [...all];
    for (const [peer, { state }] of links) {
      if (state.is === 'failed' && !failed.has(peer)) {
        const text = `No path to ${nameOf(peer)} was found. The next attempt is yours.`;
        const again = { label: 'Try again', act: () => linksOf(engine).get(peer)?.rebuild() };
        failed.set(
          peer,
          notices.tell(text, { stays: true, urgency: 'assertive', lesson: CHECKS, action: again }),
        );
      }
    }
    for (const [peer, withdraw] of failed) {
      if (all.get(peer)?.state.is === 'failed') continue;
      withdraw();
      failed.delete(peer);
    }

    const now = new Set(
      links
        .filter(([, { state }]) => state.is === 'restarting' || state.is === 'rebuilding')
        .map(([peer]) => peer),
    );
    // One of them being back is news only when nobody else is missing: the rest is said once.
    const isWorse = [...now].some((peer) => !repaired.has(peer));
    const back = [...repaired].filter((peer) => all.get(peer)?.state.is === 'connected');
    if (!isWorse && now.size === repaired.size) return;
    if (isWorse || now.size === 0) withdrawRepair();
    if (isWorse)
      withdrawRepair = notices.tell(
        serverWords(now, links.length) ?? repairWords([...now].map(nameOf), links.length),
        {
          stays: true,
          lesson: ICE_RESTART,
        },
      );
    else if (now.size === 0 && back.length > 0)
      notices.tell(`The connection to ${listed([...new Set(back.map(nameOf))])} is back.`);
    repaired = now;
  };

  const offs = [
    engine.on('links', look),
    engine.on('servers', look),
    recovery.on('state', (state) => {
      withdrawNetwork();
      const words = networkWords(state);
      withdrawNetwork = words
        ? notices.tell(words, { stays: true, urgency: 'assertive', lesson: ICE_RESTART })
        : () => {};
    }),
    () => {
      withdrawRepair();
      withdrawNetwork();
      for (const withdraw of failed.values()) withdraw();
    },
  ];
  stay.addEventListener('abort', () => offs.forEach((off) => off()), { once: true });
}

/** What is said of the network; null when all is well. */
function networkWords(state: RecoveryEvents['state']): string | null {
  switch (state) {
    case 'steady':
      return null;
    case 'offline':
      return 'This computer is offline: look at its cable or its wireless network. As soon as there is one, this page returns by itself.';
    case 'returning':
      return 'The network of this computer has changed. This page returns to the meeting and looks for new paths to everybody.';
    default:
      return never(state);
  }
}

const isLeg = (key: LinkKey): key is Leg => key === 'up' || key === 'down';

/** Where one of the two connections to a server is being repaired, what that means; null where it is another one. */
function serverWords(repaired: ReadonlySet<LinkKey>, all: number): string | null {
  const legs = [...repaired].filter(isLeg);
  if (legs.length === 0 || (all > 1 && repaired.size === all)) return null;
  return legs.includes('up')
    ? 'What you send does not reach the server: nobody hears or sees you until another path is found.'
    : 'Nothing comes from the server: you hear and see nobody until another path is found.';
}

/** @param names whose connections are being repaired @param all how many connections there are */
function repairWords(names: readonly string[], all: number): string {
  return all > 1 && names.length === all
    ? 'Nothing comes from anybody. Is this computer’s network there? Other paths are being looked for.'
    : `Nothing comes from ${listed(names)}: another path is being looked for.`;
}

const listed = (names: readonly string[]) => new Intl.ListFormat('en').format(names);
