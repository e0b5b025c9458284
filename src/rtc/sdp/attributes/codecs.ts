import { codecInfo, grouped, parameterMeaning } from '../codecs.ts';
import type { Field, Spec } from '../explanation.ts';
import { headerExtensionInfo } from '../header-extensions.ts';
import { attributeLines } from '../parse.ts';
import {
  type At,
  codecOf,
  type Entry,
  listed,
  named,
  numbersOf,
  pointingTo,
  rfc,
  type Said,
  unknownMeaning,
} from './entry.ts';

/** Attributes about how media is put into packets: codecs, their parameters, feedback, header extensions. */
export const codecAttributes: Record<string, Entry> = {
  rtpmap: { title: 'RTP map', spec: rfc(8866, '6.6', 'rtpmap'), explain: explainRtpmap },
  fmtp: { title: 'Format parameters', spec: rfc(8866, '6.15', 'fmtp'), explain: explainFmtp },
  'rtcp-fb': {
    title: 'RTCP feedback',
    spec: rfc(4585, '4.2', 'RTCP Feedback Capability Attribute'),
    explain: explainFeedback,
  },
  extmap: {
    title: 'RTP header extension',
    spec: rfc(8285, '5', 'SDP Signaling Design'),
    explain: explainExtmap,
  },
  'extmap-allow-mixed': {
    title: 'Mixed header extensions',
    spec: rfc(8285, '6', 'SDP Signaling for Support of Mixed One-Byte and Two-Byte Header Extensions'),
    explain: ({ section }) => ({
      text: `RTP header extensions with short and with long headers may be mixed in one stream${section ? '' : ', in all media sections'}. Long headers allow ids over 14 and more than 16 bytes.`,
    }),
  },
  ptime: {
    title: 'Packet time',
    spec: rfc(8866, '6.4', 'ptime (Packet Time)'),
    explain: ({ value }) =>
      milliseconds(value, (ms) => `This peer would like ${ms} ms of audio in each packet.`),
  },
  maxptime: {
    title: 'Maximum packet time',
    spec: rfc(8866, '6.5', 'maxptime (Maximum Packet Time)'),
    explain: ({ value }) =>
      milliseconds(value, (ms) => `This peer accepts at most ${ms} ms of audio in a packet.`),
  },
  framerate: {
    title: 'Frame rate',
    spec: rfc(8866, '6.13', 'framerate'),
    explain: ({ value }) => ({
      text: `At most ${value} frames per second are wanted.`,
      fields: [{ name: 'framerate', value, meaning: 'frames per second' }],
    }),
  },
  imageattr: {
    title: 'Image attributes',
    spec: rfc(6236, '3.1', 'Attribute Syntax'),
    explain: ({ value, section }) => {
      const payloadType = value.split(' ')[0] ?? '';
      return {
        text: `Which picture sizes this peer sends or receives with payload type ${named(payloadType, section)}.`,
        ...pointingTo(codecOf(payloadType, section)?.line),
      };
    },
  },
  packetization: {
    title: 'Packetization (libwebrtc)',
    spec: { name: 'libwebrtc', title: 'An extension of libwebrtc' },
    explain: ({ value, section }) => {
      const [payloadType = '', mode = ''] = value.split(' ');
      return {
        text: `Frames of payload type ${named(payloadType, section)} are cut into packets without regard to the codec (${mode}).`,
        ...pointingTo(codecOf(payloadType, section)?.line),
      };
    },
  },
};

function milliseconds(value: string, text: (ms: string) => string): Said | undefined {
  return /^\d+(\.\d+)?$/.test(value)
    ? { text: text(value), fields: [{ name: 'time', value, meaning: 'milliseconds' }] }
    : undefined;
}

