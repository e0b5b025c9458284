import type { Spec } from './explanation.ts';

/** What a codec name in an a=rtpmap line stands for. */
type CodecInfo = { what: string; spec: Spec };

const infos = new Map<string, CodecInfo>(
  Object.entries({
    vp8: {
      what: 'the VP8 video codec, which every WebRTC endpoint must support',
      spec: { name: 'RFC 7741', title: 'RTP Payload Format for VP8 Video' },
    },
    vp9: {
      what: 'the VP9 video codec: better pictures per bit than VP8, with layers in time, space and quality (SVC)',
      spec: { name: 'RFC 9628', title: 'RTP Payload Format for VP9 Video' },
    },
    av1: {
      what: 'the AV1 video codec: the best pictures per bit of the four, at the highest cost in computing',
      spec: { name: 'AV1 RTP', title: 'RTP Payload Format For AV1 (aomediacodec.github.io/av1-rtp-spec)' },
    },
    h264: {
      what: 'the H.264 (AVC) video codec, which phones encode in hardware; every WebRTC browser must support it',
      spec: {
        name: 'RFC 6184',
        section: '8.1',
        title: 'RTP Payload Format for H.264 Video: Media Type Registration',
      },
    },
    h265: {
      what: 'the H.265 (HEVC) video codec, where the hardware has it',
      spec: { name: 'RFC 7798', title: 'RTP Payload Format for High Efficiency Video Coding (HEVC)' },
    },
    opus: {
      what: 'the Opus audio codec, for speech and music at 6 to 510 kbit/s; every WebRTC endpoint must support it',
      spec: {
        name: 'RFC 7587',
        section: '6.1',
        title: 'RTP Payload Format for Opus: Media Type Registration',
      },
    },
    multiopus: {
      what: 'Opus with more than two channels, an extension of libwebrtc',
      spec: { name: 'RFC 7587', title: 'RTP Payload Format for the Opus Speech and Audio Codec' },
    },
    pcmu: {
      what: 'G.711 µ-law: 64 kbit/s telephone speech, which every WebRTC endpoint must support',
      spec: { name: 'RFC 3551', section: '4.5.14', title: 'PCMA and PCMU' },
    },
    pcma: {
      what: 'G.711 A-law: 64 kbit/s telephone speech, which every WebRTC endpoint must support',
      spec: { name: 'RFC 3551', section: '4.5.14', title: 'PCMA and PCMU' },
    },
    g722: {
      what: 'G.722: 64 kbit/s speech with twice the bandwidth of a telephone',
      spec: { name: 'RFC 3551', section: '4.5.2', title: 'G722' },
    },
    l16: {
      what: 'uncompressed 16-bit audio',
      spec: { name: 'RFC 3551', section: '4.5.11', title: 'L16' },
    },
    cn: {
      what: 'comfort noise: a few bytes that describe the background noise while nobody speaks',
      spec: { name: 'RFC 3389', title: 'RTP Payload for Comfort Noise' },
    },
    'telephone-event': {
      what: 'DTMF: the keys of a telephone as events, not as sound',
      spec: {
        name: 'RFC 4733',
        title: 'RTP Payload for DTMF Digits, Telephony Tones, and Telephony Signals',
      },
    },
    rtx: {
      what: 'retransmission: lost packets of another payload type are sent again under this one',
      spec: { name: 'RFC 4588', section: '8.6', title: 'RTP Retransmission Payload Format: Mapping to SDP' },
    },
    red: {
      what: 'redundancy: a packet that carries earlier data a second time, against loss',
      spec: { name: 'RFC 2198', title: 'RTP Payload for Redundant Audio Data' },
    },
    ulpfec: {
      what: 'forward error correction (ULPFEC): parity packets from which a lost packet can be rebuilt',
      spec: { name: 'RFC 5109', title: 'RTP Payload Format for Generic Forward Error Correction' },
    },
    'flexfec-03': {
      what: 'flexible forward error correction: parity packets in a stream of their own, from which lost packets can be rebuilt',
      spec: {
        name: 'draft-ietf-payload-flexible-fec-scheme-03',
        title: 'RTP Payload Format for Flexible FEC (the draft that became RFC 8627)',
      },
    },
    flexfec: {
      what: 'flexible forward error correction: parity packets in a stream of their own, from which lost packets can be rebuilt',
      spec: { name: 'RFC 8627', title: 'RTP Payload Format for Flexible Forward Error Correction (FEC)' },
    },
  }),
);

/** Undefined for a codec that we do not know; names are compared without regard to case (RFC 8866 §6.6). */
export function codecInfo(name: string): CodecInfo | undefined {
  return infos.get(name.toLowerCase());
}

type Meaning = (value: string) => string;

const onOff =
  (on: string, off: string): Meaning =>
  (value) =>
    value === '1' ? on : value === '0' ? off : 'neither 0 nor 1';

const opus: Record<string, Meaning> = {
  minptime: (ms) => `wants at least ${ms} ms of audio in a packet`,
  useinbandfec: onOff(
    'can use in-band FEC: a packet may carry a rough copy of the one before, in case that got lost',
    'does not use in-band FEC',
  ),
  stereo: onOff('would like to receive stereo', 'would like to receive mono'),
  'sprop-stereo': onOff('will likely send stereo', 'will likely send mono'),
  maxplaybackrate: (hz) => `plays frequencies as sampled at ${grouped(hz)} Hz; more would be wasted on it`,
  'sprop-maxcapturerate': (hz) => `will send no more than what was sampled at ${grouped(hz)} Hz`,
  maxaveragebitrate: (bps) => `wants at most ${grouped(bps)} bit/s on average`,
  cbr: onOff('wants a constant bitrate', 'leaves the bitrate variable'),
  usedtx: onOff('wants silence to be left out (DTX)', 'wants packets also during silence'),
};

