import type { Topology } from '../../protocol/middlebox.ts';
import type { Meeting } from '../../rtc/meeting/meeting.ts';
import type { MeetingSession } from './session.ts';
import { arrivalWords, autoWords, changeWords, choiceWords, switchedWords } from './topology/words.ts';

const leftWords = {
  left: 'has left.',
  timeout: 'is gone: the connection was lost and did not return.',
  removed: 'was removed by the host.',
} as const;

/** Tells in words what happens in a meeting: to the eye for a while, and to screen readers. */
export function announce(
  { notices, switched }: MeetingSession,
  { room, engine, recovery }: Meeting,
  stay: AbortSignal,
): void {
  /** Who shares a screen, and who records; a screen that was there when we came is not news, a recording is. */
  const sharing = new Map<string, boolean>();
  const keeping = new Map<string, boolean>();
  let withdraw: (() => void) | undefined;
  /** How the media travel, as it was told last; null before we were told anything. */
  let topology: Topology | null = null;
  const offs = [
    room.on('routing', (routing) => {
      const lesson = choiceWords[routing.topology].lesson;
      if (routing.topology === topology) notices.tell(autoWords(routing));
      else {
        const { self, members } = room;
        const { why, by } = routing;
        const strained = by === null ? null : by === self?.peer ? 'you' : (members.get(by)?.name ?? null);
        notices.tell(changeWords(routing, why, { host: hostOf(room), strained }), { lesson });
      }
      topology = routing.topology;
    }),
    engine.on('switched', (change) => {
      switched.value = change;
      notices.tell(switchedWords(change, (peer) => room.members.get(peer)?.name ?? 'somebody'));
    }),
    room.on('joined', ({ name }) => void notices.tell(`${name} has joined.`)),
    room.on('left', ({ member: { name }, why }) => void notices.tell(`${name} ${leftWords[why]}`)),
    room.on('away', ({ name }) => void notices.tell(`${name} has lost the line to the server.`)),
    room.on('back', ({ member: { name } }) => void notices.tell(`${name} is back.`)),
    room.on('media', ({ peer, name, media: { screen, recording } }) => {
      if ((sharing.get(peer) ?? false) !== screen)
        notices.tell(screen ? `${name} shares a screen.` : `${name} has stopped sharing.`);
      if ((keeping.get(peer) ?? false) !== recording)
        notices.tell(recording ? `${name} records this meeting.` : `${name} has stopped recording.`, {
          urgency: recording ? 'assertive' : 'polite',
        });
      sharing.set(peer, screen);
      keeping.set(peer, recording);
    }),
    room.on('reset', () => {
      notices.tell(
        'The line was gone for too long, and you have joined anew. Everybody is being called again.',
      );
    }),
    room.on('state', ({ state }) => {
      if (state === 'joined' && topology === null) {
        topology = room.routing.topology;
        const words = arrivalWords(room.routing);
        if (words) notices.tell(words, { lesson: choiceWords[topology].lesson });
      }
      if (state === 'joined')
        for (const { peer, name, media } of room.members.values()) {
          sharing.set(peer, media.screen);
          if (media.recording && !keeping.get(peer))
            notices.tell(`${name} records this meeting.`, { urgency: 'assertive' });
          keeping.set(peer, media.recording);
        }
      // While the network is another one that is told, and the server is no news of its own.
      if (state === 'reconnecting' && recovery.state === 'steady')
        withdraw ??= notices.tell(
          'The line to the server is gone. Sound and pictures go on without it; this page tries to return by itself.',
          { stays: true, urgency: 'assertive', lesson: '/lessons/signaling/rooms/' },
        );
      else if (withdraw) {
        withdraw();
        withdraw = undefined;
        if (state === 'joined') notices.tell('The line to the server is back.');
      }
    }),
    () => withdraw?.(),
  ];
  stay.addEventListener('abort', () => offs.forEach((off) => off()), { once: true });
}

/** The host by name; `you` for ourselves. */
function hostOf({ self, members }: Meeting['room']): string | null {
  if (self?.role === 'host') return 'you';
  return [...members.values()].find(({ role }) => role === 'host')?.name ?? null;
}
