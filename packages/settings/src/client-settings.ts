import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { asProblem, asWritten, type Env } from './read-settings.ts';
import { CLIENT_SETTINGS, SERVER_SETTINGS } from './server-settings.ts';
import { SettingsError } from './settings-error.ts';

/** Where a client of a Gatehouse server finds it, and keeps its own things. */
export interface ClientSettings {
  /** The server's origin. */
  readonly url: string;
  /** Absolute: `$XDG_CONFIG_HOME/gatehouse`, or `.config/gatehouse` in the home folder. */
  readonly configFolder: string;
  /** `DEBUG` is set: errors may show where they came from. */
  readonly debug: boolean;
}

const clientEnvSchema = z.object({
  GATEHOUSE_URL: CLIENT_SETTINGS.GATEHOUSE_URL.form,
  PUBLIC_URL: SERVER_SETTINGS.PUBLIC_URL.form,
  PORT: SERVER_SETTINGS.PORT.form,
  XDG_CONFIG_HOME: z.string().optional(),
  DEBUG: z.string().optional(),
});

const importEnvSchema = z.object({ GATEHOUSE_IMPORT_URL: CLIENT_SETTINGS.GATEHOUSE_IMPORT_URL.form });

/** The database that `gatehouse import` reads; undefined: not set. @throws {SettingsError}, whose message does not show the value */
export function readImportUrl(env: Env): string | undefined {
  const result = importEnvSchema.safeParse(asWritten(env, Object.keys(importEnvSchema.shape)));
  if (!result.success) throw new SettingsError(result.error.issues.map(asProblem));
  return result.data.GATEHOUSE_IMPORT_URL?.url;
}

/** @throws {SettingsError} */
export function readClientSettings(env: Env, { home }: { home: string }): ClientSettings {
  const result = clientEnvSchema.safeParse(asWritten(env, Object.keys(clientEnvSchema.shape)));
  if (!result.success) throw new SettingsError(result.error.issues.map(asProblem));
  const { GATEHOUSE_URL: given, PUBLIC_URL: own, PORT: port, XDG_CONFIG_HOME: xdg, DEBUG: debug } = result.data;
  // The XDG specification: a relative path is to be ignored.
  const base = xdg && isAbsolute(xdg) ? xdg : join(home, '.config');
  return { url: (given ?? own)?.origin ?? `http://localhost:${port}`, configFolder: join(base, 'gatehouse'), debug: debug !== undefined };
}
