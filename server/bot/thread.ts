/**
 * A bot's own thread: whatever a hostile peer does to its protocol stack, and however much work it makes, stays here.
 * The server starts it at an invitation and ends it with the last person of the room.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { FromBot, ToBot } from './messages.ts';
import { EchoPeer } from './peer.ts';
import { UnusableOffer } from './sdp.ts';

/** As many calls as one bot takes: more people than that share another room. */
const MAX_CALLS = 4;

const { addresses } = workerData as { addresses: readonly string[] };
const calls = new Map<string, { peer: Promise<EchoPeer>; turn: Promise<unknown> }>();
const say = (message: FromBot) => parentPort?.postMessage(message);

// The library leaves promises of connections that have ended behind.
process.on('unhandledRejection', () => {});

parentPort?.on('message', (message: ToBot) => {
  if (message.do === 'part') return close(message.call);
  const { call, signal } = message;
  // Candidates are not needed: a lite agent waits to be checked.
  if ('candidate' in signal || signal.description.type !== 'offer') return;
  const { sdp } = signal.description;
  if (!calls.has(call) && calls.size >= MAX_CALLS)
    return say({ is: 'unable', call, why: `the bot is in ${MAX_CALLS} calls already` });
  const before = calls.get(call) ?? { peer: open(call), turn: Promise.resolve() };
  calls.set(call, { ...before, turn: before.turn.then(() => answer(call, sdp)) });
});

async function answer(call: string, sdp: string): Promise<void> {
  try {
    let peer = await calls.get(call)?.peer;
    if (peer && !peer.continues(sdp)) {
      peer.close();
      const fresh = open(call);
      calls.set(call, { turn: Promise.resolve(), ...calls.get(call), peer: fresh });
      peer = await fresh;
    }
    if (peer) say({ is: 'answer', call, sdp: await peer.answer(sdp) });
  } catch (error) {
    const why = error instanceof UnusableOffer ? error.message : `the bot failed: ${String(error)}`;
    say({ is: 'unable', call, why: why.slice(0, 300) });
  }
}

function open(call: string): Promise<EchoPeer> {
  const peer = EchoPeer.open(addresses, {
    ended: () => calls.get(call)?.peer === peer && close(call),
  });
  peer.then(
    () => say({ is: 'counted', calls: calls.size }),
    () => calls.delete(call),
  );
  return peer;
}

function close(call: string): void {
  void calls.get(call)?.peer.then((peer) => peer.close());
  if (calls.delete(call)) say({ is: 'counted', calls: calls.size });
}

say({ is: 'ready' });
