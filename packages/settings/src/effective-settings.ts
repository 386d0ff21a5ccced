import { join } from 'node:path';
import { readClientSettings } from './client-settings.ts';
import { inspectEnv } from './inspect-settings.ts';
import { mistypedNames } from './mistyped-names.ts';
import type { Problem } from './problem.ts';
import type { Env } from './read-settings.ts';
import { existingSecrets } from './session-secrets.ts';
import { SettingsError } from './settings-error.ts';
import { SETTINGS_TABLE, type SettingsTableRow } from './settings-table.ts';
import type { Settings } from './settings.ts';
import { describeSecret, withoutPasswords } from './without-passwords.ts';

/** A setting as `gatehouse config` shows it. */
export interface EffectiveSetting {
  readonly group: string;
  readonly name: string;
  /** For people: secrets as `set (43 characters)`, URLs without passwords. null: not set. */
  readonly value: string | null;
  /** `derived`: the default, which depends on other settings. */
  readonly source: 'environment' | '.env' | 'default' | 'derived';
  /** `.env` has a value too, which the environment overrides. */
  readonly overridesFile: boolean;
  readonly isSecret: boolean;
}

export interface EffectiveSettings {
  /** An absolute path. The file may not exist. */
  readonly envFile: string;
  readonly settings: readonly EffectiveSetting[];
  readonly problems: readonly Problem[];
  /** Names in the environment that resemble a setting. They may belong to another program. */
  readonly similarNames: readonly Problem[];
}

interface Sources {
  readonly environment: Env;
  /** The names and values in `.env`. */
  readonly file: Env;
}

/** Every setting with its value and the source of the value, in the order of apps/docs/reference/settings.md. Never shows a secret. */
export function effectiveSettings(
  { environment, file }: Sources,
  { envFile, projectRoot, home }: { envFile: string; projectRoot: string; home: string },
): EffectiveSettings {
  const env = { ...file, ...environment };
  const { settings, problems } = inspectEnv(env, { projectRoot });
  const derived = settings === undefined ? {} : { ...derivedValues(settings), GATEHOUSE_URL: clientUrl(env, home) };
  return {
    envFile,
    settings: SETTINGS_TABLE.map((row) => effective(row, { environment, file }, derived)),
    problems,
    similarNames: mistypedNames(environment),
  };
}

function effective(row: SettingsTableRow, { environment, file }: Sources, derived: Readonly<Record<string, string | undefined>>) {
  const { group, name, default: fallback } = row;
  const isSecret = row.hide === 'secret' || row.hide === 'secrets';
  const about = { group, name, isSecret, overridesFile: false };
  // An empty value in the environment counts, too: it overrides the file, and the default applies.
  const isInEnvironment = environment[name] !== undefined;
  const given = (isInEnvironment ? environment[name] : file[name])?.trim();
  const overridesFile = isInEnvironment && Boolean(file[name]?.trim()) && file[name]?.trim() !== given;
  if (given) return { ...about, value: shown(row, given), source: isInEnvironment ? 'environment' : '.env', overridesFile } as const;
  if (!row.derived)
    return { ...about, value: name in derived ? (derived[name] ?? null) : fallback, source: 'default', overridesFile } as const;
  return { ...about, value: derived[name] ?? null, source: derived[name] === undefined ? 'default' : 'derived', overridesFile } as const;
}

function shown({ hide }: SettingsTableRow, value: string): string {
  if (hide === 'url') return withoutPasswords(value);
  if (hide === undefined) return value;
  if (hide === 'secret') return describeSecret(value);
  const secrets = value.split(',').map((secret) => describeSecret(secret.trim()));
  return secrets.length === 1 ? describeSecret(value) : `${secrets.length} secrets, ${secrets.join(', ')}`;
}

/** What applies if these settings are not set. A setting without an entry has no value then. */
function derivedValues(settings: Settings): Readonly<Record<string, string | undefined>> {
  const { session, server, database, dataFolder, environment } = settings;
  const { secure, name, path } = session.cookie;
  return {
    HOST: server.host,
    PUBLIC_URL: server.publicUrl + server.basePath,
    SHUTDOWN_DRAIN: String(server.shutdownDrainMs / 1000),
    GATEHOUSE_DATA_DIR: dataFolder,
    // A file: an address with a password is never derived.
    DATABASE_URL: database.url,
    SESSION_SECRET: environment === 'production' ? undefined : generatedSecret(settings),
    SESSION_COOKIE_NAME: name,
    SESSION_COOKIE_SECURE: `auto (${secure})`,
    SESSION_COOKIE_PATH: path,
    SESSION_ADOPT_REDIS_URL: settings.adoption && withoutPasswords(settings.adoption.redisUrl),
    SESSION_ADOPT_USER_KEY: settings.adoption?.userKeys.join(' or '),
  };
}

function generatedSecret(settings: Settings): string {
  const file = join(settings.dataFolder, 'session-secret');
  try {
    const [secret] = existingSecrets({ dataFolder: settings.dataFolder, session: { secrets: [] } }) ?? [];
    return secret === undefined ? `generated at the first start, in ${file}` : `${describeSecret(secret)}, in ${file}`;
  } catch (error) {
    if (error instanceof SettingsError) return `in ${file}, which is not usable`;
    throw error;
  }
}

/** undefined if a setting that it depends on is invalid, which is among the problems. */
function clientUrl(env: Env, home: string): string | undefined {
  try {
    return readClientSettings(env, { home }).url;
  } catch (error) {
    if (error instanceof SettingsError) return undefined;
    throw error;
  }
}
