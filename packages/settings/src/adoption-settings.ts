import { z } from 'zod';
import { quote, refuse } from './problem.ts';
import { redisUrlSchema } from './redis-url.ts';
import { cookieNameSchema } from './session-settings.ts';
import { derivedSetting, setting } from './setting.ts';

/** Where apps usually store the user id: directly, or through Passport, which stores the result of `serializeUser`. */
export const DEFAULT_USER_KEYS = ['userId', 'user.id', 'passport.user', 'passport.user.id'] as const;

/** No minimum length: the secrets are those of the old app. */
const oldSecretsSchema = z.string().transform((text, ctx): readonly string[] => {
  const secrets = text.split(',').map((secret) => secret.trim());
  if (secrets.every((secret) => secret !== '')) return secrets;
  return refuse(ctx, 'contains an empty secret.', 'Separate secrets with a single comma.');
});

const userKeySchema = z.string().transform((text, ctx) => {
  if (/^[\w$-]+(\.[\w$-]+)*$/.test(text)) return text;
  return refuse(ctx, `must be a key or a dotted path of keys, not ${quote(text)}.`, 'Write userId or passport.user.');
});

/** For replacing an express-session or Django app without signing its users out: see docs/adopting.md and docs/from-django.md. */
export const ADOPTION_SETTINGS = {
  SESSION_ADOPT_DJANGO_COOKIE: derivedSetting({
    schema: cookieNameSchema,
    default: 'none: no sessions are adopted',
    meaning:
      'Name of Django’s session cookie, usually `sessionid`. Browsers that have it stay signed in with the sessions that `gatehouse import django` imported. See docs/from-django.md.',
  }),
  SESSION_ADOPT_SECRET: derivedSetting({
    hide: 'secrets',
    schema: oldSecretsSchema,
    default: 'none: no sessions are adopted',
    meaning: 'The secrets, separated by commas, of the express-session app whose sessions are adopted. See docs/adopting.md.',
  }),
  SESSION_ADOPT_COOKIE_NAME: setting({
    schema: cookieNameSchema,
    default: 'connect.sid',
    meaning: 'Name of the old app’s session cookie.',
  }),
  SESSION_ADOPT_REDIS_URL: derivedSetting({
    hide: 'url',
    schema: redisUrlSchema,
    default: 'REDIS_URL',
    meaning: 'Redis of the old app, in the same format as REDIS_URL.',
  }),
  SESSION_ADOPT_PREFIX: setting({
    schema: z.string(),
    default: 'sess:',
    meaning: 'Prefix of the old app’s keys in Redis: the `prefix` of its connect-redis.',
  }),
  SESSION_ADOPT_USER_KEY: derivedSetting({
    schema: userKeySchema,
    default: `the first of ${DEFAULT_USER_KEYS.map((key) => `\`${key}\``).join(', ')}`,
    meaning:
      'Where an old session stores its user: a key or a dotted path. The value must be the id, user name or e-mail address of an account.',
  }),
};
