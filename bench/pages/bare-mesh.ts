/**
 * A meeting by hand: Socket.IO and one RTCPeerConnection for each of the others; nothing recorded, checked or repaired.
 * Picture and tone are those of a meeting without devices, and everybody is shown in a `<video>`.
 */
import { io, type Socket } from 'socket.io-client';
import { openSyntheticMedia } from '../../src/rtc/media/synthetic.ts';

interface Signal {
  readonly description?: RTCSessionDescriptionInit;
  readonly candidate?: RTCIceCandidateInit | null;
}
interface Connection {
  readonly pc: RTCPeerConnection;
  queue: Promise<void>;
}

const id = () => Math.random().toString(36).slice(2);
const connections = new Map<string, Connection>();
let end = new AbortController();
let socket: Socket | undefined;
/** Those of the server, as in a meeting: without them a page finds only names for its addresses. */
let iceServers: RTCIceServer[] = [];

/** Joins, and calls everybody who is there. @returns milliseconds until the first picture of somebody is shown */
async function join(room: string, name: string): Promise<number> {
  const startMs = performance.now();
  end = new AbortController();
  const { stream } = openSyntheticMedia({
    peer: name,
    signal: end.signal,
    video: { width: 320, height: 180, frameRate: 15 },
  });
  const line = io(location.origin, { transports: ['websocket'], forceNew: true });
  socket = line;
  const send = (to: string, signal: Signal) => line.emit('signal:send', { to, signal });
  const shown = Promise.withResolvers<number>();

  const open = (peer: string): Connection => {
    const pc = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    for (const track of stream.getTracks()) pc.addTrack(track, stream);
    pc.addEventListener('icecandidate', ({ candidate }) =>
      send(peer, { candidate: candidate?.toJSON() ?? null }),
    );
    pc.addEventListener('track', ({ track, streams: [theirs] }) => {
      if (track.kind !== 'video') return;
      const video = document.createElement('video');
      Object.assign(video, { autoplay: true, muted: true, width: 320, height: 180, srcObject: theirs });
      video.requestVideoFrameCallback(() => shown.resolve(performance.now() - startMs));
      document.body.append(video);
      pc.addEventListener('connectionstatechange', () => pc.connectionState === 'closed' && video.remove());
    });
    const connection = { pc, queue: Promise.resolve() };
    connections.set(peer, connection);
    return connection;
  };
  const describe = async (peer: string, { pc }: Connection) => {
    await pc.setLocalDescription();
    send(peer, { description: pc.localDescription!.toJSON() });
  };

  line.on('signal:received', ({ from, signal }: { from: string; signal: Signal }) => {
    const connection = connections.get(from) ?? open(from);
    const { pc } = connection;
    connection.queue = connection.queue.then(async () => {
      if (!signal.description) return pc.addIceCandidate(signal.candidate ?? undefined);
      await pc.setRemoteDescription(signal.description);
      if (signal.description.type === 'offer') await describe(from, connection);
    });
  });
  const reply = (await line.emitWithAck('room:join', { room, page: id(), name })) as {
    value: { self: { peer: string }; snapshot: { members: readonly { peer: string }[] } };
  };
  const { self, snapshot } = reply.value;
  const asked = (await line.emitWithAck('ice:servers', { peer: 'meeting' })) as {
    value: { servers: RTCIceServer[] };
  };
  iceServers = asked.value.servers;
  for (const { peer } of snapshot.members) if (peer !== self.peer) await describe(peer, open(peer));
  return snapshot.members.length > 1 ? shown.promise : 0;
}

function leave(): void {
  end.abort();
  socket?.close();
  for (const { pc } of connections.values()) pc.close();
  connections.clear();
  iceServers = [];
  document.body.replaceChildren();
}

/** The connections that are up, and the frames that all of them have decoded. */
async function frames(): Promise<{ up: number; decoded: number }> {
  let [up, decoded] = [0, 0];
  for (const { pc } of connections.values()) {
    if (pc.connectionState === 'connected') up += 1;
    for (const stat of (await pc.getStats()).values() as Iterable<{ type: string; framesDecoded?: number }>)
      if (stat.type === 'inbound-rtp') decoded += stat.framesDecoded ?? 0;
  }
  return { up, decoded };
}

Object.assign(globalThis, { bare: { join, leave, frames } });
