import type { Bench } from '../bench.ts';
import { openPeer } from '../peer.ts';
import { selectedPair } from '../stats/selected-pair.ts';
import { text } from '../stats/report.ts';
import type { PeerLabel } from '../timeline.ts';
import type { CallObservation, CandidateError } from './observations.ts';
import { readError } from './probe.ts';

/** How long a path may take to be found; a browser says `failed` after 15 s and more, or never. */
const CONNECT_MS = 8_000;
const ECHO_MS = 3_000;
const PINGS = 15;
const PING_LIMIT_MS = 3_000;
const NUMBERED = 200;
const NUMBERED_BYTES = 400;
const NUMBERED_LIMIT_MS = 3_000;
const BULK_MS = 1_500;
const BULK_MAX_BYTES = 8_000_000;
const BULK_CHUNK_BYTES = 64_000;
const BULK_AHEAD_BYTES = 512_000;

/** A call between two peers of this page. */
export interface LoopCall {
  readonly alice: PeerLabel;
  readonly bob: PeerLabel;
  /** Configuration of each end. */
  readonly configurations: readonly [alice: RTCConfiguration, bob: RTCConfiguration];
  readonly connectMs?: number;
  /** Left out, only the round trip is measured. */
  readonly measures?: boolean;
}

/**
 * Calls from this page to this page, moves bytes, and measures what they went through. Both ends close at the end.
 *
 * Round trip and loss are taken on a channel that repeats nothing (`maxRetransmits: 0`), so a lost packet stays lost; the
 * throughput on a reliable one.
 *
 * @param bench both labels have a seat in it; its signaling carries descriptions and candidates
 */
export async function loopCall(bench: Bench<never> | Bench, call: LoopCall): Promise<CallObservation> {
  const startMs = performance.now();
  const errors: CandidateError[] = [];
  const pcs = [
    [call.alice, call.bob, call.configurations[0]],
    [call.bob, call.alice, call.configurations[1]],
  ] as const;
  const [alice, bob] = pcs.map(([self, other, configuration]) => {
    const pc = openPeer(self, bench, configuration);
    pc.addEventListener('icecandidateerror', (event) =>
      errors.push(readError(event, performance.now() - startMs)),
    );
    const signaling = bench.signaling(self);
    pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
    signaling.receive(async (_, signal) => {
      if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
      await pc.setRemoteDescription(signal.description);
      if (signal.description.type !== 'offer') return;
      await pc.setLocalDescription();
      await signaling.send(other, { description: pc.localDescription });
    });
    return pc;
  }) as [RTCPeerConnection, RTCPeerConnection];
  const unreliable = { ordered: false, maxRetransmits: 0 };
  const channels = {
    echo: alice.createDataChannel('echo', unreliable),
    numbered: alice.createDataChannel('numbered', unreliable),
    bulk: alice.createDataChannel('bulk'),
  };
  const atBob = new Map<string, RTCDataChannel>();
  bob.addEventListener('datachannel', ({ channel }) => {
    atBob.set(channel.label, channel);
    channel.binaryType = 'arraybuffer';
    if (channel.label === 'echo')
      channel.addEventListener('message', ({ data }) => channel.send(data as ArrayBuffer));
  });

  const result = (rest: Partial<CallObservation>): CallObservation => ({
    outcome: 'not-connected',
    connectedMs: null,
    pair: null,
    rttMs: null,
    numbered: null,
    throughput: null,
    errors,
    ...rest,
  });
  try {
    await alice.setLocalDescription();
    await bench.signaling(call.alice).send(call.bob, { description: alice.localDescription });
    const isUp = await within(call.connectMs ?? CONNECT_MS, bench.signal, (done) => {
      alice.addEventListener('connectionstatechange', () => {
        if (alice.connectionState === 'connected') done(true);
        if (alice.connectionState === 'failed') done(false);
      });
    });
    if (!isUp) return result({});
    const connectedMs = Math.round(performance.now() - startMs);
    const areOpen = await within(ECHO_MS, bench.signal, (done) => {
      const look = () => {
        const open = Object.values(channels).every(({ readyState }) => readyState === 'open');
        if (open && atBob.size === 3) done(true);
      };
      for (const channel of Object.values(channels)) channel.addEventListener('open', look);
      bob.addEventListener('datachannel', look);
      look();
    });
    const rttMs = areOpen ? await roundTrips(channels.echo, bench.signal) : null;
    if (!rttMs) return result({ outcome: 'no-bytes', connectedMs, pair: await pairOf(alice) });
    if (call.measures === false)
      return result({ outcome: 'bytes', connectedMs, pair: await pairOf(alice), rttMs });
    const numbered = await countLost(channels.numbered, atBob.get('numbered')!, rttMs.median, bench.signal);
    const throughput = await fill(channels.bulk, atBob.get('bulk')!, bench.signal);
    // Last: a browser marks the pair in its statistics some time after it uses it.
    const pair = await pairOf(alice);
    return result({ outcome: 'bytes', connectedMs, pair, rttMs, numbered, throughput });
  } finally {
    alice.close();
    bob.close();
  }
}

