import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { Participant } from '../../lab-kit/compare/define.ts';
import { carry } from '../_shared/simple-signals.ts';
import { check, makeFile, sha256 } from './file.ts';

const CHUNK = 64 * 1024;

export async function alice(me: Participant): Promise<void> {
  const [bob] = await carry(me, () => new SimplePeer({ initiator: true, config: me.configuration }));
  const file = makeFile();
  const write = (chunk: string | Uint8Array) => new Promise((resolve) => bob.write(chunk, resolve)); // [1]
  await write(`${JSON.stringify({ size: file.length, sha256: await sha256(file) })}\n`);
  let most = 0;
  for (let at = 0; at < file.length; at += CHUNK) {
    const written = write(file.subarray(at, at + CHUNK));
    most = Math.max(most, bob.bufferSize);
    await written;
  }
  me.tell(`Never more than ${most} bytes have waited in the channel.`);
}

export async function bob(me: Participant): Promise<void> {
  const [alice] = await carry(me, () => new SimplePeer({ config: me.configuration }));
  let head = '';
  let announced: { size: number; sha256: string } | undefined;
  let file = new Uint8Array();
  let filled = 0;
  alice.on('data', (chunk: Uint8Array) => {
    let bytes = chunk;
    if (!announced) {
      const end = bytes.indexOf('\n'.charCodeAt(0)); // [2]
      head += new TextDecoder().decode(bytes.subarray(0, end < 0 ? bytes.length : end));
      if (end < 0) return;
      announced = JSON.parse(head) as { size: number; sha256: string };
      file = new Uint8Array(announced.size);
      bytes = bytes.subarray(end + 1);
    }
    file.set(bytes, filled);
    filled += bytes.length; // [3]
    if (filled === announced.size) void check(file, announced.sha256).then((words) => me.tell(words));
  });
}
/*
[1] Its callback runs when 64 KiB or less wait in the channel: the back-pressure of Node's streams. Before the peer is
    connected it waits too.
[2] A stream has bytes and no messages: the page says where the first line ends. A text comes as bytes as well.
[3] The receiver cannot slow down the sender. What it does not read is kept.
*/
