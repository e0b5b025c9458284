import { io, type Socket } from 'socket.io-client';
import type { Participant } from '../../lab-kit/compare/define.ts';
import type {
  ClientToServer,
  Member,
  PageId,
  PeerId,
  Reply,
  RoomId,
  ServerToClient,
  Signal,
} from '../../protocol/signaling.ts';

/** Gets what the others send, one at a time and in order: the next one waits for the promise. */
type Receiver = (from: string, signal: Signal) => void | Promise<void>;

export interface Signaling {
  receive(receiver: Receiver): void;
  send(to: string, signal: Signal): Promise<void>;
}

/** Takes a seat in the room at this site's server; resolves when all the others have theirs. */
export async function join(me: Participant): Promise<Signaling> {
  const { name, others, room } = me;
  const socket: Socket<ServerToClient, ClientToServer> = io({ transports: ['websocket'], query: { room } });
  me.signal.addEventListener('abort', () => socket.disconnect());

  const ids = new Map<string, PeerId>(); // [1]
  const complete = Promise.withResolvers<void>();
  const meet = ({ name: other, peer }: Member) => {
    ids.set(other, peer);
    if (others.every((wanted) => ids.has(wanted))) complete.resolve();
  };
  const nameOf = (peer: PeerId) => others.find((other) => ids.get(other) === peer) ?? peer;

  const receiver = Promise.withResolvers<Receiver>();
  let last = Promise.resolve();
  socket.on('peer:joined', ({ member }) => meet(member));
  socket.on('signal:received', ({ from, signal }) => {
    const handle = async () => (await receiver.promise)(nameOf(from), signal);
    last = last.then(handle).catch((error) => {
      if (!me.signal.aborted) reportError(error); // [2]
    });
  });

  const seat = { room: room as RoomId, page: me.idOf(name) as PageId, name };
  const joined = await socket.emitWithAck('room:join', seat);
  if (!joined.ok) throw new Error(joined.error.message);
  for (const member of joined.value.snapshot.members) meet(member);
  await complete.promise;

  const post = (to: string, signal: Signal, settle: (sent: Reply<null>) => void) =>
    socket.emit('signal:send', { to: ids.get(to)!, signal }, settle);
  return {
    receive: receiver.resolve, // [3]
    send: (to, signal) =>
      new Promise((resolve, reject) => {
        post(to, signal, (sent) => (sent.ok ? resolve() : reject(new Error(sent.error.message)))); // [4]
      }),
  };
}
/*
[1] The server gives each seat an id that nobody can guess, and writes the sender's into what it hands on.
[2] A candidate must not be added before its description has been set, so signals are handled one after the other. What
    goes wrong with one of them is reported as an error of this page; the next one is handled all the same.
[3] What comes before anybody receives waits for the first receiver.
[4] The server says yes or no to each message. When the run ends nobody waits for that any more.
*/
