import { methods } from '../../protocol/stun/names.ts';
import { RtcError } from '../errors.ts';
import { errorAdvice } from '../stun/error-advice.ts';

/** What a STUN or TURN server said no with, as `icecandidateerror` tells it (webrtc-pc §4.8.2). */
export type Refusal = Pick<RTCPeerConnectionIceErrorEvent, 'errorCode' | 'errorText' | 'url'>;

/** Whether the server answered, and said no; 701 is the browser's own word for «no answer». */
export function isRefusal({ errorCode }: Pick<Refusal, 'errorCode'>): boolean {
  return errorCode >= 300 && errorCode < 700;
}

/** Why it said no, and what to do; empty for a code that no RFC has. @param code 300 … 699 */
export function refusalWords(code: number): string {
  // The browser has answered the first 401, which every client gets, and this is the second.
  if (code === 401)
    return 'The user name or the credential is wrong, or the user name has expired: check both, or ask for new ones.';
  const advice = errorAdvice(code, methods.Allocate);
  return advice ? `${advice.what} ${advice.next}` : '';
}

/** The refusal as an error: nothing can be relayed, and this is why. */
export function refusalError({ errorCode, errorText, url }: Refusal): RtcError {
  const said = `${url || 'The server'} answered ${errorCode}${errorText ? ` (${errorText.slice(0, 80)})` : ''}.`;
  return new RtcError(
    errorCode === 401 ? 'turn-unauthorized' : 'turn-refused',
    `${said} ${refusalWords(errorCode)}`.trim(),
  );
}
