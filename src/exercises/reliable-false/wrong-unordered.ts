// settings: ordered: false, maxRetransmits: null, maxPacketLifeTime: null
import type { DataConnection } from 'peerjs';

export function openFast(connection: DataConnection): RTCDataChannel {
  return connection.peerConnection.createDataChannel('fast', { negotiated: true, id: 100, ordered: false });
}
