import { Server } from 'socket.io';

const io = new Server(3000);

io.on('connection', (socket) => {
  socket.on('join_room', ({ personName, roomName }) => {
    void socket.join(roomName);
    io.to(roomName).emit('user_joined', { socketId: socket.id, personName, roomName });
  });

  socket.on('message', ({ personName, roomName, content }) => {
    const timestamp = new Date().toUTCString();
    io.to(roomName).emit('message', { personName, content, timestamp });
  });

  socket.on('leave_room', ({ personName, roomName }) => {
    void socket.leave(roomName);
    socket.to(roomName).emit('user_left', { socketId: socket.id, personName, roomName });
  });

  socket.on('offer', (offer) => socket.to(offer.toPeer).emit('offer', offer));
  socket.on('answer', (answer) => socket.to(answer.toPeer).emit('answer', answer));
  socket.on('ice_candidate', (candidate) => socket.to(candidate.toPeer).emit('ice_candidate', candidate));

  socket.on('disconnect', () => {
    console.log('disconnected', socket.id);
  });
});
