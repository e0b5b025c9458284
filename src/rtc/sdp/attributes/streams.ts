import { attributeLines, type Direction, type SdpLine } from '../parse.ts';
import { grouped } from '../codecs.ts';
import type { Field } from '../explanation.ts';
import {
  type At,
  type Entry,
  listed,
  named,
  numbersOf,
  pointingTo,
  rfc,
  type Said,
  unknownMeaning,
} from './entry.ts';

const directionSections: Readonly<Record<Direction, string>> = {
  recvonly: '6.7.1',
  sendrecv: '6.7.2',
  sendonly: '6.7.3',
  inactive: '6.7.4',
};

/** Attributes about which streams there are and how they belong together. */
export const streamAttributes: Record<string, Entry> = {
  mid: {
    title: 'Media section id',
    spec: rfc(5888, '4', 'Media Stream Identification Attribute'),
    explain: ({ value, model }) =>
      value === ''
        ? undefined
        : {
            text: `This media section is called "${value}": the mid of its transceiver, by which candidates and the BUNDLE group name it.`,
            fields: [{ name: 'mid', value, meaning: 'stays the same in all offers and answers' }],
            ...pointingTo(
              ...attributeLines(model.session, 'group').filter((group) =>
                group.value.split(' ').slice(1).includes(value),
              ),
            ),
          },
  },
  group: { title: 'Group of media sections', spec: rfc(5888, '5', 'Group Attribute'), explain: explainGroup },
  'bundle-only': {
    title: 'Bundle only',
    spec: rfc(9143, '6', 'SDP "bundle-only" Attribute'),
    explain: ({ model }) => ({
      text: 'This section has no transport of its own (hence port 0) and is meant only for the BUNDLE group: a peer that cannot bundle leaves it out.',
      ...pointingTo(...bundles(model.session)),
    }),
  },
  sendrecv: direction('sendrecv', 'This peer wants to send and to receive'),
  sendonly: direction('sendonly', 'This peer wants to send, and not to receive'),
  recvonly: direction('recvonly', 'This peer wants to receive, and not to send'),
  inactive: direction('inactive', 'This peer neither sends nor receives for now'),
  msid: { title: 'Stream and track', spec: rfc(8830, '2', 'The Msid Mechanism'), explain: explainMsid },
  'msid-semantic': {
    title: 'Media stream semantics (old)',
    spec: { name: 'draft-alvestrand-rtcweb-msid-02', section: '3', title: 'The Msid-Semantic Attribute' },
    explain: explainMsidSemantic,
  },
  ssrc: {
    title: 'RTP stream (SSRC)',
    spec: rfc(5576, '4.1', 'The "ssrc" Media Attribute'),
    explain: explainSsrc,
  },
  'ssrc-group': {
    title: 'Group of RTP streams',
    spec: rfc(5576, '4.2', 'The "ssrc-group" Media Attribute'),
    explain: explainSsrcGroup,
  },
  rid: {
    title: 'Layer (RID)',
    spec: rfc(8851, '4', 'SDP "a=rid" Media Level Attribute'),
    explain: explainRid,
  },
  simulcast: { title: 'Simulcast', spec: rfc(8853, '5.1', 'Simulcast Attribute'), explain: explainSimulcast },
  tool: {
    title: 'Tool',
    spec: rfc(8866, '6.3', 'tool'),
    explain: ({ value }) => ({ text: `This description was written by ${value}.` }),
  },
  'x-google-flag': {
    title: 'Chromium flag',
    spec: { name: 'libwebrtc', title: 'An extension of libwebrtc' },
    explain: ({ value }) => ({
      text:
        value === 'conference'
          ? 'Asks Chromium for its old kind of simulcast; a=simulcast has taken its place.'
          : `Asks Chromium for something that only it knows: ${value}.`,
    }),
  },
};

function bundles(session: readonly SdpLine[]): SdpLine[] {
  return attributeLines(session, 'group').filter(({ value }) => value.startsWith('BUNDLE'));
}

