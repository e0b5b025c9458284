import type { Tools } from '../exercise/tools.ts';
import type { PageIoSocket } from './clients.ts';
import type { LearnersServer } from './server.ts';

/** An event as a client has heard it. */
export interface Heard {
  readonly name: string;
  /** The first thing that came with it, when that was an object; else an empty one. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A client of a learner's Socket.IO server, as an exercise plays it, and all that it has heard. */
export interface IoClient {
  readonly name: string;
  readonly socket: PageIoSocket;
  readonly heard: Heard[];
  /** What came under a name. */
  readonly of: (name: string) => readonly Heard['payload'][];
  readonly onEvent: (listener: (event: Heard) => void) => void;
  /** Sends, and resolves with the acknowledgement, or with undefined when the server has settled without one. */
  readonly ask: (name: string, payload: unknown) => Promise<Record<string, unknown> | undefined>;
}

/** Connects a client, and resolves when it is connected, or the server has ended. */
export async function connectIo(server: LearnersServer, name: string): Promise<IoClient> {
  const socket = server.ioSocket(name);
  const listeners: ((event: Heard) => void)[] = [];
  const client: IoClient = {
    name,
    socket,
    heard: [],
    of: (wanted) => client.heard.flatMap((event) => (event.name === wanted ? [event.payload] : [])),
    onEvent: (listener) => void listeners.push(listener),
    ask: async (wanted, payload) => {
      let answer: unknown;
      socket.emit(wanted, payload, (given: unknown) => (answer = given));
      await server.settled();
      return answer instanceof Object ? (answer as Record<string, unknown>) : undefined;
    },
  };
  socket.onAny((event, first) => {
    const payload = first instanceof Object ? (first as Record<string, unknown>) : {};
    client.heard.push({ name: event, payload });
    for (const listener of listeners) listener({ name: event, payload });
  });
  await server.settled();
  return client;
}

/** Whom a call over the room server reaches, and under which names its messages travel. */
interface CallOver {
  readonly tools: Tools;
  readonly client: IoClient;
  /** The other end's id at the server. */
  readonly to: string;
}

/** Offers a call with a picture: `offer`, `answer`, `ice_candidate`, each with `toPeer`. */
export async function offerTo({ tools, client, to }: CallOver): Promise<void> {
  const pc = callee({ tools, client, to });
  const stream = await tools.media(client.name);
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  await pc.setLocalDescription();
  client.socket.emit('offer', { toPeer: to, sdp: pc.localDescription?.sdp });
}

/** The end that answers: it is ready for an offer of `to`. */
export function callee({ tools, client, to }: CallOver): RTCPeerConnection {
  const pc = tools.createPeer(client.name);
  pc.addEventListener('icecandidate', ({ candidate }) =>
    client.socket.emit('ice_candidate', { toPeer: to, candidate }),
  );
  client.onEvent(({ name, payload }) => void take(name, payload).catch(() => {})); // what is refused is on the record
  const take = async (name: string, payload: Heard['payload']) => {
    const sdp = typeof payload['sdp'] === 'string' ? payload['sdp'] : '';
    if (name === 'ice_candidate') await pc.addIceCandidate(payload['candidate'] ?? undefined);
    else if (name === 'answer') await pc.setRemoteDescription({ type: 'answer', sdp });
    else if (name === 'offer') {
      await pc.setRemoteDescription({ type: 'offer', sdp });
      await pc.setLocalDescription();
      client.socket.emit('answer', { toPeer: to, sdp: pc.localDescription?.sdp });
    }
  };
  return pc;
}
