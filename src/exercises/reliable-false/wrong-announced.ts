// arrives: bob has heard 0
import type { DataConnection } from 'peerjs';

export function openFast(connection: DataConnection): RTCDataChannel {
  return connection.peerConnection.createDataChannel('fast', { ordered: false, maxRetransmits: 0 });
}
