import { Peer } from 'peerjs';
import type { Participant } from '../../lab-kit/compare/define.ts';
import { check, makeFile, sha256 } from './file.ts';

export async function alice(me: Participant): Promise<void> {
  const peer = register(me);
  await new Promise((resolve) => peer.on('open', resolve));
  const connection = peer.connect(me.idOf('bob'), { reliable: true }); // [1]
  await new Promise<void>((resolve) => connection.on('open', resolve));

  const file = makeFile();
  const digest = await sha256(file);
  void connection.send({ file, sha256: digest }); // [2]
  me.tell(`send() is back, and ${connection.dataChannel.bufferedAmount} bytes wait in the channel.`); // [3]
}

export function bob(me: Participant): void {
  const peer = register(me);
  peer.on('connection', (connection) => {
    connection.on('data', (data) => {
      const sent = data as { file: ArrayBuffer; sha256: string }; // [4]
      void check(new Uint8Array(sent.file), sent.sha256).then((verdict) => me.tell(verdict));
    });
  });
}

function register(me: Participant): Peer {
  const peer = new Peer(me.idOf(me.name), { ...me.peerServer, config: me.configuration });
  peer.on('error', ({ type, message }) => me.tell(`${type}: ${message}`));
  me.signal.addEventListener('abort', () => peer.destroy());
  return peer;
}
/*
[1] Without it the channel is unordered. Chunks carry their number, so a file arrives whole either way.
[2] An object, packed by BinaryPack and cut into chunks of 16 300 bytes, all of them before send() returns.
[3] Chunks go to the channel until 8 MiB wait there. What is more waits in PeerJS, which looks again every 50 ms.
[4] Fires once, when all is there. No event tells how far it is, on neither side.
*/
