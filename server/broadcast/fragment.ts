import { Problem } from './problem.ts';

/** What a fragment of SDP tells about ICE (RFC 8840 §9). */
export interface Fragment {
  readonly usernameFragment: string;
  readonly password: string;
  /** Values of `a=candidate`. */
  readonly candidates: readonly string[];
  readonly isLast: boolean;
}

/** As many as one page gathers: interfaces times protocols times relays. */
const MAX_LINES = 256;
const MAX_LINE = 1_024;

/** @throws {Problem} 400 for what is no fragment, or names no credentials */
export function readFragment(text: string): Fragment {
  const lines = text.split(/\r\n|\n|\r/, MAX_LINES + 1).filter((line) => line !== '');
  if (lines.length > MAX_LINES) throw new Problem(400, `A fragment has at most ${MAX_LINES} lines.`);
  const odd = lines.findIndex((line) => line.length > MAX_LINE || !/^[am]=[^\0]+$/.test(line));
  if (odd >= 0)
    throw new Problem(400, `Line ${odd + 1} of the fragment is neither “a=…” nor “m=…” (RFC 8840 §9).`);
  const valuesOf = (name: string) =>
    lines.filter((line) => line.startsWith(`a=${name}:`)).map((line) => line.slice(name.length + 3));
  // For the session or in an m-section; all are bundled, so there is only one of each.
  const [usernameFragment, password] = [valuesOf('ice-ufrag')[0], valuesOf('ice-pwd')[0]];
  if (!usernameFragment || !password)
    throw new Problem(
      400,
      'The fragment has no a=ice-ufrag or no a=ice-pwd, so it says of nobody what it says.',
    );
  return {
    usernameFragment,
    password,
    candidates: valuesOf('candidate'),
    isLast: lines.includes('a=end-of-candidates'),
  };
}
