import { connected, openPeer, type Bench } from '../../rtc/index.ts';
import { enterRoom, publish, receive } from '../../rtc/middlebox/room.ts';
import { deskOf, openStudio, viewersOf } from './desk.ts';

export type Controls = { viewers: '1' | '2' | '4' | '6'; encodings: 'three' | 'one' };

/** alice sends to the server, once. The server forwards to each viewer what that one has room for. */
export async function run(bench: Bench<Controls>): Promise<void> {
  const viewers = viewersOf(bench.controls.viewers);
  const room = await enterRoom(bench, ['alice', ...viewers]); // [1]
  deskOf(bench).open(room, viewers);
  await send(bench, room.seat('alice'));
  await Promise.all(viewers.map((viewer) => view(bench, viewer, room.seat(viewer))));
}

type Seat = ReturnType<Awaited<ReturnType<typeof enterRoom>>['seat']>;

async function send(bench: Bench<Controls>, seat: Seat): Promise<void> {
  const pc = openPeer('alice-sfu', bench);
  const stream = openStudio(bench); // [2]
  pc.addTransceiver(stream.getAudioTracks()[0] ?? 'audio', { direction: 'sendonly', streams: [stream] });
  pc.addTransceiver(stream.getVideoTracks()[0] ?? 'video', {
    direction: 'sendonly',
    streams: [stream],
    sendEncodings: encodings[bench.controls.encodings],
  });
  await publish(bench, seat, pc, {
    self: 'alice-sfu',
    server: 'sfu-alice',
    kind: 'sfu',
    sections: [
      { mid: '0', source: 'microphone' },
      { mid: '1', source: 'camera' }, // [3]
    ],
  });
  await connected(pc, bench);
}

const encodings: Readonly<Record<Controls['encodings'], RTCRtpEncodingParameters[]>> = {
  one: [{ maxBitrate: 1_000_000 }],
  three: [
    { rid: 'h', maxBitrate: 1_000_000 }, // [4]
    { rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 350_000 },
    { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 120_000 },
  ],
};

async function view(bench: Bench<Controls>, viewer: string, seat: Seat): Promise<void> {
  const self = `${viewer}-sfu`;
  const pc = openPeer(self, bench);
  pc.addEventListener('track', ({ streams: [stream] }) => bench.show(self, stream));
  await receive(bench, seat, pc, { self, server: `sfu-${viewer}`, kind: 'sfu' }); // [5]
  deskOf(bench).want(viewer); // [6]
  await connected(pc, bench);
}
/*
[1] Each has a seat of its own at the server, though all live in this page.
[2] A drawn picture of 960 × 540: with a smaller one Chromium sends fewer than three encodings.
[3] alice tells what is in which m-line, and that her camera is on. The rest the server reads in her packets.
[4] Simulcast: the same picture, encoded three times, each with its rid. It is asked for here, once.
[5] Here it is the server that offers, with the m-lines of what there is to receive; the page answers. Then come the
    server's candidates: it lets nobody in before it has that answer.
[6] How large the tile is. From this the server chooses one of the three, and sends no other.
*/
