/** What has to be changed in descriptions (RFC 8866) on their way between a page and Janus. */

/**
 * An offer without its data channels. The VideoRoom would take them and hand every byte to all: words go by the
 * signaling server then, and a page has to see that they do.
 *
 * @returns `answerFor` puts the refused m-section (port 0, RFC 3264 §6) back into the answer
 */
export function withoutData(offer: string): { offer: string; answerFor: (answer: string) => string } {
  const { session, sections } = split(offer);
  const index = sections.findIndex((section) => section.startsWith('m=application '));
  const data = sections[index];
  if (data === undefined) return { offer, answerFor: (answer) => answer };
  const mid = /^a=mid:(\S+)/m.exec(data)?.[1] ?? '';
  return {
    offer: join(
      unbundled(session, mid),
      sections.filter((section) => !section.startsWith('m=application ')),
    ),
    answerFor: (answer) => {
      const parts = split(answer);
      const line = (/^m=.*/.exec(data)?.[0] ?? '').replace(/^m=application \d+/, 'm=application 0');
      const refused = `${line}\r\nc=IN IP4 0.0.0.0\r\na=mid:${mid}\r\na=inactive\r\n`;
      return join(parts.session, parts.sections.toSpliced(index, 0, refused));
    },
  };
}

/** A description with all candidates in its first m-section, where those of a bundle belong (RFC 9143 §10). */
export function withCandidates(sdp: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return sdp;
  const { session, sections } = split(sdp);
  const first = sections.findIndex((section) => !/^m=\S+ 0 /.test(section));
  const lines = candidates.map((text) => `a=${text.replace(/^a=/, '')}\r\n`).join('');
  return join(
    session,
    sections.map((section, index) =>
      index === first ? `${section}${lines}a=end-of-candidates\r\n` : section,
    ),
  );
}

/** With another `o=` line: Janus writes a new session id into each offer, where JSEP says the same (RFC 9429 §5.2.2). */
export function withOrigin(sdp: string, sessionId: string, version: number): string {
  return sdp.replace(/^o=\S+ \d+ \d+/m, `o=- ${sessionId} ${version}`);
}

export function hasCandidates(sdp: string): boolean {
  return /^a=candidate:/m.test(sdp);
}

function split(sdp: string): { session: string; sections: string[] } {
  const text = sdp.endsWith('\n') ? sdp : `${sdp}\r\n`;
  const [session = '', ...sections] = text.split(/^(?=m=)/m);
  return { session, sections };
}

function join(session: string, sections: readonly string[]): string {
  return session + sections.join('');
}

function unbundled(session: string, mid: string): string {
  return session.replace(/^a=group:BUNDLE.*$/gm, (line) =>
    line
      .split(' ')
      .filter((part, index) => index === 0 || part.trimEnd() !== mid)
      .join(' ')
      .trimEnd(),
  );
}
