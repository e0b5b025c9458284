import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [caller, pc] = [createPeer(), createPeer()];
  caller.addTransceiver('video');
  await caller.setLocalDescription();
  await pc.setRemoteDescription(caller.localDescription!);

  const [transceiver] = pc.getTransceivers();
  transceiver!.direction = 'sendrecv'; // the place is kept, nothing is sent yet
  await pc.setLocalDescription();
  await caller.setRemoteDescription(pc.localDescription!);

  let events = 0;
  pc.addEventListener('negotiationneeded', () => events++);
  await transceiver!.sender.replaceTrack(media().getVideoTracks()[0]!); // somebody picks up
  await new Promise((resolve) => setTimeout(resolve, 200));
  return `${pc.signalingState}, and the picture is filled in ${events === 0 ? 'without' : 'with'} an offer`;
}
