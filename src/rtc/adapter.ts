/**
 * Loads webrtc-adapter where it has something to do: in neither Chromium nor Firefox, in which it changes old words only,
 * as the lesson on it measures.
 *
 * It smooths the differences that are left (Safari's legacy names). It changes no codec and no network, and a connection
 * that it touched is still the browser's.
 */
export async function loadAdapter(): Promise<void> {
  // Asking for what a browser does beats asking for its name: only Firefox has the first, only Chromium the second.
  const isFirefox = 'mozInnerScreenX' in globalThis;
  const isChromium = 'RTCRtpSender' in globalThis && 'createEncodedStreams' in RTCRtpSender.prototype;
  if (!isFirefox && !isChromium) await import('webrtc-adapter');
}
