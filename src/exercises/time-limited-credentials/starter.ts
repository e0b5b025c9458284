/**
 * A user name and its credential, good for ten minutes.
 *
 * @param secret what this site and its TURN server share
 * @param user   whom the name is for
 * @param nowMs  milliseconds since 1970
 */
export function sign(secret: string, user: string, nowMs: number) {
  const username = `${nowMs}:${user}`;
  const credential = secret;
  return { username, credential };
}
