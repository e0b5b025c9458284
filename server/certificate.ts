import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { generate } from 'selfsigned';
import { keepFile } from './state.ts';

export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 86_400_000;
/** Safari refuses server certificates that are valid for longer than 825 days; people replace this one earlier. */
const LIFETIME_MS = 365 * DAY_MS;

/**
 * A self-signed certificate for the names and addresses under which this machine is reached.
 *
 * A browser gives the camera to `https:` pages only, so a phone needs it; the phone asks once whether to trust
 * it. It is kept, so that it asks once and not at each start, and made anew in its last day or when an address
 * is missing.
 *
 * @param names host names and addresses, `localhost` and `127.0.0.1` among them
 */
export async function keepCertificate(
  stateDir: string,
  names: readonly string[],
): Promise<KeyAndCertificate> {
  const text = await keepFile(
    stateDir,
    'self-signed.pem',
    (pem) => covers(split(pem).cert, names),
    async () => {
      const { private: key, cert } = await generate([{ name: 'commonName', value: 'Peerscope' }], {
        keyType: 'ec',
        algorithm: 'sha256',
        // A clock that goes a little wrong, as on phones, must not see it as not yet valid.
        notBeforeDate: new Date(Date.now() - DAY_MS),
        notAfterDate: new Date(Date.now() + LIFETIME_MS),
        extensions: [
          { name: 'basicConstraints', cA: false, critical: true },
          { name: 'keyUsage', digitalSignature: true, critical: true },
          { name: 'extKeyUsage', serverAuth: true },
          {
            name: 'subjectAltName',
            altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
          },
        ],
      });
      return `${key.trim()}\n${cert.trim()}\n`;
    },
  );
  return split(text);
}

function split(pem: string): KeyAndCertificate {
  const at = pem.indexOf('-----BEGIN CERTIFICATE-----');
  return { key: pem.slice(0, Math.max(at, 0)), cert: pem.slice(Math.max(at, 0)) };
}

function covers(cert: string, names: readonly string[]): boolean {
  try {
    const certificate = new X509Certificate(cert);
    if (Date.parse(certificate.validTo) < Date.now() + DAY_MS) return false;
    return names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)));
  } catch {
    return false;
  }
}
