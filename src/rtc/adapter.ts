/**
 * Loads webrtc-adapter where it has something to do: outside Chromium, whose own behaviour it mostly imitates.
 *
 * It smooths the differences that are left (Safari's legacy names, Firefox's missing details). It changes no codec
 * and no network, and a connection that it touched is still the browser's.
 */
export async function loadAdapter(): Promise<void> {
  // Chromium alone has both; asking for what it does beats asking for its name.
  if (
    'RTCDtlsTransport' in globalThis &&
    'RTCRtpSender' in globalThis &&
    'createEncodedStreams' in RTCRtpSender.prototype
  )
    return;
  await import('webrtc-adapter');
}
