// lost: it was still waiting
export function waitConnected(pc: RTCPeerConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const state = pc.connectionState;
      if (state === 'connected') resolve();
      if (state === 'failed' || state === 'closed') reject(new Error(state));
    };
    pc.addEventListener('connectionstatechange', look);
    look();
  });
}
