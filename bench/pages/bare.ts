/** The same call by hand: Socket.IO and RTCPeerConnection, nothing recorded, nothing checked. */
import { io, type Socket } from 'socket.io-client';
import { firstFrame, openPicture } from './first-frame.ts';

const id = () => Math.random().toString(36).slice(2);

async function join(room: string, name: string): Promise<{ socket: Socket; peer: string }> {
  const socket = io(location.origin, { transports: ['websocket'], forceNew: true });
  const reply = (await socket.emitWithAck('room:join', { room, page: id(), name })) as {
    value: { self: { peer: string } };
  };
  return { socket, peer: reply.value.self.peer };
}

async function call(): Promise<number> {
  const startMs = performance.now();
  const end = new AbortController();
  const room = id();
  const [alice, bob] = await Promise.all([join(room, 'alice'), join(room, 'bob')]);
  const shown = Promise.all(
    [connect(alice, bob.peer, false), connect(bob, alice.peer, true)].map((frame) => frame),
  );
  await shown;
  const tookMs = performance.now() - startMs;
  end.abort();
  return tookMs;

  async function connect({ socket, peer }: typeof alice, to: string, waits: boolean): Promise<void> {
    const pc = new RTCPeerConnection();
    end.signal.addEventListener('abort', () => (pc.close(), socket.close()));
    const stream = openPicture(peer, end.signal);
    for (const track of stream.getTracks()) pc.addTrack(track, stream);
    const send = (signal: object) => socket.emit('signal:send', { to, signal });
    pc.onicecandidate = ({ candidate }) => send({ candidate: candidate?.toJSON() ?? null });
    const frame = new Promise<void>((resolve) => {
      pc.ontrack = ({ streams: [remote] }) => remote && void firstFrame(remote).then(resolve);
    });
    const connected = new Promise<void>((resolve) => {
      pc.onconnectionstatechange = () => pc.connectionState === 'connected' && resolve();
    });
    let queue = Promise.resolve();
    socket.on(
      'signal:received',
      ({
        signal,
      }: {
        signal: { description?: RTCSessionDescriptionInit; candidate?: RTCIceCandidateInit | null };
      }) => {
        queue = queue.then(async () => {
          if (!signal.description) return pc.addIceCandidate(signal.candidate ?? undefined);
          await pc.setRemoteDescription(signal.description);
          if (signal.description.type !== 'offer') return;
          await pc.setLocalDescription();
          send({ description: pc.localDescription?.toJSON() });
        });
      },
    );
    if (!waits) {
      await pc.setLocalDescription();
      send({ description: pc.localDescription?.toJSON() });
    }
    await Promise.all([connected, frame]);
  }
}
Object.assign(globalThis, { call });
