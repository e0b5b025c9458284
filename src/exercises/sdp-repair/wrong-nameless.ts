// lines: Missing: `a=mid`
/** What a description has to say of the connection that it is made for. */
interface Keys {
  readonly usernameFragment: string;
  readonly password: string;
  /** `B0:5E:…`, the SHA-256 of the certificate */
  readonly fingerprint: string;
}

/** @param sample ends its lines with \r\n */
export function repair(sample: string, { usernameFragment, password, fingerprint }: Keys): string {
  const more = [
    `a=ice-ufrag:${usernameFragment}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=setup:actpass',
    'a=rtcp-mux',
    '',
  ];
  return sample.replace('RTP/AVP', 'UDP/TLS/RTP/SAVPF') + more.join('\r\n');
}
