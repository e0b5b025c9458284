/** Is called when the channel to bob is open. */
export function greet(channel: RTCDataChannel): void {
  channel.send('hello');
}
