// closed: It rejected
export function waitConnected(pc: RTCPeerConnection, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (pc.connectionState === 'connected') resolve();
      if (pc.connectionState === 'failed') reject(new Error('failed'));
    };
    setTimeout(() => reject(new Error('too late')), ms);
    pc.addEventListener('connectionstatechange', look);
    look();
  });
}
