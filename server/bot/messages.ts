import type { Signal } from '../../src/protocol/signaling.ts';

/** What the server tells a bot's thread. `call` is one page of one participant. */
export type ToBot =
  | { readonly do: 'receive'; readonly call: string; readonly signal: Signal }
  /** That page is gone, and its connection with it. */
  | { readonly do: 'part'; readonly call: string };

/** What a bot's thread tells the server. */
export type FromBot =
  | { readonly is: 'ready' }
  | { readonly is: 'answer'; readonly call: string; readonly sdp: string }
  /** An offer that cannot be answered; `why` is a sentence. */
  | { readonly is: 'unable'; readonly call: string; readonly why: string }
  /** How many connections it holds. */
  | { readonly is: 'counted'; readonly calls: number };