function explainRtpmap({ value, section }: At): Said | undefined {
  const payloadType = value.split(' ')[0] ?? '';
  const codec = codecOf(payloadType, section);
  if (!section || !codec?.line) return undefined;
  const info = codecInfo(codec.name);
  const { name, clockRateHz, channels } = codec;
  const article = String(clockRateHz).startsWith('8') ? 'an' : 'a';
  const stereo = channels === 2 ? ' and two channels' : '';
  const says = `Payload type ${payloadType} means ${name} at ${article} ${grouped(clockRateHz)} Hz clock${stereo} in this media section.`;
  const what = info ? ` It is ${info.what}.` : ` ${name} is not known to us.`;
  const fields: Field[] = [
    {
      name: 'payload type',
      value: payloadType,
      meaning: Number(payloadType) < 35 ? 'a number that RFC 3551 fixes' : 'a number chosen for this session',
    },
    { name: 'encoding name', value: name, meaning: info?.what ?? unknownMeaning },
    { name: 'clock rate', value: String(clockRateHz), meaning: clockMeaning(name, section.kind) },
  ];
  if (/\/\d+\/\d+/.test(value)) {
    const always = name.toLowerCase() === 'opus' ? ': Opus always says 2 here, whatever is sent' : '';
    fields.push({
      name: 'channels',
      value: String(channels),
      meaning: `${channels === 1 ? 'mono' : `${channels} channels`}${always}`,
    });
  }
  return {
    text:
      says +
      what +
      (name === 'G722' ? ' It is sampled at 16 000 Hz; 8000 is an old mistake that was kept.' : ''),
    fields,
    ...(info && { also: [info.spec] }),
    ...pointingTo(section.lines[0]),
  };
}

function clockMeaning(name: string, kind: string): string {
  if (name === 'G722') return 'timestamp ticks per second; the audio is sampled at 16 000 Hz';
  if (name.toLowerCase() === 'opus') return 'timestamp ticks per second: always 48 000 for Opus';
  return kind === 'video'
    ? 'timestamp ticks per second: 90 000 for all video'
    : 'timestamp ticks per second, the sampling rate';
}

function explainFmtp({ value, section }: At): Said | undefined {
  const match = /^(\S+) (.+)$/.exec(value);
  if (!match) return undefined;
  const [, format = '', parameters = ''] = match;
  const codec = codecOf(format, section);
  const spec = codec && codecInfo(codec.name)?.spec;
  const base: Pick<Said, 'also' | 'refersTo'> = { ...(spec && { also: [spec] }), ...pointingTo(codec?.line) };
  const payloadType = { name: 'payload type', value: format, meaning: codec?.name ?? unknownMeaning };
  switch (codec?.name.toLowerCase()) {
    case 'rtx':
      return { ...base, ...explainRtx(parameters, format, payloadType, section, codec.line) };
    case 'red':
      return { ...base, ...explainRed(parameters, format, payloadType, section, codec.line) };
    case 'telephone-event':
      return {
        ...base,
        text:
          parameters === '0-15'
            ? `With payload type ${format} this peer takes the telephone events 0 to 15: the keys 0 to 9, *, # and A to D.`
            : `With payload type ${format} this peer takes the telephone events ${parameters}.`,
        fields: [
          payloadType,
          {
            name: 'events',
            value: parameters,
            meaning: '0–9 are the digits, 10 is *, 11 is #, 12–15 are A–D',
          },
        ],
      };
    case undefined:
      return undefined;
    default:
      return { ...base, ...explainParameters(parameters, format, payloadType, codec?.name ?? '') };
  }
}

function explainParameters(text: string, payloadType: string, first: Field, codec: string): Said {
  const fields = text.split(/;\s*/).flatMap((parameter): Field[] => {
    if (parameter === '') return [];
    const [name = '', value = ''] = parameter.split('=', 2);
    return [{ name, value, meaning: parameterMeaning(codec, name.trim(), value.trim()) ?? unknownMeaning }];
  });
  const said = fields.filter(({ meaning }) => meaning !== unknownMeaning).map(({ meaning }) => meaning);
  const which = `${codec} (payload type ${payloadType})`;
  return {
    text:
      said.length > 0
        ? `Parameters of ${which}: ${said.join('; ')}.`
        : `Parameters of ${which} that are not known to us.`,
    fields: [first, ...fields],
  };
}

