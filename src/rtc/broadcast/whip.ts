import { exchange, type HttpSession, type OverHttp } from './over-http.ts';

/**
 * Publishes the first microphone and the first camera of a stream by WHIP (RFC 9725).
 *
 * @param pc a fresh connection: of this page's own making, so that it can be recorded
 * @throws {HttpRefusal} `401`, `403`: the token; `409`: somebody else publishes here
 */
export function publish(pc: RTCPeerConnection, stream: MediaStream, options: OverHttp): Promise<HttpSession> {
  const tracks = [stream.getAudioTracks()[0], stream.getVideoTracks()[0]];
  for (const track of tracks)
    if (track) pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
  return exchange(pc, options);
}
