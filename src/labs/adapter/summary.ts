import { plural } from '../../lab-kit/panels/model/format.ts';
import type { Found, Row } from './desk.ts';
import type { Change } from './surface.ts';

export const differs = ({ without, with: shimmed }: Row): boolean => without !== shimmed;

/** What has been found out, in two or three sentences. */
export function sentences({
  detected,
  changes,
  ofPeerJs,
  ofNothing,
  probes,
  rows,
}: Found): readonly string[] {
  const different = rows.filter(differs).length;
  const asked = rows.length < probes ? `${rows.length} of ${probes} questions asked: ` : '';
  return [
    `It takes this browser for ${detected} and has changed ${plural(changes.length, 'property', 'properties')} of its page. Where nothing was loaded, ${ofNothing.length === 0 ? 'nothing has changed' : `${ofNothing.length} changed, too`}.`,
    `${asked}${different === 0 ? 'all answers are the same with it and without' : `${plural(different, 'answer')} of ${rows.length} ${different === 1 ? 'differs' : 'differ'}`}.`,
    isSame(changes, ofPeerJs)
      ? 'PeerJS brings it along: a page that loaded only PeerJS has the same changes.'
      : `A page that loaded only PeerJS has ${plural(ofPeerJs.length, 'change')}, and they are not the same.`,
  ];
}

export const nameOf = ({ object, property }: Change): string => `${object}.${property}`;

/** Whether both libraries have done the same to the same properties. */
function isSame(one: readonly Change[], other: readonly Change[]): boolean {
  const words = (changes: readonly Change[]) =>
    changes.map((change) => `${change.how} ${nameOf(change)}`).join('\n');
  return words(one) === words(other);
}