async function pairOf(pc: RTCPeerConnection): Promise<CallObservation['pair']> {
  const selected = selectedPair(await pc.getStats());
  if (!selected) return null;
  return {
    local: text(selected.localCandidate, 'candidateType') ?? '',
    remote: text(selected.remoteCandidate, 'candidateType') ?? '',
    relayProtocol: text(selected.localCandidate, 'relayProtocol') ?? null,
  };
}

/** One message after the other, there and back. Null when not one came back. */
async function roundTrips(channel: RTCDataChannel, ended: AbortSignal): Promise<CallObservation['rttMs']> {
  const times: number[] = [];
  const untilMs = performance.now() + PING_LIMIT_MS;
  for (let ping = 0; ping < PINGS && performance.now() < untilMs && !ended.aborted; ping++) {
    const startMs = performance.now();
    const isBack = await within(1_000, ended, (done) => {
      const look = ({ data }: MessageEvent) => {
        if (data !== `ping ${ping}`) return;
        channel.removeEventListener('message', look);
        done(true);
      };
      channel.addEventListener('message', look);
      channel.send(`ping ${ping}`);
    });
    // The first one opens caches and, over TURN, may still travel in indications.
    if (isBack && (ping > 0 || times.length === 0)) times.push(performance.now() - startMs);
    if (ping === 1 && times.length === 2) times.shift();
  }
  if (times.length === 0) return null;
  const sorted = times.toSorted((a, b) => a - b);
  const round = (ms: number) => Math.round(ms * 100) / 100;
  return {
    median: round(sorted[Math.floor(sorted.length / 2)]!),
    best: round(sorted[0]!),
    count: sorted.length,
  };
}

/** Numbered messages at an even pace, about 1 Mbit/s where timers are as fine as that; each is sent once. */
async function countLost(
  from: RTCDataChannel,
  to: RTCDataChannel,
  rttMs: number,
  ended: AbortSignal,
): Promise<CallObservation['numbered']> {
  const received = new Set<number>();
  to.addEventListener('message', ({ data }) => received.add(new DataView(data as ArrayBuffer).getUint32(0)));
  const untilMs = performance.now() + NUMBERED_LIMIT_MS;
  let sent = 0;
  while (sent < NUMBERED && performance.now() < untilMs && !ended.aborted && from.readyState === 'open') {
    const message = new DataView(new ArrayBuffer(NUMBERED_BYTES));
    message.setUint32(0, sent++);
    from.send(message.buffer);
    await pause(4);
  }
  await within(Math.max(300, rttMs * 3), ended, (done) => {
    const look = () => received.size === sent && done(true);
    to.addEventListener('message', look);
    look();
  });
  return { sent, received: received.size };
}

/** As much as passes in a short time, over a reliable channel, with no more than half a megabyte waiting here. */
async function fill(
  from: RTCDataChannel,
  to: RTCDataChannel,
  ended: AbortSignal,
): Promise<CallObservation['throughput']> {
  let bytes = 0;
  let lastMs = 0;
  to.addEventListener('message', ({ data }) => {
    bytes += (data as ArrayBuffer).byteLength;
    lastMs = performance.now();
  });
  from.bufferedAmountLowThreshold = BULK_AHEAD_BYTES / 2;
  const chunk = new ArrayBuffer(BULK_CHUNK_BYTES);
  const startMs = performance.now();
  let sent = 0;
  while (performance.now() - startMs < BULK_MS && sent < BULK_MAX_BYTES && !ended.aborted) {
    if (from.readyState !== 'open') break;
    if (from.bufferedAmount < BULK_AHEAD_BYTES) {
      from.send(chunk);
      sent += BULK_CHUNK_BYTES;
    } else {
      await within(200, ended, (done) =>
        from.addEventListener('bufferedamountlow', () => done(true), { once: true }),
      );
    }
  }
  // What is still on its way counts for as long as it takes to arrive, within the same limit again.
  await within(BULK_MS, ended, (done) => {
    const look = () => bytes >= sent && done(true);
    to.addEventListener('message', look);
    look();
  });
  if (bytes === 0) return null;
  return { bitsPerSecond: Math.round((bytes * 8_000) / Math.max(1, lastMs - startMs)), bytes };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** What `start` hands to `done`, or false when the time is over or the run ends. */
function within(
  timeoutMs: number,
  ended: AbortSignal,
  start: (done: (value: boolean) => void) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(false), timeoutMs);
    const giveUp = () => finish(false);
    const finish = (value: boolean) => {
      clearTimeout(timer);
      ended.removeEventListener('abort', giveUp);
      resolve(value);
    };
    ended.addEventListener('abort', giveUp, { once: true });
    start(finish);
  });
}
