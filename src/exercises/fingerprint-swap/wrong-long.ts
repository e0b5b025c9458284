// readable: characters
/** A short text for one end of a call: the same at both ends if nobody sits between them. */
export function sas(local: string, remote: string): string {
  const ends = [fingerprints(local), fingerprints(remote)].toSorted();
  return ends.join(' and ');
}

/** The certificates that a description allows, each once. */
function fingerprints(sdp: string): string {
  const found = [...sdp.matchAll(/^a=fingerprint:(.+?)\s*$/gm)].map(([, value = '']) => value);
  return [...new Set(found)].toSorted().join(' ');
}
