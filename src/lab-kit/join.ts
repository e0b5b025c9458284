import { FoundPlace, Reply, RoomCode, help } from '../protocol/signaling.ts';
import type { Arrangement } from './define.ts';
import { linkTo } from './address.ts';

/** Where a code leads, or a sentence that says why it leads nowhere. */
export type Found = { readonly href: string } | { readonly problem: string };

const answer = Reply(FoundPlace);

/**
 * Asks the server where a typed code leads. Spaces, hyphens and small letters are as good as none.
 *
 * @param ask gets `/codes/<code>` of the server, as JSON; rejects when nobody answers
 */
export async function findByCode(
  typed: string,
  base: string,
  ask: (path: string) => Promise<unknown>,
): Promise<Found> {
  const code = RoomCode.safeParse(typed.toUpperCase().replace(/[\s-]/g, '')).data;
  if (!code)
    return { problem: 'A code is six letters and digits, such as K7M 2QX. It never holds 0, 1, I, L or O.' };
  let reply;
  try {
    reply = answer.safeParse(await ask(`/codes/${code}`)).data;
  } catch {
    return { problem: 'The server does not answer. Is it running, and is this device in the same network?' };
  }
  if (!reply)
    return { problem: 'The server gave an answer that this page does not understand: reload the page.' };
  if (!reply.ok) return { problem: `${code.slice(0, 3)} ${code.slice(3)}: ${help[reply.error.code]}` };
  const { room, place } = reply.value;
  // The lab's page checks the names again, as those of any link.
  return { href: linkTo(base, place.lab, { ...place, arrangement: place.arrangement as Arrangement, room }) };
}
