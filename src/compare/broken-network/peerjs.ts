import { Peer, type MediaConnection } from 'peerjs';
import type { Participant } from '../../lab-kit/compare/define.ts';

export async function alice(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const peer = register(me);
  const dial = () => {
    const call = peer.call(me.idOf('bob'), stream);
    watch(me, 'bob', call);
    call.on('iceStateChanged', (state) => {
      if (state === 'disconnected') call.close(); // [1]
    });
    call.on('close', () => {
      if (!peer.disconnected) dial(); // [2]
    });
  };
  peer.on('open', dial);
}

export async function bob(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const peer = register(me);
  let call: MediaConnection | undefined;
  peer.on('call', (next) => {
    call?.close(); // [3]
    call = next;
    watch(me, 'alice', next);
    next.answer(stream);
  });
}

function watch(me: Participant, other: string, call: MediaConnection): void {
  call.on('stream', (remote) => me.show(remote, other)); // [4]
  call.on('iceStateChanged', (state) => me.tell(`iceStateChanged: ${state}`));
  call.on('close', () => me.tell('close'));
}

function register(me: Participant): Peer {
  const peer = new Peer(me.idOf(me.name), { ...me.peerServer, config: me.configuration });
  peer.on('error', ({ type, message }) => me.tell(`${type}: ${message}`));
  me.signal.addEventListener('abort', () => peer.destroy());
  return peer;
}
/*
[1] PeerJS closes by itself when iceConnectionState is failed. Firefox gets there after half a minute, Chromium not at
    all: there connectionState says failed, which PeerJS does not read. So the page closes at the first sign, and loses
    a connection that might have come back by itself.
[2] The only way on: a new call. Everything is done again, and bob has to answer again. (disconnected: no line to
    PeerServer, which is so at the end of the run.)
[3] Whoever calls again has given up the call before. Of its end bob has heard nothing: the wire was cut.
[4] Another stream for each call. Whoever shows it must take the one before away.
*/
