import { z } from 'zod';
import { ADOPTION_SETTINGS } from './adoption-settings.ts';
import { AUDIT_SETTINGS, PASSWORD_SETTINGS, SERVER_SETTINGS, STORAGE_SETTINGS } from './server-settings.ts';
import type { Setting } from './setting.ts';
import { SIGN_IN_SETTINGS } from './sign-in-settings.ts';
import { COOKIE_SETTINGS, SESSION_SETTINGS } from './session-settings.ts';

/** The forms of a group, as a zod shape. */
function shapeOf<const Group extends Readonly<Record<string, Setting>>>(group: Group) {
  return Object.fromEntries(Object.entries(group).map(([name, { form }]) => [name, form])) as {
    [Name in keyof Group]: Group[Name]['form'];
  };
}

/** The settings as written, each by its own form. */
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
