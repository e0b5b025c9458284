import type { PublishedSection } from '../../src/protocol/middlebox.ts';
import type { Signal } from '../../src/protocol/signaling.ts';

/**
 * What the server tells the thread of a room's bots. `bot` is one of them, by a name of the server's choice; `call` is one
 * page of one participant.
 */
export type ToThread =
  /** It has a seat now. In a meeting it plays a clip, elsewhere it sends back what it receives. */
  | { readonly do: 'sit'; readonly bot: string; readonly clip?: number }
  | { readonly do: 'receive'; readonly bot: string; readonly call: string; readonly signal: Signal }
  /** Offer what the bot sends to a server in the middle; an earlier connection to one ends. */
  | { readonly do: 'publish'; readonly bot: string; readonly attempt: number }
  | { readonly do: 'accept'; readonly bot: string; readonly attempt: number; readonly sdp: string }
  | { readonly do: 'unpublish'; readonly bot: string }
  /** That page is gone, and its connection with it. */
  | { readonly do: 'part'; readonly bot: string; readonly call: string }
  | { readonly do: 'leave'; readonly bot: string };

/** What that thread tells the server. */
export type FromThread = { readonly is: 'ready' } | FromBot;

export type FromBot = { readonly bot: string } & (
  | { readonly is: 'answer'; readonly call: string; readonly sdp: string }
  /** An offer that cannot be answered; `why` is a sentence. */
  | { readonly is: 'unable'; readonly call: string; readonly why: string }
  | {
      readonly is: 'offer';
      readonly attempt: number;
      readonly sdp: string;
      readonly sections: readonly PublishedSection[];
    }
  /** The connection to the server in the middle could not be made, or has ended. */
  | { readonly is: 'unpublished'; readonly attempt: number; readonly why: string }
  /** How many connections it holds. */
  | { readonly is: 'counted'; readonly calls: number }
);
