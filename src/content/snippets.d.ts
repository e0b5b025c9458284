/**
 * The names that a snippet in a lesson may use without saying where they come from. Not part of the site's own program
 * (tsconfig.json leaves it out); `snippets.test.ts` checks every ```ts fence of the lessons against it.
 *
 * A snippet that declares one of these names itself means its own.
 */

/** A peer connection, and that of the other side. */
declare const pc: RTCPeerConnection;
declare const other: RTCPeerConnection;
/** A picture and a tone. */
declare const stream: MediaStream;
declare const track: MediaStreamTrack;
declare const video: HTMLVideoElement;
declare const audio: HTMLAudioElement;

/** A client's end of a signaling channel: a Socket.IO socket, or anything with these two. */
declare const socket: SnippetSocket;
/** Hands a message to the other side. */
declare function send(message: unknown): void;
/** Shows something to the user. */
declare function show(...what: unknown[]): void;

/** What came from the other side. */
declare const offer: RTCSessionDescriptionInit;
declare const answer: RTCSessionDescriptionInit;
declare const description: RTCSessionDescriptionInit;
declare const candidate: RTCIceCandidateInit;

declare const iceServers: RTCIceServer[];
declare const username: string;
declare const credential: string;

/** Perfect negotiation: the role, and what is under way. */
declare const polite: boolean;
declare const makingOffer: boolean;

/** A server of Socket.IO. */
declare const io: { on(event: 'connection', listener: (socket: SnippetSocket) => void): void };

interface SnippetSocket {
  readonly id: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- what comes over the wire is anything
  on(event: string, listener: (...values: any[]) => void): void;
  emit(event: string, ...values: unknown[]): void;
  readonly broadcast: { emit(event: string, ...values: unknown[]): void };
  readonly handshake: { readonly address: string };
}

/** Functions that the prose around a snippet speaks of. */
declare function gatheringComplete(pc: RTCPeerConnection): Promise<void>;
declare function sendOnceComplete(): void;
declare function addCandidate(candidate: RTCIceCandidateInit): Promise<void>;
declare function forward(from: SnippetSocket, to: string, message: unknown): void;
declare function endCall(): void;
declare function climbLadder(): Promise<void>;
declare function openAnew(): Promise<void>;
declare function compareRoster(answer: unknown): void;
/** What a server gave at the first join, so that one is known again. */
declare const token: string;

/** A row of a server tester's table, and what it looks at. */
interface Rule {
  readonly id: string;
  fits(observed: {
    readonly transport: 'udp' | 'tcp' | 'tls';
    readonly candidates: readonly RTCIceCandidate[];
    readonly errors: readonly { readonly code: number }[];
    readonly ended: 'complete' | 'deadline';
    readonly call?: { readonly outcome: string };
  }): boolean;
}
