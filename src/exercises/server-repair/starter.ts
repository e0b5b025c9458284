import { Server } from 'socket.io';

const io = new Server(3000);

io.on('connection', (socket) => {
  console.log('connected', socket.id);

  socket.on('join_room', (request) => {
    void socket.join(request.roomName);
    io.to(request.roomName).emit('user_joined', {
      personName: request.personName,
      roomName: request.roomName,
      socketId: socket.id,
    });
  });

  socket.on('message', (request) => {
    io.to(request.roomName).emit('message', {
      personName: request.personName,
      content: request.content,
      timestamp: new Date().toUTCString(),
    });
  });

  socket.on('leave_room', (request) => {
    void socket.leave(request.roomName);
    socket.to(request.roomName).emit('user_left', {
      personName: request.personName,
      roomName: request.roomName,
      socketId: socket.id,
    });
  });

  socket.on('offer', (offer) => {
    socket.to(offer.toPeer).emit('offer', offer);
  });

  socket.on('answer', (answer) => {
    socket.to(answer.toPeer).emit('answer', answer);
  });

  socket.on('ice_candidate', (candidate) => {
    socket.to(candidate.toPeer).emit('ice-candidate', candidate);
  });

  socket.on('disconnect', () => {
    console.log('disconnected', socket.id);
  });
});
