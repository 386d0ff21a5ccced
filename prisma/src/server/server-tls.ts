import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { DatabaseOpenError } from '../database-open-error.ts';
import type { ServerUrl } from './server-url.ts';

/**
 * How the server's certificate is verified: a trusted authority and the host name, only the authority, or not at all, which only protects
 * against passive eavesdropping.
 */
type Check = 'host' | 'authority' | 'nothing';

/** The TLS parameters in the addresses of one kind of database. */
export interface TlsParameters {
  readonly mode: string;
  /** The possible values of `mode`. undefined means no TLS. */
  readonly checks: Readonly<Record<string, Check | undefined>>;
  /** Parameters that name a file. Any of them enables TLS. */
  readonly files: { readonly ca: string; readonly cert?: string; readonly key?: string };
}

/** As `tls.connect` takes them. */
export type ServerTls = ConnectionOptions & { readonly rejectUnauthorized: boolean };

/** How to verify the server's certificate; undefined if the address does not use TLS. @throws DatabaseOpenError */
export function tlsCheck(
  url: string,
  { parameters }: Pick<ServerUrl, 'parameters'>,
  { mode, checks, files }: TlsParameters,
): Check | undefined {
  const value = parameters.get(mode);
  if (value === undefined) return Object.values(files).some((name) => parameters.has(name)) ? 'host' : undefined;
  if (!Object.hasOwn(checks, value)) throw new DatabaseOpenError(url, `${mode} must be one of ${Object.keys(checks).join(', ')}.`);
  return checks[value];
}

/** Node's TLS options; undefined if the address does not use TLS. @throws DatabaseOpenError */
export function serverTls(url: string, address: ServerUrl, words: TlsParameters): ServerTls | undefined {
  const { host, parameters } = address;
  const { mode, files } = words;
  const check = tlsCheck(url, address, words);
  if (check === undefined) return undefined;
  const named = Object.entries(files).filter(([, name]) => parameters.has(name));
  // Without a named authority, a certificate of any public authority would be accepted for any host.
  if (check === 'authority' && !parameters.has(files.ca))
    throw new DatabaseOpenError(url, `${mode}=${parameters.get(mode)} needs the certificate authority: add ${files.ca}=/path/ca.pem.`);
  const contents = named.map(([option, name]) => [option, contentOf(url, name, parameters.get(name) ?? '')]);
  return {
    ...(Object.fromEntries(contents) as Pick<ConnectionOptions, 'ca' | 'cert' | 'key'>),
    // Without `host` and `servername`, Node verifies the name `localhost`. SNI does not allow IP addresses.
    host,
    ...(isIP(host) === 0 && { servername: host }),
    rejectUnauthorized: check !== 'nothing',
    ...(check !== 'host' && { checkServerIdentity: () => undefined }),
  };
}

function contentOf(url: string, parameter: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new DatabaseOpenError(url, `the file that ${parameter} names cannot be read: ${path}.`, { cause });
  }
}
