import { capital, counted, listed } from './attributes/entry.ts';
import { attributeLines, type MediaSection, type SessionDescriptionModel } from './parse.ts';

/**
 * One sentence on a whole description, for a learner:
 * "Offer with 2 media sections: audio (sendrecv, opus first) and data channels; bundled on one transport, one DTLS
 * fingerprint, 8 candidates."
 */
export function summarise(model: SessionDescriptionModel): string {
  const { media, lines } = model;
  const sections =
    media.length === 0
      ? 'without media sections'
      : `with ${counted(media.length, 'media section')}: ${listed(media.map(described))}`;
  const fingerprints = new Set(attributeLines(lines, 'fingerprint').map(({ value }) => value.toLowerCase()))
    .size;
  const rest = [
    ...(isBundled(model) ? ['bundled on one transport'] : []),
    fingerprints === 0
      ? 'no DTLS fingerprint'
      : `${fingerprints === 1 ? 'one' : fingerprints} DTLS fingerprint${fingerprints === 1 ? '' : 's'}`,
    counted(attributeLines(lines, 'candidate').length, 'candidate'),
  ];
  return `${capital(kindOf(model))} ${sections}; ${rest.join(', ')}.`;
}

/** What was said, else what a=setup gives away: only an offer leaves the DTLS role open (RFC 8842 §5.2). */
function kindOf({ type, lines }: SessionDescriptionModel): string {
  if (type === 'pranswer') return 'provisional answer';
  if (type !== undefined) return type;
  const setups = attributeLines(lines, 'setup').map(({ value }) => value);
  if (setups.length === 0) return 'description';
  return setups.includes('actpass') ? 'offer' : 'answer';
}

function described({ kind, direction, formats, codecs, rejected, lines }: MediaSection): string {
  const name = kind === 'application' ? 'data channels' : kind;
  if (rejected) return `${name} (off)`;
  if (kind === 'application') return name;
  const first = codecs.get(formats[0] ?? '')?.name;
  const layers = attributeLines(lines, 'rid').length;
  return `${name} (${[direction, ...(first ? [`${first} first`] : []), ...(layers > 1 ? [`${layers} layers`] : [])].join(', ')})`;
}

function isBundled({ session, media }: SessionDescriptionModel): boolean {
  const bundled = attributeLines(session, 'group').find(({ value }) => value.startsWith('BUNDLE '));
  const mids = bundled?.value.split(' ').slice(1) ?? [];
  return (
    mids.length > 1 &&
    media.every(({ mid, rejected }) => rejected || (mid !== undefined && mids.includes(mid)))
  );
}
