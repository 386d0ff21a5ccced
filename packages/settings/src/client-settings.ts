import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { toProblem, readNames, type Env } from './read-settings.ts';
import { CLIENT_SETTINGS, SERVER_SETTINGS } from './server-settings.ts';
import { basePathOf } from './public-url.ts';
import { SettingsError } from './settings-error.ts';

/** Settings of the command-line client. */
export interface ClientSettings {
  /** The server's address, without a trailing slash. */
  readonly url: string;
  /** Absolute: `$XDG_CONFIG_HOME/gatehouse`, or `.config/gatehouse` in the home folder. */
  readonly configFolder: string;
  /** `DEBUG` is set: errors include a stack trace. */
  readonly debug: boolean;
}

const clientEnvSchema = z.object({
  GATEHOUSE_URL: CLIENT_SETTINGS.GATEHOUSE_URL.schema,
  PUBLIC_URL: SERVER_SETTINGS.PUBLIC_URL.schema,
  PORT: SERVER_SETTINGS.PORT.schema,
  XDG_CONFIG_HOME: z.string().optional(),
  DEBUG: z.string().optional(),
});

const importEnvSchema = z.object({ GATEHOUSE_IMPORT_URL: CLIENT_SETTINGS.GATEHOUSE_IMPORT_URL.schema });

/** The database that `gatehouse import` reads; undefined if not set. @throws {SettingsError} without the value in its message */
export function readImportUrl(env: Env): string | undefined {
  const result = importEnvSchema.safeParse(readNames(env, Object.keys(importEnvSchema.shape)));
  if (!result.success) throw new SettingsError(result.error.issues.map(toProblem));
  return result.data.GATEHOUSE_IMPORT_URL?.url;
}

/** What the environment says about the first administrator. */
export interface SuperuserSettings {
  readonly username: string | undefined;
  readonly email: string | undefined;
  readonly password: string | undefined;
}

export const readSuperuserSettings = (env: Env): SuperuserSettings => ({
  username: env['GATEHOUSE_SUPERUSER_USERNAME']?.trim() || undefined,
  email: env['GATEHOUSE_SUPERUSER_EMAIL']?.trim() || undefined,
  // Not trimmed: spaces at its ends are part of a password.
  password: env['GATEHOUSE_SUPERUSER_PASSWORD'] || undefined,
});

/** @throws {SettingsError} */
export function readClientSettings(env: Env, { home }: { home: string }): ClientSettings {
  const result = clientEnvSchema.safeParse(readNames(env, Object.keys(clientEnvSchema.shape)));
  if (!result.success) throw new SettingsError(result.error.issues.map(toProblem));
  const { GATEHOUSE_URL: given, PUBLIC_URL: own, PORT: port, XDG_CONFIG_HOME: xdg, DEBUG: debug } = result.data;
  // The XDG specification says to ignore a relative path.
  const base = xdg && isAbsolute(xdg) ? xdg : join(home, '.config');
  const server = given ?? own;
  const url = server ? server.origin + basePathOf(server) : `http://localhost:${port}`;
  return { url, configFolder: join(base, 'gatehouse'), debug: debug !== undefined };
}
