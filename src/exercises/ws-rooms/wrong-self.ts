// roster: himself among them
import { WebSocketServer, type WebSocket } from 'ws';

const wss = new WebSocketServer({ port: 8080 });

/** room → id → socket */
const rooms = new Map<string, Map<string, WebSocket>>();
const relayed = new Set(['createOffer', 'createAnswer', 'iceCandidate']);

wss.on('connection', (ws) => {
  const id = crypto.randomUUID();
  let room: string | null = null;

  ws.on('message', (data) => {
    const message = read(data.toString());
    if (message.type === 'join' && typeof message.room === 'string' && room === null) {
      const name = message.room;
      room = name;
      const members = rooms.get(name) ?? new Map<string, WebSocket>();
      rooms.set(name, members);
      members.set(id, ws);
      tell(ws, { type: 'joined', id, others: [...members.keys()] });
      for (const other of members.values()) tell(other, { type: 'peerJoined', id });
    } else if (room !== null && relayed.has(String(message.type)) && typeof message.to === 'string') {
      tell(rooms.get(room)?.get(message.to), { ...message, from: id });
    }
  });

  ws.on('close', () => {
    if (room === null) return;
    const members = rooms.get(room);
    members?.delete(id);
    if (members?.size === 0) rooms.delete(room);
    for (const other of members?.values() ?? []) tell(other, { type: 'peerLeft', id });
  });
});

function tell(ws: WebSocket | undefined, message: object) {
  ws?.send(JSON.stringify(message));
}

function read(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return value instanceof Object ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
