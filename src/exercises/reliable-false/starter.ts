import type { DataConnection } from 'peerjs';

/** Called at both ends. alice had connected with `reliable: false`. */
export function openFast(connection: DataConnection): RTCDataChannel {
  return connection.dataChannel;
}