function explainGroup({ value, model }: At): Said | undefined {
  const [semantics = '', ...mids] = value.split(' ');
  const sections = model.media.filter(({ mid }) => mid !== undefined && mids.includes(mid));
  const lines = sections.flatMap(({ lines: own }) => attributeLines(own, 'mid'));
  const fields: Field[] = [
    { name: 'semantics', value: semantics, meaning: groupSemantics[semantics] ?? unknownMeaning },
    ...mids.map((mid, i) => {
      const section = sections.find((each) => each.mid === mid);
      const tagged = semantics === 'BUNDLE' && i === 0 ? ', whose transport all use' : '';
      return {
        name: 'mid',
        value: mid,
        meaning: `${section ? `media section ${section.index}: ${section.kind}` : 'no such section'}${tagged}`,
      };
    }),
  ];
  const pointed = pointingTo(...numbersOf(lines));
  if (semantics !== 'BUNDLE') {
    const what = groupSemantics[semantics];
    return what
      ? { text: `The media sections ${listed(mids)} belong together: ${what}.`, fields, ...pointed }
      : undefined;
  }
  const also = [rfc(9143, '5', 'SDP Grouping Framework BUNDLE Extension')];
  const [first] = mids;
  if (first === undefined) return { text: 'No media section is bundled.', fields, also };
  return {
    title: 'BUNDLE group',
    text:
      mids.length === 1
        ? `The media section "${first}" is ready to share its transport with others, should they be added.`
        : `The media sections ${listed(mids.map((mid) => `"${mid}"`))} share one transport, that of "${first}": one set of candidates, one DTLS handshake, one port. Without this line each would need its own.`,
    fields,
    also,
    ...pointed,
  };
}

const groupSemantics: Readonly<Record<string, string>> = {
  BUNDLE: 'one transport for all',
  LS: 'they are to be played in sync (lip synchronisation)',
  FID: 'they carry one flow of media in several forms',
  'FEC-FR': 'one repairs the other (forward error correction)',
};

function direction(name: Direction, says: string): Entry {
  return {
    title: 'Direction',
    spec: rfc(8866, directionSections[name], name),
    explain({ section }) {
      if (!section) return { text: `${says}, in every media section that does not say otherwise.` };
      if (section.kind === 'application')
        return { text: 'For data channels the direction means nothing: they always go both ways.' };
      const rejected = section.rejected ? ' The section is off, however (port 0).' : '';
      return {
        text: `${says} ${section.kind} in this section. An answer may narrow this, never widen it.${rejected}`,
      };
    },
  };
}

function explainMsid({ line, value, model, section }: At): Said | undefined {
  const [stream = '', track] = value.split(' ');
  if (stream === '') return undefined;
  const kind = section?.kind ?? 'media';
  const others = model.media
    .flatMap(({ lines }) => attributeLines(lines, 'msid'))
    .filter(
      (other) => other.number !== line.number && stream !== '-' && other.value.split(' ')[0] === stream,
    );
  const inSync = others.length > 0 ? ' Tracks of the same stream are played in sync.' : '';
  return {
    text:
      stream === '-'
        ? `The ${kind} sent here is a track that belongs to no MediaStream: the receiver's "track" event comes without one.`
        : `The ${kind} sent here is a track of the MediaStream ${stream}, which the receiver's "track" event brings along under the same id.${inSync}`,
    fields: [
      {
        name: 'stream id',
        value: stream,
        meaning: stream === '-' ? 'no stream' : 'MediaStream.id at the sender',
      },
      ...(track
        ? [
            {
              name: 'track id',
              value: track,
              meaning: 'from the sender; the receiver may give its track another',
            },
          ]
        : []),
    ],
    ...pointingTo(...others),
  };
}

function explainMsidSemantic({ value, model }: At): Said | undefined {
  const [semantic = '', ...streams] = value.split(' ');
  if (semantic !== 'WMS') return undefined;
  const lines = model.media
    .flatMap(({ lines: own }) => attributeLines(own, 'msid'))
    .filter((msid) => streams.includes('*') || streams.includes(msid.value.split(' ')[0] ?? ''));
  const which = streams.includes('*') ? 'all of them' : streams.length === 0 ? 'none here' : listed(streams);
  return {
    text: `The stream ids in a=msid lines are WebRTC media streams (WMS): ${which}. A leftover of early drafts: browsers still write it, nothing depends on it.`,
    fields: [
      { name: 'semantic', value: semantic, meaning: 'WebRTC media stream' },
      ...streams.map((stream) => ({
        name: 'stream id',
        value: stream,
        meaning: stream === '*' ? 'every stream' : 'a MediaStream of the sender',
      })),
    ],
    ...pointingTo(...lines),
  };
}

