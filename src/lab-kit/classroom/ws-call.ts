import type { Tools } from '../exercise/tools.ts';
import type { PageWebSocket } from './clients.ts';
import type { LearnersServer } from './server.ts';

/** A message as the lessons' WebSocket servers carry them: JSON with a `type`. */
export interface Message {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A client of a learner's server, as an exercise plays it, and all that it has heard. */
export interface WsClient {
  readonly name: string;
  readonly socket: PageWebSocket;
  readonly heard: Message[];
  /** What came and was no JSON with a type, in words. */
  readonly odd: string[];
  /** The code with which it was closed. */
  closed?: number;
  /** Sends a message; nothing once it is closed. */
  readonly say: (message: object | string) => void;
  readonly onMessage: (listener: (message: Message) => unknown) => void;
  /** The messages of a type. */
  readonly of: (type: string) => readonly Message[];
}

/** Connects a client, and resolves when it is open. */
export async function connectWs(server: LearnersServer, name: string): Promise<WsClient> {
  const socket = server.webSocket(name);
  const listeners: ((message: Message) => unknown)[] = [];
  const client: WsClient = {
    name,
    socket,
    heard: [],
    odd: [],
    say: (message) => {
      if (socket.readyState === WebSocket.OPEN)
        socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    onMessage: (listener) => void listeners.push(listener),
    of: (type) => client.heard.filter((message) => message.type === type),
  };
  socket.addEventListener('message', ({ data }) => {
    const message = typeof data === 'string' ? asMessage(data) : undefined;
    if (!message) {
      client.odd.push(typeof data === 'string' ? `\`${data.slice(0, 60)}\`` : 'a binary message (a `Blob`)');
      return;
    }
    client.heard.push(message);
    for (const listener of listeners) listener(message);
  });
  socket.addEventListener('close', ({ code }) => (client.closed = code));
  await new Promise<void>((resolve) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('close', () => resolve());
  });
  return client;
}

function asMessage(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value instanceof Object && 'type' in value && typeof value.type === 'string'
      ? (value as Message)
      : undefined;
  } catch {
    return undefined;
  }
}

/** How a peer's messages are wrapped for the server, and taken out of what comes from it. */
interface Wrapping {
  /** Around what is sent: `{ to: '…' }`. */
  readonly around?: object;
  /** Which of the messages that come are for this peer; all when left out. */
  readonly isMine?: (message: Message) => boolean;
}

/**
 * A sender of the lesson's protocol: a real connection with a picture. It offers at once.
 *
 * @param label the connection's name on the record
 */
export async function offerOver(
  { createPeer, media }: Tools,
  client: WsClient,
  label: string,
  { around, isMine = () => true }: Wrapping = {},
): Promise<RTCPeerConnection> {
  const pc = createPeer(label);
  const stream = await media(client.name);
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  pc.addEventListener('icecandidate', ({ candidate }) =>
    client.say({ type: 'iceCandidate', ...around, candidate }),
  );
  client.onMessage((message) => {
    if (isMine(message)) void take(pc, message);
  });
  await pc.setLocalDescription();
  client.say({ type: 'createOffer', ...around, sdp: pc.localDescription?.sdp });
  return pc;
}

/** A receiver: it answers the offer that comes. */
export function answerOver(
  { createPeer }: Tools,
  client: WsClient,
  label: string,
  { around, isMine = () => true }: Wrapping = {},
): RTCPeerConnection {
  const pc = createPeer(label);
  pc.addEventListener('icecandidate', ({ candidate }) =>
    client.say({ type: 'iceCandidate', ...around, candidate }),
  );
  client.onMessage(async (message) => {
    if (!isMine(message) || !(await take(pc, message)) || message.type !== 'createOffer') return;
    await pc.setLocalDescription();
    client.say({ type: 'createAnswer', ...around, sdp: pc.localDescription?.sdp });
  });
  return pc;
}

/** Hands a message to the connection. What it refuses is on the record, and the call then does not come about. */
async function take(pc: RTCPeerConnection, message: Message): Promise<boolean> {
  try {
    if (message.type === 'iceCandidate') await pc.addIceCandidate(message['candidate'] ?? undefined);
    else if (message.type === 'createOffer' || message.type === 'createAnswer')
      await pc.setRemoteDescription({
        type: message.type === 'createOffer' ? 'offer' : 'answer',
        sdp: typeof message['sdp'] === 'string' ? message['sdp'] : '',
      });
    return true;
  } catch {
    return false;
  }
}
