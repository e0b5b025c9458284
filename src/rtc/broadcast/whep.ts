import { exchange, type HttpSession, type OverHttp } from './over-http.ts';

export interface Playing extends HttpSession {
  /** Sound and picture of the broadcast, both there from the start: while nobody publishes, they are silent and black. */
  readonly stream: MediaStream;
}

/**
 * Plays a broadcast by WHEP (draft-ietf-wish-whep).
 *
 * @param pc a fresh connection: of this page's own making, so that it can be recorded
 * @throws {HttpRefusal} `401`, `403`: the token; `409`: nobody publishes here, try again after `retryAfterSec`
 */
export async function play(pc: RTCPeerConnection, options: OverHttp): Promise<Playing> {
  const kinds = ['audio', 'video'] as const;
  const transceivers = kinds.map((kind) => pc.addTransceiver(kind, { direction: 'recvonly' }));
  const stream = new MediaStream(transceivers.map(({ receiver }) => receiver.track));
  const session = await exchange(pc, options);
  return { ...session, stream };
}
