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

/** Add a provider here once its driver and its migrations are there. */
const AVAILABLE: ReadonlySet<DatabaseProvider> = new Set<DatabaseProvider>(['sqlite']);

const MEND = 'Write file: and a path, such as file:./data/gatehouse.db.';

export interface DatabaseAddress {
  readonly provider: DatabaseProvider;
  readonly url: string;
}

/** Connection URLs hold passwords: no message shows the value. */
export const databaseUrlForm = z.string().transform((text, ctx): DatabaseAddress => {
  const scheme = /^[a-z]+:/i.exec(text)?.[0].toLowerCase() ?? '';
  const provider = PROVIDER_BY_SCHEME[scheme as keyof typeof PROVIDER_BY_SCHEME] as DatabaseProvider | undefined;
  if (!provider) return refuse(ctx, 'must begin with file:, mysql: or postgresql:.', MEND);
  if (!AVAILABLE.has(provider)) {
    return refuse(ctx, `asks for ${provider}, which this version cannot use yet; it has ${[...AVAILABLE].join(', ')}.`, MEND);
  }
  if (provider === 'sqlite' && /^file:(\/\/)?(:memory:|$)/.test(text)) {
    return refuse(ctx, 'must name a file: a database in memory is not shared by the server and the command line.', MEND);
  }
  if (provider === 'sqlite' && text.startsWith('file://') && !isLocalFile(text))
    return refuse(ctx, 'is not the address of a file on this machine.', MEND);
  if (provider === 'sqlite' && text.includes('?')) return refuse(ctx, 'may not have parameters after a file name.', MEND);
  return { provider, url: text };
});

/** The absolute path of a `file:` URL; a relative one starts at the project root, wherever the program runs. */
export function databaseFile(url: string, projectRoot: string): string {
  if (url.startsWith('file://')) return fileURLToPath(url);
  const path = url.slice('file:'.length);
  return isAbsolute(path) ? path : resolve(projectRoot, path);
}

function isLocalFile(url: string): boolean {
  try {
    return fileURLToPath(url) !== '';
  } catch {
    return false;
  }
}
