/** What the STUN/TURN server said to a peer: refusals that the browser keeps to itself, or tells as a mere number. */
import { errorCodeOf, valueOf, type StunMessage } from '../../protocol/stun/message.ts';
import { attributes, methods } from '../../protocol/stun/names.ts';
import { errorAdvice } from '../stun/error-advice.ts';
import { messageOf } from '../stun/message-of.ts';
import { titleOf } from '../stun/summary.ts';
import type { EntryOf } from '../timeline.ts';
import { wasConnected, type PeerFacts } from './facts.ts';
import type { Finding, Rule } from './finding.ts';
import { times } from './words.ts';

interface Refusal {
  readonly entry: EntryOf<'wire-message'>;
  readonly message: StunMessage;
  readonly code: number;
  /** The request that was refused was signed. */
  readonly isSigned: boolean;
}

/** All errors of the server to a peer, each with what is known of its request. */
function refusals(peer: PeerFacts): readonly Refusal[] {
  const signed = new Set<string>();
  return peer.of('wire-message').flatMap((entry): Refusal[] => {
    const message = messageOf(entry);
    if (!message || entry.at !== 'server') return [];
    const id = message.transactionId.join();
    if (message.class === 'request' && valueOf(message, attributes.MESSAGE_INTEGRITY)) signed.add(id);
    const code = message.class === 'error' ? errorCodeOf(message)?.code : undefined;
    return code === undefined ? [] : [{ entry, message, code, isSigned: signed.has(id) }];
  });
}

function finding(
  peer: PeerFacts,
  code: string,
  found: readonly Refusal[],
  text: (first: Refusal) => string,
): Finding | undefined {
  const [first] = found;
  return (
    first && {
      code,
      severity: wasConnected(peer) ? 'notice' : 'problem',
      peer: peer.peer,
      text: `${text(first)}${found.length > 1 ? ` (${times(found.length)})` : ''}`,
      seq: first.entry.seq,
      lesson: 'connectivity/turn',
    }
  );
}

/** The first 401 is how TURN begins; a 401 to a request that was signed says that the password is wrong. */
export const wrongTurnPassword: Rule = (peer) =>
  finding(
    peer,
    'turn-password',
    refusals(peer).filter(({ code, isSigned }) => isSigned && (code === 401 || code === 441)),
    ({ code }) =>
      `The TURN server answered a signed request of ${peer.peer} with ${code}: user name or credential is wrong, or its time is over. The 401 before it means nothing, every client gets one.`,
  );

/** A peer's address to which the server does not relay. */
export const forbiddenPeer: Rule = (peer) =>
  finding(
    peer,
    'turn-forbidden',
    refusals(peer).filter(({ code }) => code === 403),
    ({ message }) =>
      `The TURN server refused the ${titleOf(message).split(' ')[0]} of ${peer.peer} with 403: it does not relay to that address of the other side. With a relay on both sides, each server has only to reach the other.`,
  );

/** No room for another allocation. */
export const noCapacity: Rule = (peer) =>
  finding(
    peer,
    'turn-capacity',
    refusals(peer).filter(
      ({ code, message }) => (code === 486 || code === 508) && message.method === methods.Allocate,
    ),
    ({ code, message }) => {
      const { what = '', next = '' } = errorAdvice(code, message.method) ?? {};
      return `The TURN server refused ${peer.peer} an allocation with ${code}. ${what} ${next}`;
    },
  );
