export { readClientSettings, type ClientSettings, type SuperuserSettings } from './client-settings.ts';
export { prepareDataFolder } from './data-folder.ts';
export type { DatabaseProvider } from './database-url.ts';
export type { EffectiveSetting, EffectiveSettings } from './effective-settings.ts';
export { describeSecret, withoutPasswords } from './without-passwords.ts';
export { inspectEnv, type SettingsReading } from './inspect-settings.ts';
export { lifetimesOf } from './lifetimes.ts';
export {
  childEnvironment,
  inspectSettings,
  loadClientSettings,
  loadEffectiveSettings,
  loadImportUrl,
  loadSettings,
  loadSuperuserSettings,
  takeVariables,
} from './load-settings.ts';
export type { Problem } from './problem.ts';
export { isLoopback } from './public-url.ts';
export { readSettings, type Env } from './read-settings.ts';
export { existingSecrets, sessionSecrets } from './session-secrets.ts';
export { SettingsError } from './settings-error.ts';
export {
  withPort,
  type AdoptionSettings,
  type CookieSettings,
  type HstsSettings,
  type MetricsSettings,
  type DatabaseSettings,
  type ServerSettings,
  type SessionSettings,
  type SignInSettings,
  type Settings,
} from './settings.ts';
export { SETTINGS_TABLE, type SettingsTableRow } from './settings-table.ts';
export type { TrustProxy } from './trust-proxy.ts';