function explainSsrc({ value, neighbours, line }: At): Said | undefined {
  const match = /^(\d{1,10}) ([^:\s]+)(?::(.*))?$/.exec(value);
  if (!match) return undefined;
  const [, ssrc = '', attribute = '', content = ''] = match;
  const groups = attributeLines(neighbours, 'ssrc-group').filter((group) =>
    group.value.split(' ').slice(1).includes(ssrc),
  );
  const role = groups.map((group) => roleIn(group.value, ssrc)).find((each) => each !== undefined);
  const stream = `the RTP stream ${ssrc}${role ? ` (${role})` : ''}`;
  const fields: Field[] = [
    { name: 'ssrc', value: ssrc, meaning: role ?? 'the number in the header of every packet of the stream' },
    { name: 'attribute', value: attribute, meaning: ssrcAttributes[attribute] ?? unknownMeaning },
    ...(content
      ? [
          {
            name: 'value',
            value: content,
            meaning: attribute === 'cname' ? 'the same for all streams of one peer' : 'see the attribute',
          },
        ]
      : []),
  ];
  const msid =
    attribute === 'msid'
      ? attributeLines(neighbours, 'msid').filter((each) => each.number !== line.number)
      : [];
  const pointed = pointingTo(...groups, ...msid);
  switch (attribute) {
    case 'cname':
      return {
        text: `The sender of ${stream} calls itself "${content}" in RTCP. Streams with the same name share a clock, so sound and picture can be synchronised.`,
        fields,
        also: [rfc(5576, '6.1', 'The "cname" Source Attribute')],
        ...pointed,
      };
    case 'msid':
      return {
        text: `The track that ${stream} carries, said once more per stream: a leftover from before a=msid stood alone.`,
        fields,
        ...pointed,
      };
    case 'mslabel':
    case 'label':
      return {
        text: `An old name for the ${attribute === 'label' ? 'track' : 'stream'} that ${stream} carries.`,
        fields,
        ...pointed,
      };
    default:
      return undefined;
  }
}

const ssrcAttributes: Readonly<Record<string, string>> = {
  cname: 'canonical name: who sends',
  msid: 'MediaStream and track',
  mslabel: 'MediaStream (old)',
  label: 'track (old)',
};

/** What a stream does in its group: "retransmissions". */
function roleIn(group: string, ssrc: string): string | undefined {
  const [semantics = '', ...ssrcs] = group.split(' ');
  const first = ssrcs[0] === ssrc;
  if (semantics === 'FID') return first ? 'the media itself' : 'retransmissions';
  if (semantics === 'FEC' || semantics === 'FEC-FR') return first ? 'the media itself' : 'repair packets';
  if (semantics === 'SIM') return 'a simulcast layer';
  return undefined;
}

function explainSsrcGroup({ value, neighbours }: At): Said | undefined {
  const [semantics = '', ...ssrcs] = value.split(' ');
  const [media = '', repair = ''] = ssrcs;
  if (ssrcs.length === 0 || !ssrcs.every((ssrc) => /^\d{1,10}$/.test(ssrc))) return undefined;
  const texts: Readonly<Record<string, string>> = {
    FID: `The RTP stream ${media} carries the media, and ${repair} its lost packets once more (retransmission, RTX).`,
    'FEC-FR': `The RTP stream ${media} carries the media, and ${repair} packets from which lost ones can be rebuilt (forward error correction).`,
    FEC: `The RTP stream ${media} carries the media, and ${repair} packets from which lost ones can be rebuilt (forward error correction).`,
    SIM: `The RTP streams ${listed(ssrcs)} carry the same picture in several sizes: simulcast as before a=simulcast.`,
  };
  const text = texts[semantics];
  if (text === undefined) return undefined;
  const firstOf = (ssrc: string) =>
    attributeLines(neighbours, 'ssrc').find((line) => line.value.startsWith(`${ssrc} `));
  return {
    text,
    fields: [
      { name: 'semantics', value: semantics, meaning: ssrcGroupSemantics[semantics] ?? unknownMeaning },
      ...ssrcs.map((ssrc) => ({
        name: 'ssrc',
        value: ssrc,
        meaning: roleIn(value, ssrc) ?? 'a stream of the group',
      })),
    ],
    ...(semantics.startsWith('FEC') && {
      also: [rfc(5956, '4.3', 'Forward Error Correction Grouping Semantics in SDP')],
    }),
    ...pointingTo(...ssrcs.map(firstOf)),
  };
}

