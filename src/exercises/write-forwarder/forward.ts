/** What the server lets a forwarder do. It has the connections; who is sent what, it does not decide. */
export interface Forward {
  /** Sends an RTP packet to a viewer: the server encrypts it with that viewer's keys. */
  readonly send: (viewer: string, packet: Uint8Array) => void;
  /** Asks alice's browser for a key frame: a picture that can be decoded without the ones before. */
  readonly requestKeyFrame: () => void;
}
