import type { Whip } from './whip.ts';

/** Publishes a stream; returns a function that ends it. */
export async function publish({
  endpoint,
  token,
  createPeer,
  stream,
  fetch,
}: Whip): Promise<() => Promise<void>> {
  const pc = createPeer();
  const authorization = { Authorization: `Bearer ${token}` };
  for (const track of stream.getTracks())
    pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
  const offer = await pc.createOffer();
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...authorization, 'Content-Type': 'application/sdp' },
    body: offer.sdp ?? '',
  });
  if (response.status !== 201) throw new Error(`The server answered ${response.status}.`);
  const session = new URL(response.headers.get('Location') ?? '', response.url).href;
  const etag = response.headers.get('ETag') ?? '*';
  pc.addEventListener('icecandidate', ({ candidate }) => {
    if (!candidate?.candidate) return;
    void fetch(session, {
      method: 'PATCH',
      headers: { ...authorization, 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': etag },
      body: fragment(pc.localDescription?.sdp ?? '', candidate.candidate),
    });
  });
  await pc.setLocalDescription(offer); // now it begins to gather
  await pc.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  return async () => {
    await fetch(session, { method: 'DELETE', headers: authorization });
    pc.close();
  };
}

/** One candidate with what it belongs to (RFC 8840). */
function fragment(sdp: string, candidate: string): string {
  const line = (start: string) => sdp.split('\r\n').find((text) => text.startsWith(start)) ?? '';
  return [line('m='), line('a=mid:'), line('a=ice-ufrag:'), line('a=ice-pwd:'), `a=${candidate}`, ''].join(
    '\r\n',
  );
}
