import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media, signal }: ClaimTools): Promise<string> {
  const [server, alice] = [createPeer(), createPeer()];
  const [voice] = media().getAudioTracks();
  for (let person = 0; person < 8; person++) server.addTrack(voice!.clone());
  await connect(server, alice);
  const first = await received(alice, signal);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const later = await received(alice, signal);
  const bitsPerSec = ((later.bytes - first.bytes) * 8_000) / (later.atMs - first.atMs);
  const size = bitsPerSec < 500_000 ? 'less than 500 kbit/s' : `${Math.round(bitsPerSec / 1000)} kbit/s`;
  return `${later.voices} voices over one connection, ${size} together`;
}

/** Waits until all eight arrive. */
async function received(pc: RTCPeerConnection, signal: AbortSignal) {
  for (;;) {
    signal.throwIfAborted();
    const stats = [...(await pc.getStats()).values()] as {
      type: string;
      bytesReceived?: number;
      timestamp: number;
    }[];
    const voices = stats.filter(({ type, bytesReceived = 0 }) => type === 'inbound-rtp' && bytesReceived > 0);
    const bytes = voices.reduce((sum, { bytesReceived = 0 }) => sum + bytesReceived, 0);
    if (voices.length >= 8) return { voices: voices.length, bytes, atMs: voices[0]!.timestamp };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function connect(from: RTCPeerConnection, to: RTCPeerConnection): Promise<void> {
  from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate);
  to.onicecandidate = ({ candidate }) => void from.addIceCandidate(candidate);
  await from.setLocalDescription();
  await to.setRemoteDescription(from.localDescription!);
  await to.setLocalDescription();
  await from.setRemoteDescription(to.localDescription!);
}
