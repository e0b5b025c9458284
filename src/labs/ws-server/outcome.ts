import { fold, type Fold } from '../../lab-kit/panels/model/fold.ts';
import type { Entry } from '../../rtc/timeline.ts';

/** What the record of a run tells about the offer and the call. */
export interface Facts {
  /** The file that was started. */
  file: string;
  isOver: boolean;
  offerSentMs: number | undefined;
  receiverMs: number | undefined;
  offerHeardMs: number | undefined;
  connectedMs: number | undefined;
}

export function outcomeFold(): Fold<Facts> {
  return fold<Facts>(
    () => ({
      file: 'relay',
      isOver: false,
      offerSentMs: undefined,
      receiverMs: undefined,
      offerHeardMs: undefined,
      connectedMs: undefined,
    }),
    note,
  );
}

function note(facts: Facts, entry: Entry): void {
  if (entry.kind === 'run-started') facts.file = entry.controls?.['server'] ?? facts.file;
  if (entry.kind === 'run-ended') facts.isOver = true;
  if (entry.kind === 'connection-state' && entry.peer === 'receiver' && entry.state === 'connected')
    facts.connectedMs ??= entry.atMs;
  if (entry.kind !== 'server-message') return;
  const { peer, way, name, atMs } = entry;
  if (peer === 'sender' && way === 'sent' && name === 'createOffer') facts.offerSentMs ??= atMs;
  if (peer === 'receiver' && way === 'sent' && name === 'receiver') facts.receiverMs ??= atMs;
  if (peer === 'receiver' && way === 'received' && name === 'createOffer') facts.offerHeardMs ??= atMs;
}

/** What came of it, in a sentence. @param hasEnded the server has stopped by an error of its own */
export function outcomeOf(facts: Facts, hasEnded: boolean): { is: 'good' | 'bad' | 'open'; text: string } {
  const { offerSentMs, receiverMs, offerHeardMs, connectedMs } = facts;
  if (connectedMs !== undefined)
    return {
      is: 'good',
      text: hasEnded
        ? 'The server is gone, and the call goes on: pictures do not pass it. Nobody new can come, and nothing can be renegotiated.'
        : `The receiver is connected, ${Math.round(connectedMs - (offerSentMs ?? connectedMs))} ms after the offer was sent.`,
    };
  if (hasEnded) return { is: 'bad', text: 'The server ended before there was a call.' };
  if (offerSentMs === undefined) return { is: 'open', text: 'Run it: the sender offers a call.' };
  if (receiverMs === undefined)
    return { is: 'open', text: 'The offer is with the server. There is no receiver yet.' };
  if (offerHeardMs === undefined && receiverMs > offerSentMs)
    return {
      is: 'bad',
      text: 'The receiver came after the offer, and the offer is lost. Nobody will send another one: this call does not come about, and nothing says so.',
    };
  return { is: 'open', text: 'The offer is on its way.' };
}
