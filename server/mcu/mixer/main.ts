/** A mixer's process. It is started by `mcu.ts`, hears messages of that one only, and ends with it. */
import { type Done, type FromMixer, type Settings, ToMixer } from '../messages.ts';
import { BadDescription } from './offer.ts';
import { lanAddresses } from '../../http/hosts.ts';
import { openNdc } from '../../sfu/transport/ndc.ts';
import { MixRoom, type Tools } from './room.ts';
import { messageOf } from './up.ts';
import { loadWrtc } from './wrtc.ts';

const say = (message: FromMixer): void => {
  // Without a callback an error would be an event, and end the process before `disconnect` does.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};

let room: MixRoom | undefined;

/** libwebrtc for frames, libdatachannel for packets. @throws {Error} where one of them does not load */
async function openTools({ ports }: Settings): Promise<Tools> {
  const [wrtc, library, transports] = await Promise.all([
    loadWrtc(),
    import('node-datachannel'),
    openNdc({
      // The other one takes ports from the lower end on.
      port: ports.high === 0 ? 0 : Math.max(ports.low, ports.high - 19),
      bind: undefined,
      addresses: () => [...lanAddresses(), '127.0.0.1'],
      warn: () => {},
    }),
  ]);
  return { wrtc, library, transports };
}

/** Requests are answered, whatever comes of them. */
function answer(request: number, done: Promise<Done>): void {
  done.then(
    (what) => say({ say: 'done', request, ...what }),
    (error: unknown) => {
      const isTheirs = error instanceof BadDescription;
      say({ say: 'refused', request, isTheirs, why: messageOf(error) });
    },
  );
}

function hear(message: ToMixer): void {
  switch (message.do) {
    case 'begin':
      openTools(message.settings).then(
        (tools) => {
          room = new MixRoom(tools, message.settings, say);
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
      if (room)
        answer(
          message.request,
          room.publish(message.seat, message.sdp, message.sections).then((sdp) => ({ sdp })),
        );
      return;
    case 'receive':
      if (room)
        answer(
          message.request,
          room.receive(message.seat, message.version).then(() => ({})),
        );
      return;
    case 'answer':
      if (room)
        answer(
          message.request,
          room.answer(message.seat, message.version, message.sdp).then((candidates) => ({ candidates })),
        );
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
