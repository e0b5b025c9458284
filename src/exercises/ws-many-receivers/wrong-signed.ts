// signed: the first
import { WebSocketServer, type WebSocket } from 'ws';

const wss = new WebSocketServer({ port: 8080 });

let sender: WebSocket | null = null;
const receivers = new Map<string, WebSocket>();

wss.on('connection', (ws) => {
  const id = crypto.randomUUID();

  ws.on('message', (data) => {
    const message = JSON.parse(data.toString());

    if (message.type === 'sender') {
      sender = ws;
      for (const there of receivers.keys()) tell(sender, { type: 'receiverJoined', id: there });
    } else if (message.type === 'receiver') {
      receivers.set(id, ws);
      tell(sender, { type: 'receiverJoined', id });
    } else if (ws === sender) {
      tell(receivers.get(message.to), message);
    } else if (receivers.has(id)) {
      tell(sender, { from: id, ...message });
    }
  });

  ws.on('close', () => {
    if (ws === sender) sender = null;
    if (receivers.delete(id)) tell(sender, { type: 'receiverLeft', id });
  });
});

function tell(ws: WebSocket | null | undefined, message: object) {
  ws?.send(JSON.stringify(message));
}
