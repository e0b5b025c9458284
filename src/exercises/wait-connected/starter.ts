/**
 * Resolves when the connection is up.
 *
 * @param ms milliseconds after which it rejects
 */
export function waitConnected(pc: RTCPeerConnection, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    pc.addEventListener('connectionstatechange', () => {
      if (pc.connectionState === 'connected') resolve();
      if (pc.connectionState === 'failed') reject(new Error(`It failed, before ${ms} ms were over.`));
    });
  });
}
