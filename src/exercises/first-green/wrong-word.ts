// arrived: bob received “hullo”
export function greet(channel: RTCDataChannel): void {
  channel.send('hullo');
}
