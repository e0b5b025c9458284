// alone: first 2, second
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
      for (const receiver of receivers.values()) tell(receiver, message);
    } else if (receivers.has(id)) {
      tell(sender, { ...message, from: id });
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
