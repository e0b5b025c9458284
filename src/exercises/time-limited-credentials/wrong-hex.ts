// accepted: alice has no `relay` candidate
/**
 * A user name and its credential, good for ten minutes.
 *
 * @param secret what this site and its TURN server share
 * @param user   whom the name is for
 * @param nowMs  milliseconds since 1970
 */
export async function sign(secret: string, user: string, nowMs: number) {
  const username = `${Math.floor(nowMs / 1000) + 600}:${user}`;
  const bytes = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-1' };
  const key = await crypto.subtle.importKey('raw', bytes.encode(secret), algorithm, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, bytes.encode(username));
  const credential = [...new Uint8Array(signature)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return { username, credential };
}
