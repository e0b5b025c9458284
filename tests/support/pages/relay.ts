/** A page with one call that may use relays only: our own bench, peers and servers, with nothing of a lab around it. */
import { Bench, type Seat } from '../../../src/rtc/bench.ts';
import { RtcError } from '../../../src/rtc/errors.ts';
import { FaultBoard } from '../../../src/rtc/faults/board.ts';
import type { FaultPlan } from '../../../src/rtc/faults/plan.ts';
import { findings } from '../../../src/rtc/findings/index.ts';
import type { IceTransport } from '../../../src/rtc/ice/servers.ts';
import { openSyntheticMedia } from '../../../src/rtc/media/synthetic.ts';
import { connected, openPeer } from '../../../src/rtc/peer.ts';
import { openLoopback } from '../../../src/rtc/signaling/loopback.ts';
import type { EntryKind } from '../../../src/rtc/timeline.ts';

export interface RelayOptions {
  readonly transport: IceTransport;
  /** What crosses: pictures both ways, or a data channel that is never quiet for long. */
  readonly media: 'video' | 'data';
  readonly faults?: FaultPlan;
}

/** How it went, in the page's words if it did not. */
export type Outcome = { up: true } | { up: false; code: string; text: string };

const seats: Seat[] = [
  { self: 'alice', other: 'bob', offers: true },
  { self: 'bob', other: 'alice', offers: false },
];
const MESSAGE_EVERY_MS = 100;

let bench: Bench | undefined;

/** Begins a call and resolves when it is up, or has failed. */
async function call({ transport, media, faults }: RelayOptions): Promise<Outcome> {
  bench = new Bench<unknown>({
    lab: 'relay',
    arrangement: 'one-page',
    controls: {},
    seats,
    openMedia: (peer, signal) => Promise.resolve(openSyntheticMedia({ peer, signal, audio: false }).stream),
    ...(faults && { interference: new FaultBoard(faults) }),
  });
  bench.attach(openLoopback(bench.signal));
  try {
    const pcs = await Promise.all(seats.map((seat) => seatPeer(bench!, seat, transport, media)));
    const [alice] = pcs;
    await alice!.setLocalDescription();
    await bench.signaling('alice').send('bob', { description: alice!.localDescription });
    await Promise.all(pcs.map((pc) => connected(pc, bench!)));
    return { up: true };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): Outcome {
  if (!(error instanceof RtcError)) throw error;
  const found = findings(bench?.timeline.entries ?? []).map(({ text }) => text);
  return { up: false, code: error.code, text: [error.help.what, error.message, ...found].join('\n') };
}

async function seatPeer(
  bench: Bench,
  { self, other, offers }: Seat,
  transport: IceTransport,
  media: 'video' | 'data',
): Promise<RTCPeerConnection> {
  const iceServers = await bench.iceServers(self, { transports: [transport] });
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench, { iceServers, iceTransportPolicy: 'relay' });
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  pc.addEventListener('track', ({ streams: [stream] }) => stream && show(stream));
  pc.addEventListener('datachannel', ({ channel }) => keepTalking(channel, bench.signal));
  if (media === 'video') {
    const stream = await bench.openMedia(self);
    for (const track of stream.getTracks()) pc.addTrack(track, stream);
  } else if (offers) keepTalking(pc.createDataChannel('relay'), bench.signal);
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  });
  return pc;
}

function show(stream: MediaStream): void {
  const video = document.createElement('video');
  Object.assign(video, { muted: true, autoplay: true, srcObject: stream });
  document.body.append(video);
}

function keepTalking(channel: RTCDataChannel, signal: AbortSignal): void {
  const timer = setInterval(() => channel.readyState === 'open' && channel.send('hello'), MESSAGE_EVERY_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** One more connection with alice's user name, beside the call. Resolves when it has its relayed address, or is refused. */
async function another(transport: IceTransport): Promise<Outcome> {
  try {
    const iceServers = await bench!.iceServers('alice', { transports: [transport] });
    const pc = openPeer('carol', bench!, { iceServers, iceTransportPolicy: 'relay' });
    pc.createDataChannel('another');
    const found = new Promise<void>((resolve) => {
      pc.addEventListener('icecandidate', ({ candidate }) => candidate?.candidate && resolve());
    });
    await pc.setLocalDescription();
    await Promise.race([found, connected(pc, bench!)]);
    return { up: true };
  } catch (error) {
    return failure(error);
  }
}

/** Sends nothing more; the connections stay. */
async function hush(): Promise<void> {
  for (const pc of bench?.connections.values() ?? [])
    for (const sender of pc.getSenders()) await sender.replaceTrack(null);
}

const entries = (kind: EntryKind) => (bench?.timeline.entries ?? []).filter((entry) => entry.kind === kind);
const end = () => bench?.close();

Object.assign(globalThis, { relay: { call, another, hush, entries, end } });
document.documentElement.dataset['ready'] = '';
declare global {
  var relay: {
    call: typeof call;
    another: typeof another;
    hush: typeof hush;
    entries: typeof entries;
    end: typeof end;
  };
}
