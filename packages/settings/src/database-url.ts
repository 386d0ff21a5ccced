import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { refuse } from './problem.ts';

const PROVIDER_BY_SCHEME = {
  'file:': 'sqlite',
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
  'postgresql:': 'postgresql',
  'postgres:': 'postgresql',
} as const;

export type DatabaseProvider = (typeof PROVIDER_BY_SCHEME)[keyof typeof PROVIDER_BY_SCHEME];

const FIX =
  'Write file: and a path, such as file:./data/gatehouse.db, or mysql://user:password@host/database, or postgresql://user:password@host/database.';

export interface DatabaseAddress {
  readonly provider: DatabaseProvider;
  readonly url: string;
}

/** Connection URLs can contain passwords, so messages never show the value. */
export const databaseUrlSchema = z.string().transform((text, ctx): DatabaseAddress => {
  const scheme = /^[a-z]+:/i.exec(text)?.[0].toLowerCase() ?? '';
  const provider = PROVIDER_BY_SCHEME[scheme as keyof typeof PROVIDER_BY_SCHEME] as DatabaseProvider | undefined;
  if (!provider) return refuse(ctx, 'must begin with file:, mysql: (for MariaDB as well) or postgresql:.', FIX);
  if (provider !== 'sqlite') {
    const problem = serverProblem(text);
    return problem ? refuse(ctx, ...problem) : { provider, url: text };
  }
  if (/^file:(\/\/)?(:memory:|$)/.test(text)) {
    return refuse(ctx, 'must be a file: the server and the command line cannot share an in-memory database.', FIX);
  }
  if (text.startsWith('file://') && !isLocalFile(text)) return refuse(ctx, 'is not a file on this machine.', FIX);
  if (text.includes('?')) return refuse(ctx, 'must not have parameters after the file name.', FIX);
  return { provider, url: text };
});

/** The absolute path of a `file:` URL. A relative path is relative to the project root, not to the working directory. */
export function databaseFile(url: string, projectRoot: string): string {
  if (url.startsWith('file://')) return fileURLToPath(url);
  const path = url.slice('file:'.length);
  return isAbsolute(path) ? path : resolve(projectRoot, path);
}

/** Checks the parts of a server URL. The driver validates the query parameters. */
function serverProblem(text: string): [problem: string, fix: string] | undefined {
  // For a socket file, the URL may have a user but no host, which `URL` rejects.
  const url = URL.parse(text.replace(/^([a-z]+:\/\/[^/?#]*@)\/(?=[^?#]+\?)/i, '$1localhost/'));
  if (!url) return ['is not a valid URL.', 'Percent-encode : / ? # @ % in the password (@ is %40), and write the port as a number.'];
  if (url.hash) return ['contains a #.', 'In a password, write %23 for #.'];
  const socket = ['socket', 'unix_socket', 'socketPath', 'host'].some((name) => url.searchParams.has(name));
  if (!url.hostname && !socket)
    return ['contains no host.', 'Write mysql://user:password@host/database, or postgresql://user:password@host/database.'];
  if (!/^\/[^/]+$/.test(url.pathname)) return ['contains no database name.', 'Add it after the host: …@host/gatehouse.'];
  try {
    decodeURIComponent(url.username + url.password + url.pathname);
    return undefined;
  } catch {
    return ['contains a % that is not followed by two hexadecimal digits.', 'Write %25 for a percent sign.'];
  }
}

function isLocalFile(url: string): boolean {
  try {
    return fileURLToPath(url) !== '';
  } catch {
    return false;
  }
}
