import { ADOPTION_SETTINGS } from './adoption-settings.ts';
import type { Setting } from './setting.ts';
import { AUDIT_SETTINGS, CLIENT_SETTINGS, PASSWORD_SETTINGS, SERVER_SETTINGS, STORAGE_SETTINGS } from './server-settings.ts';
import { SIGN_IN_SETTINGS } from './sign-in-settings.ts';
import { COOKIE_SETTINGS, SESSION_SETTINGS } from './session-settings.ts';

/** All settings, by group. `.env.example` and apps/docs/reference/settings.md are generated from it. */
const GROUPS: Readonly<Record<string, Readonly<Record<string, Setting>>>> = {
  Sessions: SESSION_SETTINGS,
  'The session cookie': COOKIE_SETTINGS,
  Passwords: PASSWORD_SETTINGS,
  'Signing in': SIGN_IN_SETTINGS,
  'The server': SERVER_SETTINGS,
  Storage: STORAGE_SETTINGS,
  'Adopting sessions of an old app': ADOPTION_SETTINGS,
  'The audit trail': AUDIT_SETTINGS,
  'The command line': CLIENT_SETTINGS,
};

export interface SettingsTableRow {
  readonly group: string;
  readonly name: string;
  /** The default value. If `derived`, a description of it. */
  readonly default: string;
  readonly derived: boolean;
  readonly meaning: string;
  readonly hide: Setting['hide'];
}

export const SETTINGS_TABLE: readonly SettingsTableRow[] = Object.entries(GROUPS).flatMap(([group, settings]) =>
  Object.entries(settings).map(([name, { default: fallback, derived, meaning, hide }]) => ({
    group,
    name,
    default: fallback,
    derived,
    meaning,
    hide,
  })),
);
