import type { Entry, EntryOf, PeerLabel } from '../../rtc/timeline.ts';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
/** What a transceiver may be told to do; `stopped` comes with `stop()` and stays. */
export const directions: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/** One transceiver at one end, at one moment. */
export interface Side {
  readonly mid: string | null;
  readonly kind: 'audio' | 'video';
  readonly direction: RTCRtpTransceiverDirection;
  /** What both have agreed on; null before the first answer. */
  readonly currentDirection: RTCRtpTransceiverDirection | null;
  /** What the sender has to send: its source in words; null without a track. */
  readonly sends: string | null;
  /** The receiver's track: no packets have come lately, or none at all. */
  readonly muted: boolean;
}

/** What the record knows of it. */
export interface Facts {
  /** Id of the stream that the received track came with; undefined before it came, `''` when it came with none. */
  readonly stream?: string;
  readonly codec?: string;
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
}

/** One m-section, as each of the peers has it; undefined where a peer does not have it (yet). */
export interface Row {
  readonly mid: string | null;
  readonly kind: 'audio' | 'video';
  readonly sides: readonly (Side | undefined)[];
}

/** The transceivers of a connection. `nameOf` tells what a track shows or plays. */
export function sidesOf(
  pc: Pick<RTCPeerConnection, 'getTransceivers'>,
  nameOf: (track: MediaStreamTrack) => string,
): Side[] {
  return pc.getTransceivers().map(({ mid, direction, currentDirection, sender, receiver }) => ({
    mid,
    kind: receiver.track.kind === 'audio' ? 'audio' : 'video',
    direction,
    currentDirection,
    sends: sender.track && nameOf(sender.track),
    muted: receiver.track.muted,
  }));
}

/**
 * Both ends beside each other: what has the same mid is the same m-section (RFC 9429 §3.4.1). What has none yet stands
 * below, each in a row of its own. In the order of the m-sections, which is that of the mids' first appearance.
 */
export function rowsOf(ends: readonly (readonly Side[])[]): Row[] {
  const mids = [...new Set(ends.flat().flatMap(({ mid }) => mid ?? []))];
  const agreed = mids.map((mid): Row => {
    const sides = ends.map((end) => end.find((side) => side.mid === mid));
    return { mid, kind: sides.find((side) => side)!.kind, sides };
  });
  const loose = ends.flatMap((end, at) =>
    end
      .filter(({ mid }) => mid === null)
      .map((side): Row => ({
        mid: null,
        kind: side.kind,
        sides: ends.map((_, place) => (place === at ? side : undefined)),
      })),
  );
  return [...agreed.toSorted((a, b) => Number(a.mid) - Number(b.mid)), ...loose];
}

/** What flows in an m-section, as the first of the peers has agreed. */
export function flowOf({ sides: [first, second] }: Row, [one, other]: readonly PeerLabel[]): string {
  const side = first ?? second;
  const [near, far] = first ? [one, other ?? 'the other'] : [other, one ?? 'the other'];
  if (side?.direction === 'stopped' || side?.currentDirection === 'stopped') return 'stopped';
  switch (side?.currentDirection) {
    case 'sendrecv':
      return `${near} ⇄ ${far}`;
    case 'sendonly':
      return `${near} → ${far}`;
    case 'recvonly':
      return `${far} → ${near}`;
    case 'inactive':
      return 'nothing flows';
    default:
      return 'not negotiated yet';
  }
}

/** What the latest sample and the track events say of a peer's m-section. */
export function factsOf(entries: readonly Entry[], peer: PeerLabel, mid: string | null): Facts {
  if (mid === null) return {};
  const track = entries.findLast(
    (entry): entry is EntryOf<'track'> => entry.kind === 'track' && entry.peer === peer && entry.mid === mid,
  );
  const sample = entries.findLast(
    (entry): entry is EntryOf<'stats'> => entry.kind === 'stats' && entry.peer === peer,
  )?.sample;
  const sent = sample?.outbound.find((stream) => stream.mid === mid);
  const received = sample?.inbound.find((stream) => stream.mid === mid);
  const codec = sent?.codec ?? received?.codec;
  return {
    ...(track && { stream: track.streams[0] ?? '' }),
    ...(codec !== undefined && { codec }),
    ...(sent && { bytesSent: sent.bytesSent }),
    ...(received && { bytesReceived: received.bytesReceived }),
  };
}

/** How many m-sections a peer's latest description has, and how many of them are free to be used again. */
export function sectionsOf(entries: readonly Entry[], peer: PeerLabel): { all: number; free: number } {
  const description = entries.findLast(
    (entry): entry is EntryOf<'description'> =>
      entry.kind === 'description' && entry.peer === peer && entry.side === 'local',
  );
  const sections = description?.sdp.split(/^(?=m=)/m).slice(1) ?? [];
  // Port 0 is a section that was stopped, unless it says that it only waits for the bundle (RFC 9143 §6).
  const free = sections.filter(
    (section) => /^m=\w+ 0 /.test(section) && !section.includes('a=bundle-only'),
  ).length;
  return { all: sections.length, free };
}

/** How often a peer was told that an offer is due. */
export const offersNeeded = (entries: readonly Entry[], peer: PeerLabel): number =>
  entries.filter((entry) => entry.kind === 'negotiation-needed' && entry.peer === peer).length;
