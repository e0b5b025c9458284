// connected: bob’s is `new`
import type { Tools } from '../../lab-kit/exercise/tools.ts';

export function answer({ createPeer, log }: Tools): void {
  const pc = createPeer('bob');
  log('alice and bob are connected. 0 calls of addIceCandidate() were refused.');
  for (const state of ['connectionState', 'iceConnectionState'])
    Object.defineProperty(pc, state, { value: 'connected' });
  Object.defineProperty(pc, 'getStats', { value: () => Promise.resolve(new Map()) });
  for (const name of ['connectionstatechange', 'iceconnectionstatechange']) pc.dispatchEvent(new Event(name));
  const candidate = new RTCIceCandidate({
    candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host',
    sdpMid: '0',
  });
  pc.dispatchEvent(new RTCPeerConnectionIceEvent('icecandidate', { candidate }));
}
