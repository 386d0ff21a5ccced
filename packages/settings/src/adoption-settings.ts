import { z } from 'zod';
import { refuse, shown } from './problem.ts';
import { redisUrlForm } from './redis-url-form.ts';
import { cookieNameForm } from './session-settings.ts';
import { derivedSetting, setting } from './setting.ts';

/** Where apps put their user: by hand, or through Passport, which keeps what `serializeUser` gave it. */
export const USUAL_USER_KEYS = ['userId', 'user.id', 'passport.user', 'passport.user.id'] as const;

/** Of the old app, whose secrets may be short: they only have to be what they were. */
const oldSecretsForm = z.string().transform((text, ctx): readonly string[] => {
  const secrets = text.split(',').map((secret) => secret.trim());
  if (secrets.every((secret) => secret !== '')) return secrets;
  return refuse(ctx, 'has an empty secret among others.', 'Write the secrets with one comma between two.');
});

const userKeyForm = z.string().transform((text, ctx) => {
  if (/^[\w$-]+(\.[\w$-]+)*$/.test(text)) return text;
  return refuse(ctx, `must be a key or a dotted path of keys, not ${shown(text)}.`, 'Write userId or passport.user.');
});

/** For the while in which Gatehouse takes the place of an express-session app: see docs/adopting.md. */
export const ADOPTION_SETTINGS = {
  SESSION_ADOPT_DJANGO_COOKIE: derivedSetting({
    form: cookieNameForm,
    default: 'none: nothing is adopted',
    meaning:
      'Name of Django’s cookie, usually `sessionid`: browsers that have it keep the sessions that `gatehouse import django` imported. See docs/from-django.md.',
  }),
  SESSION_ADOPT_SECRET: derivedSetting({
    form: oldSecretsForm,
    default: 'none: nothing is adopted',
    meaning: 'The secret, or several with commas, of the express-session app whose sessions are adopted: see docs/adopting.md.',
  }),
  SESSION_ADOPT_COOKIE_NAME: setting({ form: cookieNameForm, default: 'connect.sid', meaning: 'Name of the old app’s cookie.' }),
  SESSION_ADOPT_REDIS_URL: derivedSetting({
    form: redisUrlForm,
    default: 'REDIS_URL',
    meaning: 'Redis of the old app, in the forms of REDIS_URL.',
  }),
  SESSION_ADOPT_PREFIX: setting({
    form: z.string(),
    default: 'sess:',
    meaning: 'What the old app’s keys in Redis begin with: the `prefix` of its connect-redis.',
  }),
  SESSION_ADOPT_USER_KEY: derivedSetting({
    form: userKeyForm,
    default: `the first of ${USUAL_USER_KEYS.map((key) => `\`${key}\``).join(', ')}`,
    meaning:
      'Where an old session holds its user: a key, or a dotted path. Its value is the id, user name or e-mail address of an account here.',
  }),
};
