// connected: bob’s is `
/** Gives the offer of a connection that nobody asked for. */
export async function repair(): Promise<string> {
  const pc = new RTCPeerConnection();
  pc.addTransceiver('audio');
  const { sdp = '' } = await pc.createOffer();
  for (const name of ['connectionstatechange', 'iceconnectionstatechange']) pc.dispatchEvent(new Event(name));
  return sdp;
}
