// strangers: receiver heard `createOffer`
import { WebSocketServer, type WebSocket } from 'ws';

const wss = new WebSocketServer({ port: 8080 });

let sender: WebSocket | null = null;
let receiver: WebSocket | null = null;

wss.on('connection', (ws) => {
  ws.on('message', (data) => {
    const message = JSON.parse(data.toString());

    if (message.type === 'sender') sender = ws;
    else if (message.type === 'receiver') receiver = ws;
    else if (message.type === 'createOffer') {
      tell(receiver, { type: 'createOffer', sdp: message.sdp });
    } else if (message.type === 'createAnswer') {
      if (ws === receiver) tell(sender, { type: 'createAnswer', sdp: message.sdp });
    } else if (message.type === 'iceCandidate') {
      if (ws === sender) tell(receiver, { type: 'iceCandidate', candidate: message.candidate });
      else if (ws === receiver) tell(sender, { type: 'iceCandidate', candidate: message.candidate });
    }
  });
});

function tell(ws: WebSocket | null, message: object) {
  ws?.send(JSON.stringify(message));
}
