/**
 * Resolves when the connection is up.
 *
 * @param ms milliseconds after which it rejects
 */
export function waitConnected(pc: RTCPeerConnection, ms: number): Promise<void> {
  const done = new AbortController();
  return new Promise<void>((resolve, reject) => {
    const look = () => {
      const state = pc.connectionState;
      if (state === 'connected') resolve();
      if (state === 'failed' || state === 'closed') reject(new Error(`The connection is ${state}.`));
    };
    const tooLate = () => reject(new Error(`After ${ms} ms it is ${pc.connectionState}.`));
    const timer = setTimeout(tooLate, ms);
    done.signal.addEventListener('abort', () => clearTimeout(timer));
    pc.addEventListener('connectionstatechange', look, { signal: done.signal });
    look();
  }).finally(() => done.abort());
}
