import { type PublishedSection, type Source } from '../../../src/protocol/middlebox.ts';

/** The room in an offer up: four sources and the data channels. */
const MOST_SECTIONS = 5;

/** What is wrong with an offer, as a sentence for whoever wrote it. */
export class BadDescription extends Error {}

/**
 * The m-sections of an offer up by their mids, compared with what the page says that they are.
 *
 * @throws {BadDescription}
 * @see RFC 8866 §5 (the shape of SDP), RFC 8843 §7 (mid)
 */
export function readOffer(sdp: string, sections: readonly PublishedSection[]): ReadonlyMap<string, Source> {
  const lines = sdp.split(/\r?\n/);
  if (lines[0] !== 'v=0') throw new BadDescription('its first line is not v=0');
  const kinds = new Map<string, string>();
  let kind = '';
  let count = 0;
  for (const line of lines) {
    if (line.startsWith('m=')) {
      kind = line.slice(2).split(' ')[0] ?? '';
      if (!['audio', 'video', 'application'].includes(kind))
        throw new BadDescription('it has an m-section that is neither audio nor video nor application');
      if (++count > MOST_SECTIONS)
        throw new BadDescription(
          `it has more than ${MOST_SECTIONS} m-sections, one for each source and one for data`,
        );
    }
    const mid = /^a=mid:([A-Za-z0-9]{1,16})$/.exec(line)?.[1];
    if (mid !== undefined && kinds.has(mid))
      throw new BadDescription(`two of its m-sections have the mid ${mid}`);
    if (mid !== undefined) kinds.set(mid, kind);
  }
  if (kinds.size === 0) throw new BadDescription('no m-section in it has a mid');
  const sources = new Map<string, Source>();
  for (const { mid, source } of sections) {
    const wanted = source === 'camera' || source === 'screen' ? 'video' : 'audio';
    if (kinds.get(mid) !== wanted)
      throw new BadDescription(
        `it has no m-section of ${wanted} with the mid ${mid}, which is to be the ${source}`,
      );
    if (sources.has(mid) || [...sources.values()].includes(source))
      throw new BadDescription(`the ${source} or its mid ${mid} is named twice`);
    sources.set(mid, source);
  }
  return sources;
}
