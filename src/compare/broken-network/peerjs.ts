import { Peer, type MediaConnection } from 'peerjs';
import type { Participant } from '../../lab-kit/compare/define.ts';

export async function alice(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const peer = register(me);
  const dial = () => {
    const call = peer.call(me.idOf('bob'), stream);
    watch(me, 'bob', call);
    call.on('close', () => {
      if (!peer.disconnected) dial(); // [1]
    });
  };
  peer.on('open', dial);
}

export async function bob(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const peer = register(me);
  peer.on('call', (call) => {
    watch(me, 'alice', call);
    call.answer(stream);
  });
}

function watch(me: Participant, other: string, call: MediaConnection): void {
  call.on('stream', (remote) => me.show(remote, other)); // [2]
  call.on('close', () => me.tell('close'));
  call.on('iceStateChanged', (state) => {
    me.tell(`iceStateChanged: ${state}`);
    if (state === 'disconnected') call.close(); // [3]
  });
}

function register(me: Participant): Peer {
  const peer = new Peer(me.idOf(me.name), { ...me.peerServer, config: me.configuration });
  peer.on('error', ({ type, message }) => me.tell(`${type}: ${message}`));
  me.signal.addEventListener('abort', () => peer.destroy());
  return peer;
}
/*
[1] The only way on: a new call. Everything is done again, and bob has to answer again. (disconnected: no line to
    PeerServer, which is so at the end of the run.)
[2] Another stream each time. Whoever shows it must take the one before away.
[3] PeerJS closes by itself when iceConnectionState is failed. Firefox gets there after half a minute, Chromium not at
    all: there connectionState says failed, which PeerJS does not read. So the page closes at the first sign, and loses
    a connection that might have come back by itself.
*/
