/** Is called when the channel to bob is open. */
export function greet(channel: RTCDataChannel): void {
  if (channel.readyState !== 'open') throw new Error('It is called too early.');
  // Your line comes here.
}
