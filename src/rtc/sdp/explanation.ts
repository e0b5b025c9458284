/** Where a rule is written down. `name` is the document ("RFC 8866"), `section` its number where it has numbers. */
export type Spec = { name: string; section?: string; title: string };

/** One part of a line, in the order in which it stands there. */
export type Field = { name: string; value: string; meaning: string };

/** What one line of a session description says, for a reader who sees it for the first time. */
export type Explanation = {
  /** False where the line is not one that we know: the text says so and claims nothing. */
  known: boolean;
  /** The standard's short name for it: "RTP map", "Candidate". */
  title: string;
  /** One to three sentences about this very line. */
  text: string;
  fields?: Field[];
  spec?: Spec;
  /** Further documents that define a part of the line: a codec's payload format, a header extension. */
  also?: Spec[];
  /** Numbers of the lines (1-based) that this one points to. */
  refersTo?: number[];
};

/** The place of a rule on the web: the RFC editor's page for an RFC, the datatracker's for a draft, else undefined. */
export function specUrl({ name, section }: Spec): string | undefined {
  const rfc = /^RFC (\d+)$/.exec(name)?.[1];
  if (rfc) return `https://www.rfc-editor.org/rfc/rfc${rfc}${section ? `#section-${section}` : ''}`;
  return name.startsWith('draft-') ? `https://datatracker.ietf.org/doc/html/${name}` : undefined;
}
