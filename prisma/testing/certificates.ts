import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificates {
  /** The certificate authority that clients must trust. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** Creates PEM files in the folder: a new certificate authority, and a certificate for the names, such as `DNS:localhost`. */
export function makeCertificates(folder: string, { names }: { names: string }): Certificates {
  const at = (name: string): string => join(folder, name);
  const [ca, caKey, request, certificate, key] = ['ca.pem', 'ca-key.pem', 'request.pem', 'certificate.pem', 'key.pem'].map(at) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const ecKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  writeFileSync(at('names'), `subjectAltName=${names}`);
  openssl(['req', '-x509', ...ecKey, '-days', '2', '-subj', '/CN=Gatehouse test authority', '-keyout', caKey, '-out', ca]);
  openssl(['req', ...ecKey, '-subj', '/CN=database', '-keyout', key, '-out', request]);
  openssl(['x509', '-req', '-days', '2', '-in', request, '-CA', ca, '-CAkey', caKey, '-extfile', at('names'), '-out', certificate]);
  // PostgreSQL rejects a key that other users can read.
  chmodSync(key, 0o600);
  return { ca, certificate, key };
}

function openssl(args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
}
