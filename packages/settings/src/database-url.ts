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

const MEND =
  'Write file: and a path, such as file:./data/gatehouse.db, or mysql://user:password@host/database, or postgresql://user:password@host/database.';

export interface DatabaseAddress {
  readonly provider: DatabaseProvider;
  readonly url: string;
}

/** Connection URLs hold passwords: no message shows the value. */
export const databaseUrlForm = z.string().transform((text, ctx): DatabaseAddress => {
  const scheme = /^[a-z]+:/i.exec(text)?.[0].toLowerCase() ?? '';
  const provider = PROVIDER_BY_SCHEME[scheme as keyof typeof PROVIDER_BY_SCHEME] as DatabaseProvider | undefined;
  if (!provider) return refuse(ctx, 'must begin with file:, mysql: (for MariaDB as well) or postgresql:.', MEND);
  if (provider !== 'sqlite') {
    const problem = serverProblem(text);
    return problem ? refuse(ctx, ...problem) : { provider, url: text };
  }
  if (/^file:(\/\/)?(:memory:|$)/.test(text)) {
    return refuse(ctx, 'must name a file: a database in memory is not shared by the server and the command line.', MEND);
  }
  if (text.startsWith('file://') && !isLocalFile(text)) return refuse(ctx, 'is not the address of a file on this machine.', MEND);
  if (text.includes('?')) return refuse(ctx, 'may not have parameters after a file name.', MEND);
  return { provider, url: text };
});

/** The absolute path of a `file:` URL; a relative one starts at the project root, wherever the program runs. */
export function databaseFile(url: string, projectRoot: string): string {
  if (url.startsWith('file://')) return fileURLToPath(url);
  const path = url.slice('file:'.length);
  return isAbsolute(path) ? path : resolve(projectRoot, path);
}

/** What the driver would stumble over, with its mend; the parameters are the driver's own to judge. */
function serverProblem(text: string): [problem: string, mend: string] | undefined {
  // Over a socket file there may be a user without a host, which URL does not take.
  const url = URL.parse(text.replace(/^([a-z]+:\/\/[^/?#]*@)\/(?=[^?#]+\?)/i, '$1localhost/'));
  if (!url)
    return ['is not an address.', 'Percent-encode the signs : / ? # @ % in the password (@ is %40), and write the port as a number.'];
  if (url.hash) return ['has a # in it.', 'In a password write %23 for #.'];
  const socket = ['socket', 'unix_socket', 'socketPath', 'host'].some((name) => url.searchParams.has(name));
  if (!url.hostname && !socket)
    return ['names no host.', 'Write mysql://user:password@host/database, or postgresql://user:password@host/database.'];
  if (!/^\/[^/]+$/.test(url.pathname)) return ['names no database.', 'Add its name after the host: …@host/gatehouse.'];
  try {
    decodeURIComponent(url.username + url.password + url.pathname);
    return undefined;
  } catch {
    return ['has a % that is not followed by two digits.', 'Write %25 for a percent sign.'];
  }
}

function isLocalFile(url: string): boolean {
  try {
    return fileURLToPath(url) !== '';
  } catch {
    return false;
  }
}
