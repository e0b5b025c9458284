/** A piece of a text: as it is, or an address that may be opened. */
export type Piece = string | { readonly href: string };

/**
 * Finds the addresses in a text. Only http and https become links: what is behind `javascript:` or `data:` is not for a
 * click. A link shows its own address, so that it leads where it says.
 */
export function withLinks(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"'`\p{Cf}\p{Cc}]+/giu)) {
    const href = withoutTail(match[0]);
    if (!isAddress(href)) continue;
    if (match.index > from) pieces.push(text.slice(from, match.index));
    pieces.push({ href });
    from = match.index + href.length;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

/** A full stop, a comma or a closing bracket is the sentence's and not the address's. */
function withoutTail(address: string): string {
  const bare = address.replace(/[.,;:!?…]+$/u, '');
  const closes = bare.endsWith(')') && !bare.includes('(');
  return closes ? withoutTail(bare.slice(0, -1)) : bare;
}

/** With a host, and without a user name before it, which looks like a host: `https://bank.example@evil.example`. */
function isAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.hostname !== '' && url.username === '' && url.password === '';
}
