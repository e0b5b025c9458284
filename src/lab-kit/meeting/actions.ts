import { peopleOf } from './people/people.ts';
import type { MeetingSession } from './session.ts';

/** What a person can do in a meeting with a button or a key. */
export interface Action {
  /** As `KeyboardEvent.key` in small letters. */
  readonly key: string;
  /** For the list of shortcuts. */
  readonly words: string;
  act(session: MeetingSession): void;
}

export const actions = {
  microphone: {
    key: 'm',
    words: 'Microphone on or muted',
    act: ({ media }) => void media.toggleMicrophone(),
  },
  camera: { key: 'v', words: 'Camera on or off', act: ({ media }) => void media.toggleCamera() },
  screen: {
    key: 's',
    words: 'Share a screen, or stop',
    act: ({ media, local }) => {
      if (local.value.screen.is === 'on') media.stopScreen();
      else if (local.value.can.screen) void media.shareScreen({ sound: true });
      else media.shareSynthetic();
    },
  },
  hand: { key: 'h', words: 'Raise your hand, or lower it', act: (session) => peopleOf(session).toggleHand() },
  people: { key: 'p', words: 'Who is here', act: ({ view }) => view.togglePanel('people') },
  chat: { key: 'c', words: 'Chat and files', act: ({ view }) => view.togglePanel('chat') },
  inspect: {
    key: 'i',
    words: 'Inspect every connection',
    act: ({ view }) => void (view.drawer.value = !view.drawer.value),
  },
  layout: {
    key: 'l',
    words: 'Next layout: grid, speaker, side',
    act: (session) => session.nextLayout(),
  },
  topology: {
    key: 't',
    words: 'How the media travel: mesh, SFU, MCU',
    act: ({ view }) => (view.dialog.value = 'topology'),
  },
  shortcuts: {
    key: '?',
    words: 'This list',
    act: ({ view }) => (view.dialog.value = 'shortcuts'),
  },
} as const satisfies Record<string, Action>;

/** Held, as long as nothing that a space presses has the focus. */
export const TALK_KEY = ' ';
