import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const pc = createPeer();
  pc.createDataChannel('chat');
  for (const track of media().getTracks()) pc.addTrack(track);
  await pc.setLocalDescription();
  const transports = new Set(pc.localDescription?.sdp.match(/^a=group:BUNDLE.*$/gm));
  return `${transports.size} connection with 3 sections: ${[...transports].join()}`;
}