function explainRtx(
  text: string,
  payloadType: string,
  first: Field,
  section: At['section'],
  line: number | undefined,
): Said {
  const said = explainParameters(text, payloadType, first, 'rtx');
  const repaired = /(?:^|;)\s*apt=(\d+)/.exec(text)?.[1];
  if (repaired === undefined) return said;
  return {
    ...said,
    text: `Packets of payload type ${named(repaired, section)} that got lost are sent again under payload type ${payloadType}.`,
    ...pointingTo(line, codecOf(repaired, section)?.line),
  };
}

function explainRed(
  text: string,
  payloadType: string,
  first: Field,
  section: At['section'],
  line: number | undefined,
): Said {
  const generations = text.split('/');
  const [newest = ''] = generations;
  const alike = generations.every((each) => each === newest);
  return {
    text: alike
      ? `A packet of payload type ${payloadType} holds up to ${generations.length} pieces of payload type ${named(newest, section)}: the newest and earlier ones again, in case they got lost.`
      : `A packet of payload type ${payloadType} holds pieces of the payload types ${listed(generations.map((each) => named(each, section)))}.`,
    fields: [
      first,
      ...generations.map((value, i) => ({
        name: i === 0 ? 'newest' : 'redundant',
        value,
        meaning: codecOf(value, section)?.name ?? unknownMeaning,
      })),
    ],
    ...pointingTo(line, ...generations.map((each) => codecOf(each, section)?.line)),
  };
}

type Feedback = { what: string; title: string; spec: Spec };

const feedbackTypes: Readonly<Record<string, Feedback>> = {
  nack: {
    what: 'reports lost packets one by one, so that they are sent again',
    title: 'NACK',
    spec: rfc(4585, '6.2.1', 'Generic NACK'),
  },
  'nack pli': {
    what: 'says when it can no longer decode, so that the sender makes a new key frame (picture loss indication)',
    title: 'Picture loss indication (PLI)',
    spec: rfc(4585, '6.3.1', 'Picture Loss Indication (PLI)'),
  },
  'nack sli': {
    what: 'says which part of the picture was lost (slice loss indication)',
    title: 'Slice loss indication (SLI)',
    spec: rfc(4585, '6.3.2', 'Slice Loss Indication (SLI)'),
  },
  'nack rpsi': {
    what: 'says which earlier picture arrived well, to build on (reference picture selection)',
    title: 'Reference picture selection (RPSI)',
    spec: rfc(4585, '6.3.3', 'Reference Picture Selection Indication (RPSI)'),
  },
  'ccm fir': {
    what: 'can demand a key frame, as for somebody who has just joined (full intra request)',
    title: 'Full intra request (FIR)',
    spec: rfc(5104, '7.1', 'Extension of the rtcp-fb Attribute'),
  },
  'ccm tmmbr': {
    what: 'can ask for a lower bitrate for a while (temporary maximum media bitrate request)',
    title: 'Temporary bitrate request (TMMBR)',
    spec: rfc(5104, '7.1', 'Extension of the rtcp-fb Attribute'),
  },
  'goog-remb': {
    what: 'tells the sender how much bandwidth it estimates that there is (REMB)',
    title: 'Receiver estimated bandwidth (REMB)',
    spec: {
      name: 'draft-alvestrand-rmcat-remb',
      title: 'RTCP message for Receiver Estimated Maximum Bitrate',
    },
  },
  'transport-cc': {
    what: 'reports when each packet arrived, from which the sender estimates the bandwidth',
    title: 'Transport-wide congestion control',
    spec: {
      name: 'draft-holmer-rmcat-transport-wide-cc-extensions-01',
      title: 'RTP Extensions for Transport-wide Congestion Control',
    },
  },
  'ack ccfb': {
    what: 'reports the arrival of packets in the standard way, for congestion control at the sender',
    title: 'Congestion control feedback',
    spec: { name: 'RFC 8888', title: 'RTP Control Protocol (RTCP) Feedback for Congestion Control' },
  },
  'goog-lntf': {
    what: 'says which frame could not be decoded (loss notification)',
    title: 'Loss notification',
    spec: { name: 'libwebrtc', title: 'Loss notification, an experiment' },
  },
  rrtr: {
    what: 'lets receivers measure the round-trip time too',
    title: 'Receiver reference time',
    spec: rfc(3611, '4.4', 'Receiver Reference Time Report Block'),
  },
};

