import { Refusal } from '../../signaling/refusal.ts';
import { JanusError } from './session.ts';

/** Codes of Janus (apierror.h) and of its VideoRoom that mean that a description is no good. */
const badDescription = new Set([
  464, // unknown type
  465, // invalid SDP
  466, // a stream that is not there
  467, // an answer where none was expected
  440, // VideoRoom: invalid SDP type
  441, // VideoRoom: invalid SDP
]);
/** VideoRoom: as many publishers as the room may have. */
const FULL = 432;
/** VideoRoom: a publisher that is not there, or not any more. */
export const NO_SUCH_FEED = 428;

/** What Janus says, as we refuse. An error that is not one of Janus stays what it is. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof JanusError)) return error;
  const said = `Janus says: ${error.message.slice(0, 200)}`;
  if (badDescription.has(error.code)) return new Refusal('bad-description', said);
  if (error.code === FULL) return new Refusal('middlebox-full', said);
  return new Refusal('middlebox-unavailable', error.code === 0 ? error.message : `${said} (${error.code})`);
}
