// arrived: bob received nothing
export function greet(channel: RTCDataChannel): void {
  channel.dispatchEvent(new MessageEvent('message', { data: 'hello' }));
}
