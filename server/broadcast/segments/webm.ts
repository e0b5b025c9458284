/**
 * Writes WebM, as the byte stream format of Media Source Extensions wants it: one header, then clusters without end
 * (RFC 9559, RFC 8794 for EBML). One element holds others or bytes; sizes are known except that of the whole.
 */

const ids = {
  ebml: 0x1a45dfa3,
  ebmlVersion: 0x4286,
  ebmlReadVersion: 0x42f7,
  ebmlMaxIdLength: 0x42f2,
  ebmlMaxSizeLength: 0x42f3,
  docType: 0x4282,
  docTypeVersion: 0x4287,
  docTypeReadVersion: 0x4285,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  muxingApp: 0x4d80,
  writingApp: 0x5741,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackUid: 0x73c5,
  trackType: 0x83,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  codecDelay: 0x56aa,
  seekPreRoll: 0x56bb,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  audio: 0xe1,
  samplingFrequency: 0xb5,
  channels: 0x9f,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
} as const;

export const TRACKS = { video: 1, audio: 2 } as const;

export interface Tracks {
  /** Pixels of a VP8 stream; undefined: there is no picture. */
  readonly video: { readonly width: number; readonly height: number } | undefined;
  /** Channels of an Opus stream; undefined: there is no sound. */
  readonly audio: { readonly channels: number } | undefined;
}

export interface Block {
  readonly track: keyof typeof TRACKS;
  /** Milliseconds of the stream. */
  readonly timeMs: number;
  readonly isKey: boolean;
  readonly bytes: Buffer;
}

/** What every cluster needs before it. */
export function webmHeader({ video, audio }: Tracks): Buffer {
  const entries = [
    ...(video
      ? [
          element(
            ids.trackEntry,
            element(ids.trackNumber, uint(TRACKS.video)),
            element(ids.trackUid, uint(TRACKS.video)),
            element(ids.trackType, uint(1)),
            element(ids.codecId, text('V_VP8')),
            element(
              ids.video,
              element(ids.pixelWidth, uint(video.width)),
              element(ids.pixelHeight, uint(video.height)),
            ),
          ),
        ]
      : []),
    ...(audio
      ? [
          element(
            ids.trackEntry,
            element(ids.trackNumber, uint(TRACKS.audio)),
            element(ids.trackUid, uint(TRACKS.audio)),
            element(ids.trackType, uint(2)),
            element(ids.codecId, text('A_OPUS')),
            // 80 ms before it sounds right, in nanoseconds (RFC 7845 §4.6).
            element(ids.codecDelay, uint(0)),
            element(ids.seekPreRoll, uint(80_000_000)),
            element(ids.codecPrivate, opusHead(audio.channels)),
            element(
              ids.audio,
              element(ids.samplingFrequency, float(48_000)),
              element(ids.channels, uint(audio.channels)),
            ),
          ),
        ]
      : []),
  ];
  const head = element(
    ids.ebml,
    element(ids.ebmlVersion, uint(1)),
    element(ids.ebmlReadVersion, uint(1)),
    element(ids.ebmlMaxIdLength, uint(4)),
    element(ids.ebmlMaxSizeLength, uint(8)),
    element(ids.docType, text('webm')),
    element(ids.docTypeVersion, uint(4)),
    element(ids.docTypeReadVersion, uint(2)),
  );
  const info = element(
    ids.info,
    element(ids.timestampScale, uint(1_000_000)),
    element(ids.muxingApp, text('peerscope')),
    element(ids.writingApp, text('peerscope')),
  );
  // All ones: it ends where the stream ends (RFC 8794 §6.2).
  const unknownSize = Buffer.from('01ffffffffffffff', 'hex');
  return Buffer.concat([head, idBytes(ids.segment), unknownSize, info, element(ids.tracks, ...entries)]);
}

/** Blocks of at most half a minute, in the order of their times. */
export function webmCluster(blocks: readonly Block[]): Buffer {
  const startMs = Math.max(0, Math.round(blocks[0]?.timeMs ?? 0));
  return element(
    ids.cluster,
    element(ids.timestamp, uint(startMs)),
    ...blocks.map(({ track, timeMs, isKey, bytes }) => {
      const head = Buffer.alloc(4);
      head.writeUInt8(0x80 | TRACKS[track], 0);
      head.writeInt16BE(Math.max(-32_768, Math.min(32_767, Math.round(timeMs) - startMs)), 1);
      head.writeUInt8(isKey ? 0x80 : 0, 3);
      return element(ids.simpleBlock, head, bytes);
    }),
  );
}

/** The identification header of Opus (RFC 7845 §5.1), without a pre-skip: a live stream has no beginning to trim. */
function opusHead(channels: number): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head.writeUInt8(1, 8);
  head.writeUInt8(channels, 9);
  head.writeUInt32LE(48_000, 12);
  return head;
}

function element(id: number, ...content: readonly Buffer[]): Buffer {
  const size = content.reduce((sum, { length }) => sum + length, 0);
  const length = Buffer.alloc(8);
  // A size of eight bytes: no element is measured twice for one byte less.
  length.writeUInt32BE(0x01_00_00_00 + Math.floor(size / 2 ** 32), 0);
  length.writeUInt32BE(size % 2 ** 32, 4);
  return Buffer.concat([idBytes(id), length, ...content]);
}

function idBytes(id: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(id);
  return bytes.subarray(id > 0xffffff ? 0 : id > 0xffff ? 1 : id > 0xff ? 2 : 3);
}

function uint(value: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(value, 0, 6);
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(first < 0 ? 5 : first);
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

const text = (value: string): Buffer => Buffer.from(value, 'utf8');
