// settings: has not given a channel
import type { DataConnection } from 'peerjs';

export function openFast(connection: DataConnection): RTCDataChannel {
  return connection.peerConnection.createDataChannel('fast', {
    negotiated: true,
    id: 100,
    ordered: false,
    maxRetransmits: 0,
    maxPacketLifeTime: 100,
  });
}
