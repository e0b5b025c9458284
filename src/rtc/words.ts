/** Turns what crosses an API call into short text for the record. */

/** One argument or result of a recorded call. Never throws; credentials are left out. */
export function words(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object') return JSON.stringify(value) ?? typeof value;
  if (isTrack(value)) return `${value.kind} track`;
  if ('getTracks' in value) return 'stream';
  if ('type' in value && 'sdp' in value)
    return `${String(value.type)}, ${String(value.sdp).length} characters of SDP`;
  if ('candidate' in value && typeof value.candidate === 'string')
    return value.candidate || 'end of candidates';
  if ('mid' in value && 'sender' in value) return 'transceiver';
  if ('track' in value && 'replaceTrack' in value) return `sender of ${words(value.track)}`;
  if ('label' in value && 'readyState' in value) return `channel ${JSON.stringify(value.label)}`;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (typeof Blob !== 'undefined' && value instanceof Blob) return `${value.size} bytes`;
  try {
    return JSON.stringify(value, (key, inner: unknown) => (key === 'credential' ? '…' : inner));
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** A configuration as it may be kept: the same, with every credential blanked. */
export function withoutSecrets(configuration: RTCConfiguration): RTCConfiguration {
  const { iceServers, certificates: _, ...rest } = configuration;
  if (!iceServers) return rest;
  const servers = iceServers.map((server) =>
    'credential' in server ? { ...server, credential: '…' } : server,
  );
  return { ...rest, iceServers: servers };
}

/** How many bytes a data channel message has on the wire. */
export function sizeOf(message: unknown): number {
  if (typeof message === 'string') return new TextEncoder().encode(message).byteLength;
  if (message instanceof Blob) return message.size;
  return message instanceof ArrayBuffer || ArrayBuffer.isView(message) ? message.byteLength : 0;
}

function isTrack(value: object): value is MediaStreamTrack {
  return 'kind' in value && 'enabled' in value && 'readyState' in value;
}
