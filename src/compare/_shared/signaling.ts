import { io, type Socket } from 'socket.io-client';
import type { Participant } from '../../lab-kit/compare/define.ts';
import type {
  ClientToServer,
  Member,
  PageId,
  PeerId,
  RoomId,
  ServerToClient,
  Signal,
} from '../../protocol/signaling.ts';

/** Gets what others send, one at a time and in order: the next one waits for the promise. */
export type Receiver = (from: string, signal: Signal) => void | Promise<void>;

/** Takes a seat in the room at this site's server; resolves when all the others have theirs. */
export async function join(me: Participant) {
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
    last = last.then(handle).catch(reportError); // [2]
  });

  const seat = { room: room as RoomId, page: me.idOf(name) as PageId, name };
  const joined = await socket.emitWithAck('room:join', seat);
  if (!joined.ok) throw new Error(joined.error.message);
  for (const member of joined.value.snapshot.members) meet(member);
  await complete.promise;

  return {
    receive: receiver.resolve, // [3]
    async send(to: string, signal: Signal) {
      const sent = await socket.emitWithAck('signal:send', { to: ids.get(to)!, signal });
      if (!sent.ok) throw new Error(sent.error.message);
    },
  };
}
/*
[1] The server gives each seat an id that nobody can guess, and writes the sender's into what it hands on.
[2] A candidate must not be added before its description has been set, so signals are handled one after the other. What
    goes wrong with one of them is reported as an error of this page; the next one is handled all the same.
[3] What comes before anybody receives waits for the first receiver.
*/
