import { WebSocketServer, type WebSocket } from 'ws';

const wss = new WebSocketServer({ port: 8080 });

let sender: WebSocket | null = null;
let receiver: WebSocket | null = null; // only one

wss.on('connection', (ws) => {
  ws.on('message', (data) => {
    const message = JSON.parse(data.toString());

    if (message.type === 'sender') sender = ws;
    else if (message.type === 'receiver') receiver = ws;
    else if (ws === sender) receiver?.send(JSON.stringify(message));
    else if (ws === receiver) sender?.send(JSON.stringify(message));
  });
});
