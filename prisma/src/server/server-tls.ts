import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { DatabaseOpenError } from '../database-open-error.ts';
import type { ServerUrl } from './server-url.ts';

/**
 * What a server's certificate is held to: an authority that we trust and the host of the address, the authority alone,
 * or nothing, which keeps out those who only listen.
 */
type Check = 'host' | 'authority' | 'nothing';

/** How the address of one kind of database asks for TLS. */
export interface TlsWords {
  readonly mode: string;
  /** What `mode` may say. undefined: no TLS. */
  readonly checks: Readonly<Record<string, Check | undefined>>;
  /** The files that may be named. One that is named asks for TLS by itself. */
  readonly files: { readonly ca: string; readonly cert?: string; readonly key?: string };
}

/** As `tls.connect` takes them. */
export type ServerTls = ConnectionOptions & { readonly rejectUnauthorized: boolean };

/** What the server's certificate is held to; undefined where the address asks for no TLS. Throws DatabaseOpenError. */
export function tlsCheck(url: string, { parameters }: Pick<ServerUrl, 'parameters'>, { mode, checks, files }: TlsWords): Check | undefined {
  const word = parameters.get(mode);
  if (word === undefined) return Object.values(files).some((name) => parameters.has(name)) ? 'host' : undefined;
  if (!Object.hasOwn(checks, word)) throw new DatabaseOpenError(url, `${mode} must be one of ${Object.keys(checks).join(', ')}.`);
  return checks[word];
}

/** Node's options for TLS, or undefined where the address asks for none. Throws DatabaseOpenError. */
export function serverTls(url: string, address: ServerUrl, words: TlsWords): ServerTls | undefined {
  const { host, parameters } = address;
  const { mode, files } = words;
  const check = tlsCheck(url, address, words);
  if (check === undefined) return undefined;
  const named = Object.entries(files).filter(([, name]) => parameters.has(name));
  // Without it, any server that has a certificate of some public authority would do.
  if (check === 'authority' && !parameters.has(files.ca))
    throw new DatabaseOpenError(
      url,
      `${mode}=${parameters.get(mode)} needs the authority to hold the server to: add ${files.ca}=/path/ca.pem.`,
    );
  const contents = named.map(([option, name]) => [option, contentOf(url, name, parameters.get(name) ?? '')]);
  return {
    ...(Object.fromEntries(contents) as Pick<ConnectionOptions, 'ca' | 'cert' | 'key'>),
    // Where neither is there, Node checks for the name `localhost`; an IP address may not be asked for by SNI.
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
