import { defineTask } from '../../lab-kit/compare/define.ts';
import { entriesOf } from '../record.ts';
import { whole } from './file.ts';

export default defineTask({
  title: 'A file with back-pressure',
  summary:
    'Three million bytes go to bob, who checks their SHA-256. Look at how much waits at once, and at who knows how far it is.',
  isDone: (entries) => entriesOf(entries, 'bob', 'note').some(({ text }) => text === whole),
  limits: {
    raw: [
      {
        text: 'A message has a greatest size, `pc.sctp.maxMessageSize`: a file has to be cut and put together by the page.',
        source: 'WebRTC §6.1, `maxMessageSize`; RFC 8841 §6',
      },
    ],
    peerjs: [
      {
        text: 'No progress: `data` fires when the last chunk has come, and until then the receiver holds all of them.',
        source: 'peerjs 1.5.5, lib/dataconnection/BufferedConnection/BinaryPack.ts (`_handleChunk`)',
      },
      {
        text: 'No back-pressure that a page could use: `send()` packs and cuts all at once and promises nothing. `bufferSize` counts the chunks that PeerJS itself still holds, and is 0 while 8 MiB wait in the channel.',
        source: 'peerjs 1.5.5, lib/dataconnection/BufferedConnection/BufferedConnection.ts (`_trySend`)',
      },
      {
        text: 'Chunks of 16 300 bytes, whatever `maxMessageSize` allows.',
        source: 'peerjs 1.5.5, lib/dataconnection/BufferedConnection/binaryPackChunker.ts (`chunkedMTU`)',
      },
    ],
    helper: [
      {
        text: 'A file has to be cut and put together by the page, as with the raw API.',
        source: 'src/compare/_shared/peer.ts (`send`)',
      },
    ],
    'simple-peer': [
      {
        text: 'The sender waits at 64 KiB, and that cannot be changed.',
        source: 'simple-peer 9.11.1, index.js (`MAX_BUFFERED_AMOUNT`)',
      },
      {
        text: 'The receiver cannot slow the sender down: what it does not read is kept in memory.',
        source: 'simple-peer 9.11.1, index.js (`_read` is empty)',
      },
    ],
  },
});
