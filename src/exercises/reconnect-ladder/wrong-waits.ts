// resumes: bob has seen nothing
import type { Tools } from '../../lab-kit/exercise/tools.ts';

/** alice's end of a call that finds its way back. */
export async function start({ createPeer, signaling, media }: Tools): Promise<void> {
  const stream = await media('alice');
  const channel = signaling('alice');
  let pc = open();

  channel.receive(async (_, signal) => {
    if ('description' in signal) await pc.setRemoteDescription(signal.description);
    else await pc.addIceCandidate(signal.candidate).catch(() => {}); // perhaps of an offer that was given up
  });

  function open(): RTCPeerConnection {
    const opened = createPeer('alice');
    opened.addEventListener('icecandidate', ({ candidate }) => void channel.send('bob', { candidate }));
    opened.addEventListener('negotiationneeded', () => void offer(opened));
    opened.addEventListener('connectionstatechange', () => {
      if (opened.connectionState === 'disconnected') void climb();
    });
    for (const track of stream.getTracks()) opened.addTrack(track, stream);
    return opened;
  }

  async function offer(from: RTCPeerConnection): Promise<void> {
    await from.setLocalDescription();
    await channel.send('bob', { description: from.localDescription });
  }

  /** Whether the connection is up before so many milliseconds are over. */
  async function isBack(timeoutMs: number): Promise<boolean> {
    const end = performance.now() + timeoutMs;
    while (performance.now() < end && pc.connectionState !== 'connected')
      await new Promise((resolve) => setTimeout(resolve, 50));
    return pc.connectionState === 'connected';
  }

  async function climb(): Promise<void> {
    if (await isBack(1_000)) return;
    pc.restartIce();
    const failed = new Promise<void>((resolve) => {
      pc.addEventListener('connectionstatechange', () => pc.connectionState === 'failed' && resolve());
    });
    await failed;
    pc.close();
    pc = open();
  }
}
