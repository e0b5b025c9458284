import { methods } from '../../protocol/stun/names.ts';

/** What an error code of STUN or TURN means, and what to do. */
export interface Advice {
  readonly what: string;
  readonly next: string;
}

/**
 * @param code   300 … 699
 * @param method that of the message, for the codes that mean something else with each
 * @see RFC 8489 §14.8, RFC 8656 §19, RFC 8445 §7.3.1.1
 */
export function errorAdvice(code: number, method: number): Advice | undefined {
  if (code === 401 && method !== methods.Allocate && method !== methods.Refresh)
    return {
      what: 'The proof of the password is missing or wrong.',
      next: 'Sign the request with the same credentials as the Allocate.',
    };
  return advice.get(code);
}

const advice = new Map<number, Advice>([
  [300, { what: 'The server sends the client elsewhere.', next: 'ALTERNATE-SERVER names the server to ask.' }],
  [400, { what: 'The server could not make sense of the request.', next: 'Compare it with the RFC, attribute by attribute.' }],
  [
    401,
    {
      what: 'The server wants to know who asks. The first request never carries that: it cannot, without the realm and the nonce that stand here.',
      next: 'The client asks again, signed. A second 401 means that user name or password is wrong, or has expired.',
    },
  ],
  [403, { what: 'The request is in order, but not allowed: most often the peer’s address is one to which this server does not relay.', next: 'Ask whoever runs the server, or reach the peer at an address that is allowed.' }],
  [420, { what: 'The request holds an attribute that the server does not know and may not pass over.', next: 'Leave out what UNKNOWN-ATTRIBUTES lists.' }],
  [437, { what: 'There is no allocation for this address and port, or there is one already where there should be none.', next: 'The client starts anew from another port, with an Allocate.' }],
  [438, { what: 'The nonce is too old.', next: 'The client repeats the request at once with the new nonce that stands here. Nothing is wrong.' }],
  [440, { what: 'The server has no addresses of that family, IPv4 or IPv6.', next: 'Ask for the other family.' }],
  [441, { what: 'The allocation belongs to somebody else.', next: 'Use the credentials with which it was made.' }],
  [442, { what: 'The server relays over UDP only.', next: 'Ask for REQUESTED-TRANSPORT 17.' }],
  [443, { what: 'The peer’s address is of another family than the relayed address.', next: 'Make an allocation of that family.' }],
  [486, { what: 'This user has as many allocations as the server allows.', next: 'Close other calls, or wait until their lifetime is over: a closed tab often leaves its own behind.' }],
  [487, { what: 'Both sides believe that they have the same role.', next: 'The sender changes its role and checks again.' }],
  [500, { what: 'The server failed.', next: 'Try again in a moment.' }],
  [508, { what: 'The server has no free port or no capacity left.', next: 'Try again later, or give the server a wider range of relay ports.' }],
]); // prettier-ignore
