import { z } from 'zod';
import { ADOPTION_SETTINGS } from './adoption-settings.ts';
import { AUDIT_SETTINGS, PASSWORD_SETTINGS, SERVER_SETTINGS, STORAGE_SETTINGS } from './server-settings.ts';
import type { Setting } from './setting.ts';
import { SIGN_IN_SETTINGS } from './sign-in-settings.ts';
import { COOKIE_SETTINGS, SESSION_SETTINGS } from './session-settings.ts';

/** The schemas of a group of settings as a zod shape. */
function shapeOf<const Group extends Readonly<Record<string, Setting>>>(group: Group) {
  return Object.fromEntries(Object.entries(group).map(([name, { schema }]) => [name, schema])) as {
    [Name in keyof Group]: Group[Name]['schema'];
  };
}

/** All settings of the server, each with its own schema. */
export const envValuesSchema = z.object({
  ...shapeOf(SESSION_SETTINGS),
  ...shapeOf(COOKIE_SETTINGS),
  ...shapeOf(PASSWORD_SETTINGS),
  ...shapeOf(SIGN_IN_SETTINGS),
  ...shapeOf(SERVER_SETTINGS),
  ...shapeOf(STORAGE_SETTINGS),
  ...shapeOf(ADOPTION_SETTINGS),
  ...shapeOf(AUDIT_SETTINGS),
});
export type EnvValues = z.infer<typeof envValuesSchema>;
