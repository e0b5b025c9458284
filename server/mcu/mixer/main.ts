/** A mixer's process. It is started by `mcu.ts`, hears messages of that one only, and ends with it. */
import { type FromMixer, ToMixer } from '../messages.ts';
import { BadDescription } from './offer.ts';
import { MixRoom } from './room.ts';
import { messageOf } from './up.ts';
import { loadWrtc } from './wrtc.ts';

const say = (message: FromMixer): void => {
  // Without a callback an error would be an event, and end the process before `disconnect` does.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};

let room: MixRoom | undefined;

/** Requests are answered, whatever comes of them. */
function answer(request: number, done: Promise<string | void>): void {
  done.then(
    (sdp) => say({ say: 'done', request, ...(typeof sdp === 'string' && { sdp }) }),
    (error: unknown) => {
      const isTheirs = error instanceof BadDescription;
      say({ say: 'refused', request, isTheirs, why: messageOf(error) });
    },
  );
}

function hear(message: ToMixer): void {
  switch (message.do) {
    case 'begin':
      loadWrtc().then(
        (wrtc) => {
          room = new MixRoom(wrtc, message.settings, say);
          say({ say: 'ready' });
        },
        (error: unknown) => say({ say: 'unable', why: messageOf(error) }),
      );
      return;
    case 'sit':
      return room?.sit(message.seat, message.person);
    case 'change':
      return room?.change(message.seat, message.person);
    case 'publish':
      if (room) answer(message.request, room.publish(message.seat, message.sdp, message.sections));
      return;
    case 'receive':
      if (room) answer(message.request, room.receive(message.seat, message.version));
      return;
    case 'answer':
      if (room) answer(message.request, room.answer(message.seat, message.version, message.sdp));
      return;
    case 'leave':
      return room?.leave(message.seat);
    case 'record':
      return room?.record(message.path);
    case 'stop-recording':
      return room?.stopRecording();
    default:
      return message satisfies never;
  }
}

process.on('message', (message) => hear(ToMixer.parse(message)));
// libwebrtc's threads would keep it alive.
process.on('disconnect', () => process.exit(0));
