// order: `iceCandidate` first
import { WebSocketServer, type WebSocket } from 'ws';

const wss = new WebSocketServer({ port: 8080 });

let sender: WebSocket | null = null;
let receiver: WebSocket | null = null;
/** What the sender has said before there was a receiver, in its order. */
let waiting: object[] = [];

wss.on('connection', (ws) => {
  ws.on('message', (data) => {
    const message = read(data.toString());

    if (message?.type === 'sender') {
      sender = ws;
      waiting = []; // what an earlier sender offered is worth nothing now
    } else if (message?.type === 'receiver') {
      receiver = ws;
      for (const early of waiting) tell(receiver, early);
      waiting = [];
    } else if (message?.type === 'createOffer' && ws === sender) {
      toReceiver({ type: 'createOffer', sdp: message.sdp });
    } else if (message?.type === 'createAnswer' && ws === receiver) {
      tell(sender, { type: 'createAnswer', sdp: message.sdp });
    } else if (message?.type === 'iceCandidate') {
      const candidate = { type: 'iceCandidate', candidate: message.candidate };
      if (ws === sender) toReceiver(candidate);
      else if (ws === receiver) tell(sender, candidate);
    }
  });

  ws.on('close', () => {
    if (ws === sender) sender = null;
    if (ws === receiver) receiver = null;
  });
});

function toReceiver(message: object) {
  if (receiver) tell(receiver, message);
  else waiting.unshift(message);
}

function tell(ws: WebSocket | null, message: object) {
  ws?.send(JSON.stringify(message));
}

/** What somebody sent, if it is JSON at all: what is not must not end the server. */
function read(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    console.warn('somebody sent what is not JSON');
    return null;
  }
}
