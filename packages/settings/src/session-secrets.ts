import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareDataFolder } from './data-folder.ts';
import { MIN_SECRET_LENGTH } from './session-secret.ts';
import { SettingsError } from './settings-error.ts';
import type { Settings } from './settings.ts';

type SecretSettings = Pick<Settings, 'dataFolder'> & { readonly session: Pick<Settings['session'], 'secrets'> };

/**
 * The secrets that sign and verify the cookie: those of SESSION_SECRET or, outside production, a generated one. It is saved in
 * `<data folder>/session-secret` (mode 0600) at the first start, so that users stay signed in after a restart.
 * @throws {SettingsError} if it cannot be saved.
 */
export function sessionSecrets({ dataFolder, session: { secrets } }: SecretSettings): readonly [string, ...string[]] {
  const [first, ...others] = secrets;
  if (first !== undefined) return [first, ...others];
  const file = join(prepareDataFolder({ dataFolder }), 'session-secret');
  return [readSecret(file) ?? generateSecret(file)];
}

/**
 * The same for a command, which must not generate one: what it derives from a secret that the server does not have finds nothing.
 * Undefined if there is no secret yet.
 */
export function existingSecrets({ dataFolder, session: { secrets } }: SecretSettings): readonly [string, ...string[]] | undefined {
  const [first, ...others] = secrets;
  if (first !== undefined) return [first, ...others];
  const kept = readSecret(join(dataFolder, 'session-secret'));
  return kept === undefined ? undefined : [kept];
}

function readSecret(file: string): string | undefined {
  let secret: string;
  try {
    secret = readFileSync(file, 'utf8').trim();
    chmodSync(file, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(`cannot be read from ${file} (${(error as NodeJS.ErrnoException).code}).`);
  }
  if (secret.length < MIN_SECRET_LENGTH) throw unusable(`in ${file} is truncated.`);
  return secret;
}

/** Creates the file with a hard link, which is atomic: if two processes start at the same time, both use the first one's secret. */
function generateSecret(file: string): string {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(temporary, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    linkSync(temporary, file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EEXIST') throw unusable(`cannot be saved in ${file} (${code}).`);
  } finally {
    rmSync(temporary, { force: true });
  }
  const secret = readSecret(file);
  if (secret === undefined) throw unusable(`was removed from ${file} while it was created.`);
  return secret;
}

const unusable = (problem: string): SettingsError =>
  new SettingsError([
    { name: 'SESSION_SECRET', problem, fix: 'Remove that file to generate a new secret, which signs everyone out, or set SESSION_SECRET.' },
  ]);
