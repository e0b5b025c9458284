import type {
  ForwardInput,
  ForwardLine,
  ForwardOutput,
  ForwardTable,
} from '../../../src/protocol/middlebox.ts';
import type { SfuTransport } from './transport.ts';

/** What the protocol has room for. */
const MOST = { lines: 256, inputs: 512, outputs: 4_096 };

/** Who is sent what, and why, as it is now. */
export function forwardTable(
  engine: string,
  transports: Iterable<SfuTransport>,
  nowMs: number,
): ForwardTable {
  const all = [...transports];
  return {
    atMs: Math.max(0, Math.round(nowMs)),
    engine,
    lines: all.map((transport) => lineOf(transport, nowMs)).slice(0, MOST.lines),
    inputs: all.flatMap((transport) => inputsOf(transport, nowMs)).slice(0, MOST.inputs),
    outputs: all.flatMap((transport) => outputsOf(transport, nowMs)).slice(0, MOST.outputs),
    processor: null,
  };
}

function lineOf(
  { peer, leg, isConnected, input, output, estimateBps }: SfuTransport,
  nowMs: number,
): ForwardLine {
  return {
    peer,
    leg,
    state: isConnected ? 'connected' : 'connecting',
    inBitsPerSec: input.bitsPerSec(nowMs),
    outBitsPerSec: output.bitsPerSec(nowMs),
    estimateBps: estimateBps ?? null,
  };
}

function inputsOf({ peer, producers }: SfuTransport, nowMs: number): ForwardInput[] {
  return [...producers].flatMap(({ options, layers, level }) =>
    layers.map(({ rid, rate, size, lost, keyFrameRequests }) => ({
      peer,
      source: options.source,
      codec: options.codec.name,
      rid,
      width: size?.width ?? null,
      height: size?.height ?? null,
      packets: rate.packets,
      bytes: rate.bytes,
      bitsPerSec: rate.bitsPerSec(nowMs),
      lost,
      keyFrameRequests,
      level: level ?? null,
    })),
  );
}

function outputsOf({ peer, consumers }: SfuTransport, nowMs: number): ForwardOutput[] {
  return [...consumers].map(({ producer, layer, target, reason, rate, repeated }) => ({
    to: peer,
    from: producer.options.peer,
    source: producer.options.source,
    rid: layer?.rid ?? null,
    target: target?.rid ?? null,
    forwarding: layer !== undefined,
    reason,
    packets: rate.packets,
    bytes: rate.bytes,
    bitsPerSec: rate.bitsPerSec(nowMs),
    repeated,
  }));
}
