import { WebSocketServer, type WebSocket } from 'ws';

const wss = new WebSocketServer({ port: 8080 });

/** room → id → socket */
const rooms = new Map<string, Map<string, WebSocket>>();

wss.on('connection', (ws) => {
  const id = crypto.randomUUID();
  let room: string | null = null;

  ws.on('message', (data) => {
    const message = JSON.parse(data.toString());
    if (message.type === 'join') {
      room = message.room as string;
      rooms.set(room, new Map([[id, ws]]));
      ws.send(JSON.stringify({ type: 'joined', id, others: [] }));
    }
  });

  ws.on('close', () => {
    console.log('somebody has left', room);
  });
});
