// strangers: sender heard
import { WebSocketServer } from 'ws';

const wss = new WebSocketServer({ port: 8080 });

wss.on('connection', (ws) => {
  ws.on('message', (data) => {
    for (const client of wss.clients) client.send(data.toString());
  });
});
