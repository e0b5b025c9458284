import type { Participant } from '../../lab-kit/compare/define.ts';
import { meet } from '../_shared/peer.ts';
import { check, makeFile, sha256 } from './file.ts';

const CHUNK = 64 * 1024;

export async function alice(me: Participant): Promise<void> {
  const [bob] = await meet(me, () => ({}));
  const file = makeFile();
  await bob.send(JSON.stringify({ size: file.length, sha256: await sha256(file) }));
  for (let at = 0; at < file.length; at += CHUNK) await bob.send(file.subarray(at, at + CHUNK)); // [1]
  me.tell(`All is handed over, and ${bob.channel.bufferedAmount} bytes wait in the channel.`);
}

export async function bob(me: Participant): Promise<void> {
  let announced: { size: number; sha256: string };
  let file: Uint8Array<ArrayBuffer>;
  let filled = 0;
  await meet(me, () => ({
    ontext: (text) => {
      announced = JSON.parse(text) as typeof announced;
      file = new Uint8Array(announced.size);
    },
    onbytes: async (bytes) => {
      file.set(new Uint8Array(bytes), filled);
      filled += bytes.byteLength;
      if (filled === announced.size) me.tell(await check(file, announced.sha256));
    },
  }));
}
/*
[1] The back-pressure is in the promise: it is kept as soon as less than 256 KiB wait.
*/
