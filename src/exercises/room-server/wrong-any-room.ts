// strangers: alice and bob heard it
import { Server, type Socket } from 'socket.io';

const io = new Server(3000);

/** Room by room, who is in it: id → name. */
const rooms = new Map<string, Map<string, string>>();

io.on('connection', (socket) => {
  socket.on('join_room', (request, reply) => {
    const { personName, roomName } = fields(request);
    if (!isName(personName) || !isName(roomName)) return answer(reply, { ok: false, error: 'bad request' });
    if (roomOf(socket) !== roomName) leave(socket);
    const members = rooms.get(roomName) ?? new Map<string, string>();
    const others = [...members].filter(([id]) => id !== socket.id);
    const isNew = !members.has(socket.id);
    rooms.set(roomName, members.set(socket.id, personName));
    void socket.join(roomName);
    socket.data = { personName, roomName };
    answer(reply, {
      ok: true,
      socketId: socket.id,
      members: others.map(([socketId, name]) => ({ socketId, personName: name })),
    });
    if (isNew) socket.to(roomName).emit('user_joined', { socketId: socket.id, personName, roomName });
  });

  socket.on('message', (request, reply) => {
    const { content } = fields(request);
    const roomName = roomOf(socket);
    if (roomName === undefined || typeof content !== 'string' || content.length > 2000)
      return answer(reply, { ok: false, error: 'bad request' });
    const { personName } = socket.data;
    const timestamp = new Date().toISOString();
    io.to(roomName).emit('message', { socketId: socket.id, personName, content, timestamp });
    answer(reply, { ok: true });
  });

  for (const name of ['offer', 'answer', 'ice_candidate'])
    socket.on(name, (request, reply) => {
      const { toPeer, ...rest } = fields(request);
      const members = rooms.get(roomOf(socket) ?? '');
      if (typeof toPeer !== 'string' || !members)
        return answer(reply, { ok: false, error: 'no such peer in your room' });
      socket.to(toPeer).emit(name, { ...rest, fromPeer: socket.id });
      answer(reply, { ok: true });
    });

  socket.on('leave_room', (_, reply) => {
    leave(socket);
    answer(reply, { ok: true });
  });
  socket.on('disconnecting', () => leave(socket));
});

/** Takes somebody out of the room, and tells those who stay. Twice does nothing. */
function leave(socket: Socket) {
  const roomName = roomOf(socket);
  if (roomName === undefined) return;
  const { personName } = socket.data;
  socket.data = {};
  const members = rooms.get(roomName);
  members?.delete(socket.id);
  if (members?.size === 0) rooms.delete(roomName);
  void socket.leave(roomName);
  socket.to(roomName).emit('user_left', { socketId: socket.id, personName, roomName });
}

const roomOf = (socket: Socket): string | undefined => socket.data.roomName;
const fields = (request: unknown): Record<string, unknown> =>
  (request instanceof Object ? request : {}) as Record<string, unknown>;
const isName = (value: unknown): value is string => typeof value === 'string' && /^.{1,40}$/.test(value);

function answer(reply: unknown, value: object) {
  if (typeof reply === 'function') reply(value);
}
