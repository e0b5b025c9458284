// frames: decoded 0 frames
import { WebSocketServer } from 'ws';

const wss = new WebSocketServer({ port: 8080 });

wss.on('connection', (ws) => {
  console.log('A connection, and five frames or more.');
  ws.on('message', (data) => {
    const { type } = JSON.parse(data.toString());
    if (type === 'createOffer') ws.send(JSON.stringify({ type: 'createAnswer', sdp: 'v=0' }));
  });
});
