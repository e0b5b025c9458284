// honest: In an honest call alice reads
/** A short text for one end of a call: the same at both ends if nobody sits between them. */
export async function sas(local: string, remote: string): Promise<string> {
  const ends = [fingerprints(local), fingerprints(remote)];
  const bytes = new TextEncoder().encode(ends.join('\n'));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash.slice(0, 8), (byte) => String(byte).padStart(3, '0')).join(' ');
}

/** The certificates that a description allows, each once. */
function fingerprints(sdp: string): string {
  const found = [...sdp.matchAll(/^a=fingerprint:(.+?)\s*$/gm)].map(([, value = '']) => value);
  return [...new Set(found)].toSorted().join(' ');
}
