import { decodeMessage, type StunMessage } from '../../protocol/stun/message.ts';
import type { EntryOf } from '../timeline.ts';
import { fromBase64 } from './base64.ts';

type WireEntry = EntryOf<'wire-message'>;

const known = new WeakMap<WireEntry, { readonly message: StunMessage | undefined }>();

/** The message of an entry, decoded once for all who ask; undefined when its bytes are no whole STUN message. */
export function messageOf(entry: WireEntry): StunMessage | undefined {
  const there = known.get(entry);
  if (there) return there.message;
  const message = decodeMessage(fromBase64(entry.bytes));
  known.set(entry, { message });
  return message;
}
