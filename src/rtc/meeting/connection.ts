import type { Bench, Seat } from '../bench.ts';
import { openPeer } from '../peer.ts';
import { kindOf, noTracks, sources, type Tracks } from './engine.ts';

export interface ConnectionOptions {
  readonly bench: Bench;
  /** Who is at both ends, and who makes the first offer. */
  readonly seat: Seat;
  /** Gives way when two offers cross. */
  readonly polite: boolean;
  readonly configuration: RTCConfiguration;
  /** What is to be sent at this moment. */
  readonly tracks: () => Tracks;
  /** The m-lines are there: channels can be opened without a further offer. */
  readonly onReady: (pc: RTCPeerConnection) => void;
  /** Two first offers have crossed and this end gives way: theirs is for a connection that has not offered. */
  readonly onYield: () => void;
}

/** Sends these on the first m-sections of a connection, which are one for each source, in their order. */
export async function sendOn(pc: RTCPeerConnection, tracks: Tracks): Promise<void> {
  const senders = pc.getTransceivers().map(({ sender }) => sender);
  await Promise.all(
    sources.map(async (source, index) => {
      const sender = senders[index];
      if (sender && sender.track !== tracks[source]) await sender.replaceTrack(tracks[source]);
    }),
  );
}

/** One `RTCPeerConnection` of a link, from its first offer to its end. */
export interface Connection {
  readonly pc: RTCPeerConnection;
  send(tracks: Tracks): Promise<void>;
  readonly received: Tracks;
}

/**
 * Opens a recorded connection that negotiates by itself, whoever begins: perfect negotiation (webrtc-pc §10.7).
 *
 * The first offer has one m-section for each {@link sources | source}, whether something is sent yet or not, and one
 * for data. From then on tracks come and go by `replaceTrack()`: a camera that is turned on is no reason for an offer,
 * and two screens that are shared in the same moment do not collide.
 */
export function openConnection(options: ConnectionOptions): Connection {
  const { bench, seat, polite } = options;
  const { self, other, offers } = seat;
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench, options.configuration);
  // What belongs together is played together: sound and picture of one stream are kept in step.
  const person = new MediaStream();
  const screen = new MediaStream();
  let makingOffer = false;
  let ignoreOffer = false;
  let isSettingRemoteAnswerPending = false;
  /** Candidates of an offer that was not looked at: nobody misses them. */
  const isMissed = () => !ignoreOffer && !bench.signal.aborted;

  const streamOf = (index: number) => (index < 2 ? person : screen);

  const send = (tracks: Tracks) => sendOn(pc, tracks);

  const describe = async () => {
    try {
      makingOffer = true;
      await pc.setLocalDescription();
    } finally {
      makingOffer = false;
    }
    await signaling.send(other, { description: pc.localDescription });
  };

  pc.addEventListener('negotiationneeded', () => {
    describe().catch((error: unknown) => bench.report(self, error));
  });
  pc.addEventListener('icecandidate', ({ candidate }) => {
    signaling.send(other, { candidate }).catch((error: unknown) => bench.report(self, error));
  });

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) {
      try {
        await pc.addIceCandidate(signal.candidate);
      } catch (error) {
        if (isMissed()) throw error;
      }
      return;
    }
    const { description } = signal;
    const isOffer = description.type === 'offer';
    const isFree = !makingOffer && (pc.signalingState === 'stable' || isSettingRemoteAnswerPending);
    ignoreOffer = isOffer && !isFree && !polite;
    if (ignoreOffer) return;
    if (isOffer && !isFree && !pc.remoteDescription) return options.onYield();
    // The answer to an offer that was taken back, or to none.
    if (!isOffer && pc.signalingState !== 'have-local-offer') return;
    const isFirst = !pc.remoteDescription;
    isSettingRemoteAnswerPending = !isOffer;
    try {
      await pc.setRemoteDescription(description);
    } finally {
      isSettingRemoteAnswerPending = false;
    }
    if (!isOffer) return;
    if (isFirst) await answerWithTracks();
    await describe();
  });

  /** The m-lines of the first offer: each is given its track, or the promise of one. */
  async function answerWithTracks(): Promise<void> {
    const transceivers = pc.getTransceivers().slice(0, sources.length);
    for (const [index, transceiver] of transceivers.entries()) {
      transceiver.direction = 'sendrecv';
      transceiver.sender.setStreams(streamOf(index));
    }
    options.onReady(pc);
    await send(options.tracks());
  }

  if (offers) {
    const tracks = options.tracks();
    for (const [index, source] of sources.entries())
      pc.addTransceiver(tracks[source] ?? kindOf(source), {
        direction: 'sendrecv',
        streams: [streamOf(index)],
      });
    options.onReady(pc);
  }

  return {
    pc,
    send,
    get received() {
      const receivers = pc.getTransceivers().map(({ receiver }) => receiver);
      const found = sources.map((source, index) => [source, receivers[index]?.track ?? null]);
      return pc.remoteDescription ? (Object.fromEntries(found) as Tracks) : noTracks;
    },
  };
}
