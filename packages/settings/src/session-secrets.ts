import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareDataFolder } from './data-folder.ts';
import { MIN_SECRET_LENGTH } from './session-secret.ts';
import { SettingsError } from './settings-error.ts';
import type { Settings } from './settings.ts';

type Needed = Pick<Settings, 'dataFolder'> & { readonly session: Pick<Settings['session'], 'secrets'> };

/**
 * The secrets that sign and verify the cookie: those of SESSION_SECRET, or, outside production, one that is made
 * at the first start and kept in `<data folder>/session-secret` (mode 0600), so that a restart signs nobody out.
 * @throws {SettingsError} if it cannot be kept.
 */
export function sessionSecrets({ dataFolder, session: { secrets } }: Needed): readonly [string, ...string[]] {
  const [first, ...others] = secrets;
  if (first !== undefined) return [first, ...others];
  const file = join(prepareDataFolder({ dataFolder }), 'session-secret');
  return [keptSecret(file) ?? makeSecret(file)];
}

function keptSecret(file: string): string | undefined {
  let secret: string;
  try {
    secret = readFileSync(file, 'utf8').trim();
    chmodSync(file, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(`cannot be read from ${file} (${(error as NodeJS.ErrnoException).code}).`);
  }
  if (secret.length < MIN_SECRET_LENGTH) throw unusable(`kept in ${file} is cut short.`);
  return secret;
}

/** A link appears whole or not at all, and only once: of two processes that start together, both use the winner's. */
function makeSecret(file: string): string {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    linkSync(draft, file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EEXIST') throw unusable(`cannot be kept in ${file} (${code}).`);
  } finally {
    rmSync(draft, { force: true });
  }
  const secret = keptSecret(file);
  if (secret === undefined) throw unusable(`was removed from ${file} while it was made.`);
  return secret;
}

const unusable = (problem: string): SettingsError =>
  new SettingsError([
    { name: 'SESSION_SECRET', problem, mend: 'Remove that file to have a new one made, which signs everyone out, or set SESSION_SECRET.' },
  ]);
