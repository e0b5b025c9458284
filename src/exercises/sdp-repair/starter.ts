/** What a description has to say of the connection that it is made for. */
interface Keys {
  readonly usernameFragment: string;
  readonly password: string;
  /** `B0:5E:…`, the SHA-256 of the certificate */
  readonly fingerprint: string;
}

/** @param sample ends its lines with \r\n */
export function repair(sample: string, { usernameFragment }: Keys): string {
  return `${sample}a=ice-ufrag:${usernameFragment}\r\n`;
}
