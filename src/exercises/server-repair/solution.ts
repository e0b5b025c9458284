import { Server, type Socket } from 'socket.io';

const io = new Server(3000);

io.on('connection', (socket) => {
  socket.on('join_room', (request) => {
    leave(socket);
    socket.data = { personName: request.personName, roomName: request.roomName };
    void socket.join(request.roomName);
    socket.to(request.roomName).emit('user_joined', { ...socket.data, socketId: socket.id });
  });

  socket.on('message', (request) => {
    const { personName, roomName } = socket.data;
    if (roomName === undefined) return;
    const timestamp = new Date().toISOString();
    io.to(roomName).emit('message', { personName, content: request.content, timestamp });
  });

  socket.on('leave_room', () => leave(socket));

  for (const name of ['offer', 'answer', 'ice_candidate'])
    socket.on(name, (message) => {
      const other = io.sockets.sockets.get(message.toPeer);
      const { roomName } = socket.data;
      if (roomName === undefined || other?.data.roomName !== roomName) return;
      other?.emit(name, { ...message, fromPeer: socket.id });
    });

  socket.on('disconnecting', () => leave(socket));
});

function leave(socket: Socket) {
  const { personName, roomName } = socket.data;
  if (roomName === undefined) return;
  socket.data = {};
  void socket.leave(roomName);
  socket.to(roomName).emit('user_left', { personName, roomName, socketId: socket.id });
}