const ssrcGroupSemantics: Readonly<Record<string, string>> = {
  FID: 'flow identification: one flow in several streams',
  'FEC-FR': 'forward error correction, source and repair',
  FEC: 'forward error correction',
  SIM: 'simulcast',
};

function explainRid({ value, neighbours, section }: At): Said | undefined {
  const match = /^([A-Za-z0-9_-]+) (send|recv)(?: (.+))?$/.exec(value);
  if (!match) return undefined;
  const [, rid = '', way = '', restrictions = ''] = match;
  const limits = restrictions
    .split(';')
    .filter(Boolean)
    .map((restriction): Field => {
      const [name = '', content = ''] = restriction.split('=', 2);
      return { name, value: content, meaning: ridRestriction(name, content, section) };
    });
  const limited = limits.length > 0 ? ` Its limits: ${limits.map(({ meaning }) => meaning).join('; ')}.` : '';
  return {
    text: `This peer ${way === 'send' ? 'sends' : 'is ready to receive'} a layer called "${rid}"; the name travels in a header extension of its packets.${limited}`,
    fields: [
      { name: 'rid', value: rid, meaning: 'the name of the layer, as in sendEncodings' },
      {
        name: 'direction',
        value: way,
        meaning: way === 'send' ? 'sent by this peer' : 'received by this peer',
      },
      ...limits,
    ],
    ...pointingTo(...attributeLines(neighbours, 'simulcast')),
  };
}

function ridRestriction(name: string, value: string, section: At['section']): string {
  switch (name) {
    case 'pt':
      return `payload types ${listed(value.split(',').map((each) => named(each, section)))}`;
    case 'max-width':
      return `at most ${value} pixels wide`;
    case 'max-height':
      return `at most ${value} pixels high`;
    case 'max-fps':
      return `at most ${value} frames per second`;
    case 'max-fs':
      return `at most ${grouped(value)} pixels a frame`;
    case 'max-pps':
      return `at most ${grouped(value)} pixels per second`;
    case 'max-br':
      return `at most ${grouped(value)} bit/s`;
    case 'max-bpp':
      return `at most ${value} bits a pixel`;
    case 'depend':
      return `builds on ${listed(value.split(','))}`;
    default:
      return unknownMeaning;
  }
}

function explainSimulcast({ value, neighbours }: At): Said | undefined {
  const directions = [...value.matchAll(/(send|recv) ([A-Za-z0-9_~,;-]+)/g)];
  if (directions.length === 0) return undefined;
  const fields: Field[] = [];
  const says: string[] = [];
  const mentioned: string[] = [];
  for (const [, way = '', list = ''] of directions) {
    fields.push({
      name: 'direction',
      value: way,
      meaning: way === 'send' ? 'sent by this peer' : 'received by this peer',
    });
    const layers = list.split(';').map((alternatives) => alternatives.split(','));
    const shown = layers.map((alternatives) =>
      alternatives.map((rid) => (rid.startsWith('~') ? `${rid.slice(1)} (paused)` : rid)),
    );
    says.push(
      `This peer ${way === 'send' ? 'sends' : 'is ready to receive'} the same picture in ${layers.length === 1 ? 'one layer' : `${layers.length} layers`}, ${listed(shown.map((each) => each.join(' or ')))}.`,
    );
    for (const rid of layers.flat()) {
      mentioned.push(rid.replace('~', ''));
      fields.push({
        name: 'rid',
        value: rid,
        meaning: rid.startsWith('~') ? 'a layer that is paused' : 'a layer',
      });
    }
  }
  const rids = attributeLines(neighbours, 'rid').filter((line) =>
    mentioned.includes(line.value.split(' ')[0] ?? ''),
  );
  return {
    text: `${says.join(' ')} A server forwards to each receiver the layer that suits its connection.`,
    fields,
    ...pointingTo(...rids),
  };
}
