import type { LoadedPeerJs } from '../compare/load-peerjs.ts';

/** What a claim's code is given. Everything that it opens ends with the try. */
export interface ClaimTools {
  /** A plain `RTCPeerConnection`, closed when the try is over. */
  readonly createPeer: (configuration?: RTCConfiguration) => RTCPeerConnection;
  /** The drawn picture with its frame counter and the tone; no permission, no device. */
  readonly media: () => MediaStream;
  /** A fresh `<video>`, in the page where it can play. */
  readonly video: () => HTMLVideoElement;
  /** PeerJS in a hidden page of its own, and where this site's PeerServer is. */
  readonly peerjs: (name: string) => Promise<LoadedPeerJs>;
  /** Aborted when the try is over. */
  readonly signal: AbortSignal;
}

/** A browser engine, as a claim tells them apart. */
export type Engine = 'chromium' | 'firefox';

/** The browsers in which every claim was last tried; the contract test tries them again. */
export const seenIn: Readonly<Record<Engine, string>> = { chromium: 'Chromium 156', firefox: 'Firefox 153' };

/**
 * How a try came out, as its code tells it: what `run()` resolves with, or `TypeError: …` of what it threw. It begins
 * with this text.
 */
export type Seen = Readonly<Record<Engine, string>>;

/**
 * Something that people get wrong, said in one sentence and run in the reader's own browser.
 *
 * `wrong.ts` and, where there is one, `right.ts` lie beside it. Each exports `run(tools): Promise<string>`: it does the
 * thing and tells in a few words what came of it. What the page shows is the file that it runs.
 */
export interface ClaimDefinition {
  /** What is wrong, in one sentence; `code` between backticks. */
  readonly says: string;
  /** Why, and what to do instead, in one or two sentences. */
  readonly because: string;
  /** How the wrong way comes out in each engine. */
  readonly wrong: Seen;
  /** How the right way does; left out when there is no `right.ts`. */
  readonly right?: Seen;
  /** What the browser asks the reader for when it is tried: such a one is tried by its own button only. */
  readonly asks?: 'camera';
  /** Milliseconds for each try. */
  readonly limitMs: number;
}

/** Says what a claim is. The registry finds it by its folder below src/claims; nothing else is to be edited. */
export const defineClaim = (
  claim: Omit<ClaimDefinition, 'limitMs'> & Partial<Pick<ClaimDefinition, 'limitMs'>>,
): ClaimDefinition => ({ limitMs: 5_000, ...claim });
