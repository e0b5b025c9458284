/** What a client of WHIP is given. */
export interface Whip {
  /** Of this site: a path. */
  readonly endpoint: string;
  /** For the header `Authorization: Bearer …`. */
  readonly token: string;
  readonly stream: MediaStream;
  /** A real `RTCPeerConnection`, recorded. */
  readonly createPeer: () => RTCPeerConnection;
  /** The browser's, and what passes is noted. */
  readonly fetch: typeof fetch;
}
