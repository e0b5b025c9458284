import { WebSocketServer, type WebSocket } from 'ws';

const wss = new WebSocketServer({ port: 8080 });

let sender: WebSocket | null = null;
let receiver: WebSocket | null = null;

wss.on('connection', (ws) => {
  ws.on('message', (data) => {
    const message = JSON.parse(data.toString());
    if (message.type === 'sender') sender = ws;
    if (message.type === 'receiver') receiver = ws;
    console.log(message.type, ws === sender, ws === receiver);
    // And now createOffer, createAnswer and iceCandidate.
  });
});