const framesOfVp: Record<string, Meaning> = {
  'max-fs': (blocks) => `can decode frames of up to ${grouped(blocks)} macroblocks of 16 × 16 pixels`,
  'max-fr': (fps) => `can decode up to ${fps} frames per second`,
};

const vp9Profiles: Record<string, string> = {
  0: '8 bits a sample, 4:2:0 colour: what cameras use',
  1: '8 bits a sample, finer colour (4:2:2 to 4:4:4)',
  2: '10 or 12 bits a sample, 4:2:0 colour: for HDR',
  3: '10 or 12 bits a sample, finer colour (4:2:2 to 4:4:4)',
};

const av1Profiles: Record<string, string> = {
  0: 'Main: 8 or 10 bits a sample, 4:2:0 colour',
  1: 'High: adds 4:4:4 colour, good for text on a shared screen',
  2: 'Professional: adds 12 bits and 4:2:2 colour',
};

/** By codec name in lower case, then by parameter. */
const parameters: Record<string, Record<string, Meaning>> = {
  opus,
  multiopus: opus,
  vp8: framesOfVp,
  vp9: { ...framesOfVp, 'profile-id': (id) => vp9Profiles[id] ?? 'no profile of VP9' },
  av1: {
    profile: (id) => av1Profiles[id] ?? 'no profile of AV1',
    // seq_level_idx counts the levels 2.0, 2.1, 2.2, 2.3, 3.0, …, four to each major number (AV1 annex A.3).
    'level-idx': (index) =>
      /^\d{1,2}$/.test(index)
        ? `level ${Math.floor(Number(index) / 4) + 2}.${Number(index) % 4}: a bound on picture size and rate`
        : 'no level of AV1',
    tier: onOff('High tier: higher bitrates', 'Main tier'),
  },
  h264: {
    'profile-level-id': h264Profile,
    'packetization-mode': (mode) =>
      mode === '0'
        ? 'each unit of a frame (NAL unit) must fit into one packet'
        : mode === '1'
          ? 'units of a frame may be split over packets or put together in one'
          : 'interleaved mode, which WebRTC does not use',
    'level-asymmetry-allowed': onOff(
      'each direction may use a level of its own',
      'both directions use the same level',
    ),
  },
  h265: {
    'profile-id': (id) => (id === '1' ? 'Main profile' : id === '2' ? 'Main 10 profile' : `profile ${id}`),
    'tier-flag': onOff('High tier', 'Main tier'),
    'level-id': (id) => `level ${(Number(id) / 30).toFixed(1)}: a bound on picture size and rate`,
    'tx-mode': (mode) =>
      mode === 'SRST' ? 'one stream in one RTP session' : 'how streams are spread over RTP sessions',
  },
  rtx: {
    apt: (payloadType) => `the payload type whose lost packets are sent again: ${payloadType}`,
    'rtx-time': (ms) => `sent packets are kept for ${grouped(ms)} ms`,
  },
  'flexfec-03': { 'repair-window': repairWindow },
  flexfec: { 'repair-window': repairWindow },
};

/** What a format parameter (a=fmtp) of a codec says; undefined where we do not know the parameter. */
export function parameterMeaning(codec: string, parameter: string, value: string): string | undefined {
  const known = parameters[codec.toLowerCase()];
  return known && Object.hasOwn(known, parameter) ? known[parameter]?.(value) : undefined;
}

function repairWindow(microseconds: string): string {
  return `one repair packet covers at most ${grouped(String(Number(microseconds) / 1000))} ms`;
}

/**
 * The three bytes of H.264's profile-level-id: profile_idc, constraint flags, level_idc.
 *
 * @see RFC 6184 §8.1, table 5
 */
function h264Profile(id: string): string {
  const match = /^([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(id);
  if (!match) return 'not the three bytes, in hexadecimal digits, that it must be';
  const [, profile = '', flags = '', level = ''] = match;
  const constraints = parseInt(flags, 16);
  const names: Record<string, string> = {
    42: constraints & 0x40 ? 'Constrained Baseline profile' : 'Baseline profile',
    '4d': 'Main profile',
    58: 'Extended profile',
    64: (constraints & 0x0c) === 0x0c ? 'Constrained High profile' : 'High profile',
    '6e': 'High 10 profile',
    '7a': 'High 4:2:2 profile',
    f4: 'High 4:4:4 Predictive profile',
  };
  const tenths = parseInt(level, 16);
  const name = names[profile.toLowerCase()] ?? `profile ${parseInt(profile, 16)}`;
  // Level 1b hides in constraint_set3 of level 1.1; one encoder in many uses it.
  const number = tenths === 11 && constraints & 0x10 ? '1b' : (tenths / 10).toFixed(1);
  return `${name}, level ${number}: which tools of the codec are used, and a bound on picture size and rate`;
}

/** 90000 → "90 000" with a narrow no-break space, so that a number never breaks over two lines. */
export function grouped(number: string | number): string {
  return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}
