import type { Instance } from 'simple-peer';
import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { Participant } from '../../lab-kit/compare/define.ts';
import { join } from '../_shared/signaling.ts';
import { fromSignal, toSignal } from '../_shared/simple-signals.ts';

export async function everybody(me: Participant): Promise<void> {
  const other = me.others[0]!;
  const initiator = me.name < other;
  const [signaling, stream] = await Promise.all([join(me), me.openMedia()]);
  let peer = open();
  let hasOffer = false;
  me.signal.addEventListener('abort', () => peer.destroy());

  signaling.receive((_, signal) => {
    if ('description' in signal && signal.description.type === 'offer') {
      if (hasOffer) {
        peer.destroy(); // [1]
        peer = open();
      }
      hasOffer = true;
    }
    if (!peer.destroyed) peer.signal(fromSignal(signal));
  });

  function open(): Instance {
    const next = new SimplePeer({ initiator, config: me.configuration, streams: [stream] });
    next.on('signal', (data) => void signaling.send(other, toSignal(data)!));
    next.on('stream', (remote) => me.show(remote, other));
    next.on('iceStateChange', (state) => me.tell(`iceStateChange: ${state}`)); // [2]
    next.on('error', ({ message }) => me.tell(message)); // [3]
    next.on('close', () => {
      me.tell('close');
      if (initiator && !me.signal.aborted) peer = open(); // [4]
    });
    return next;
  }
}
/*
[1] A second offer is for another connection than the one that is here: alice has given hers up.
[2] On disconnected simple-peer does nothing but tell. There is no restart of ICE.
[3] “Ice connection failed.”, and with that the peer has destroyed itself.
[4] A new peer: new keys, new addresses, new statistics, and the other end has to make one, too. If the network is still
    broken, this one fails as well, and the next one comes.
*/
