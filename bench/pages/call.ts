/**
 * A call of two peers with 640×480 pictures at 30 frames a second both ways: recorded as a lab records it, or bare.
 * The pictures, their codec and the exchange are the same in both.
 */
import { Bench } from '../../src/rtc/bench.ts';
import { connected, openPeer } from '../../src/rtc/peer.ts';

type Open = (name: string) => RTCPeerConnection;

let running: readonly RTCPeerConnection[] = [];

/** Begins a call; it runs until the returned function is called. Resolves when both ends decode. */
async function call(open: Open): Promise<() => void> {
  const peers = [open('alice'), open('bob')] as const;
  const [alice, bob] = peers;
  running = peers;
  const streams: MediaStream[] = [];
  const shown = peers.map(
    (pc) =>
      new Promise<void>((resolve) => {
        pc.addEventListener('track', ({ streams: [stream] }) => {
          const video = document.createElement('video');
          Object.assign(video, { muted: true, autoplay: true, width: 640, height: 480, srcObject: stream });
          document.body.append(video);
          video.requestVideoFrameCallback(() => resolve());
        });
      }),
  );
  for (const [from, to] of [peers, [bob, alice]] as const) {
    const stream = await navigator.mediaDevices.getUserMedia({
      video: { width: { exact: 640 }, height: { exact: 480 }, frameRate: { exact: 30 } },
    });
    streams.push(stream);
    for (const track of stream.getTracks()) from.addTrack(track, stream);
    from.addEventListener('icecandidate', ({ candidate }) => void to.addIceCandidate(candidate ?? undefined));
  }
  await alice.setLocalDescription();
  await bob.setRemoteDescription(alice.localDescription!);
  await bob.setLocalDescription();
  await alice.setRemoteDescription(bob.localDescription!);
  await Promise.all(shown);
  return () => {
    for (const stream of streams) for (const track of stream.getTracks()) track.stop();
    for (const pc of peers) pc.close();
    document.body.replaceChildren();
  };
}

/** Frames decoded by both ends since their call began. */
async function framesDecoded(): Promise<number> {
  let frames = 0;
  for (const pc of running)
    for (const stat of (await pc.getStats()).values() as Iterable<{ type: string; framesDecoded?: number }>)
      if (stat.type === 'inbound-rtp') frames += stat.framesDecoded ?? 0;
  return frames;
}

/** Nothing is recorded. */
const bare = (): Promise<() => void> => call(() => new RTCPeerConnection());

/** As in a lab: each call, event, state and sample is recorded, and the panels are told of it once a frame. */
async function recorded(): Promise<() => void> {
  const bench = new Bench<unknown>({
    lab: 'bench',
    arrangement: 'one-page',
    controls: {},
    seats: [],
    openMedia: () => Promise.reject(new Error('the page opens its own')),
  });
  let due = false;
  bench.timeline.subscribe(() => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => (due = false));
  });
  const opened: RTCPeerConnection[] = [];
  const end = await call((name) => {
    const pc = openPeer(name, bench);
    opened.push(pc);
    return pc;
  });
  await Promise.all(opened.map((pc) => connected(pc, bench)));
  return () => {
    end();
    bench.close();
    Object.assign(globalThis, { entries: bench.timeline.entries.length });
  };
}
Object.assign(globalThis, { bare, recorded, framesDecoded });