/** Firefox leaves such lines behind when codec preferences have removed the codec. */
const notOffered = 'But this media section does not offer that payload type, so the line has no effect.';

function explainFeedback({ value, section }: At): Said | undefined {
  const match = /^(\*|\d+) (\S+)(?: (.+))?$/.exec(value);
  if (!match) return undefined;
  const [, payloadType = '', type = '', parameter] = match;
  const feedback = feedbackTypes[parameter === undefined ? type : `${type} ${parameter}`];
  const codec = codecOf(payloadType, section);
  const receiver =
    payloadType === '*' ? 'For every codec' : `For payload type ${named(payloadType, section)}`;
  const idle = payloadType === '*' || section?.formats.includes(payloadType) ? '' : ` ${notOffered}`;
  return {
    title: feedback ? `RTCP feedback: ${feedback.title}` : 'RTCP feedback',
    text: feedback
      ? `${receiver}, the receiver ${feedback.what}.${idle}`
      : `${receiver}, feedback of the kind "${type}${parameter ? ` ${parameter}` : ''}", which is not known to us.`,
    fields: [
      {
        name: 'payload type',
        value: payloadType,
        meaning: payloadType === '*' ? 'all' : (codec?.name ?? 'no payload type of this media section'),
      },
      {
        name: 'feedback',
        value: parameter ? `${type} ${parameter}` : type,
        meaning: feedback?.what ?? unknownMeaning,
      },
    ],
    ...(feedback && { also: [feedback.spec] }),
    ...pointingTo(codec?.line),
  };
}

const directionsOfExtension: Readonly<Record<string, string>> = {
  sendonly: 'only in packets that this peer sends',
  recvonly: 'only in packets that this peer receives',
  sendrecv: 'in both directions',
  inactive: 'in neither direction',
};

function explainExtmap(at: At): Said | undefined {
  const match = /^(\d+)(?:\/(sendonly|recvonly|sendrecv|inactive))? (\S+)(?: (.+))?$/.exec(at.value);
  if (!match) return undefined;
  const [, id = '', direction, uri = '', attributes] = match;
  const encrypted = uri === 'urn:ietf:params:rtp-hdrext:encrypt' && attributes !== undefined;
  const carried = encrypted ? attributes : uri;
  const info = headerExtensionInfo(carried);
  const where = direction === undefined ? '' : `, ${directionsOfExtension[direction]},`;
  return {
    title: info ? `RTP header extension: ${info.name}` : 'RTP header extension',
    text: info
      ? `Header extension ${id}${where} carries ${info.what}.${encrypted ? ' It is encrypted.' : ''}`
      : `Header extension ${id} is ${carried}, which is not known to us.`,
    fields: [
      { name: 'id', value: id, meaning: 'stands for the URI in the packets of this session' },
      ...(direction
        ? [
            {
              name: 'direction',
              value: direction,
              meaning: directionsOfExtension[direction] ?? unknownMeaning,
            },
          ]
        : []),
      ...(encrypted ? [{ name: 'URI', value: uri, meaning: 'the extension that follows is encrypted' }] : []),
      { name: encrypted ? 'attributes' : 'URI', value: carried, meaning: info?.name ?? unknownMeaning },
      ...(attributes && !encrypted
        ? [{ name: 'attributes', value: attributes, meaning: 'for this extension' }]
        : []),
    ],
    also: [
      ...(info ? [info.spec] : []),
      ...(encrypted ? [rfc(6904, '4', 'Signaling (Setup) Information')] : []),
    ],
    ...pointingTo(...numbersOf(linesBehind(carried, at))),
  };
}

/** The lines whose value an extension carries in each packet. */
function linesBehind(uri: string, { neighbours }: At) {
  if (uri === 'urn:ietf:params:rtp-hdrext:sdes:mid') return attributeLines(neighbours, 'mid');
  if (uri.endsWith(':rtp-stream-id') || uri.endsWith(':repaired-rtp-stream-id'))
    return attributeLines(neighbours, 'rid');
  return [];
}
