import { ENGINE_NAMES } from '@gatehouse/session/registry';
import { z } from 'zod';
import { engineForm } from './engines.ts';
import { refuse, shown } from './problem.ts';
import { secretsForm } from './session-secret.ts';
import { derivedSetting, setting } from './setting.ts';
import { countForm, flagForm, secondsForm, waitForm } from './value-forms.ts';

/** How long sessions live and where. Names and meaning are Django's where Django has the setting. */
export const SESSION_SETTINGS = {
  SESSION_ENGINE: setting({
    form: engineForm,
    default: 'db',
    meaning: `Where sessions live: ${ENGINE_NAMES.map((name) => `\`${name}\``).join(', ')}.`,
  }),
  SESSION_COOKIE_AGE: setting({
    form: secondsForm({ min: 1 }),
    default: '1209600',
    meaning: 'Seconds until an unused session ends: two weeks.',
  }),
  SESSION_SAVE_EVERY_REQUEST: setting({
    form: flagForm,
    default: 'true',
    meaning: 'Each request restarts the age (sliding expiry). `false`: a session ends at its age, however often it is used.',
  }),
  SESSION_EXPIRE_AT_BROWSER_CLOSE: setting({
    form: flagForm,
    default: 'false',
    meaning: 'The cookie ends when the browser closes, unless the sign-in says otherwise (“Stay signed in”).',
  }),
  SESSION_ABSOLUTE_AGE: setting({
    form: secondsForm({ min: 1 }),
    default: '7776000',
    meaning: 'Seconds after sign-in until a session ends, even if it is in use: 90 days.',
  }),
  SESSION_ACTIVITY_INTERVAL: setting({
    form: secondsForm({ min: 0 }),
    default: '60',
    meaning: 'The last activity is stored at most once in this many seconds, so that most requests write nothing; 0: on every request.',
  }),
  SESSION_LIMIT_PER_USER: setting({
    form: countForm({ min: 0, max: 100_000 }),
    default: '100',
    meaning: 'Sessions that a user may have. A sign-in beyond that ends the least recently used; 0: any number.',
  }),
  SESSION_FRESH_AGE: setting({
    form: secondsForm({ min: 1 }),
    default: '600',
    meaning: 'Seconds after entering the password during which sensitive changes do not ask for it again.',
  }),
  SESSION_MAX_SIZE: setting({
    form: countForm({ min: 4096, max: 4_194_304 }),
    default: '262144',
    meaning:
      'Bytes of JSON that one session may hold: 256 KiB. Saving more is an error that names the largest keys, on every engine; the stored data stays.',
  }),
  SESSION_STORAGE_TIMEOUT: setting({
    form: waitForm({ min: 0.05 }),
    default: '2',
    meaning: 'Seconds to wait for the storage of sessions before a request is answered 503.',
  }),
  SESSION_PURGE_INTERVAL: setting({
    // A timer of Node's can wait for 24 days at most.
    form: secondsForm({ min: 0, max: 604_800 }),
    default: '3600',
    meaning: 'Seconds between removals of expired sessions from the storage, by one server for all; 0: only by `gatehouse clearsessions`.',
  }),
  SESSION_SECRET: derivedSetting({
    form: secretsForm,
    default: 'generated and kept in the data folder; required in production',
    meaning:
      'Signs the cookie: 32 random characters or more. Several, separated by commas: the first signs, all verify. Dropping one ends the sessions it signed.',
  }),
};

/** A cookie name as RFC 6265 takes it (an RFC 9110 token). */
export const cookieNameForm = z.string().transform((text, ctx) => {
  if (/^[\w!#$%&'*+.^`|~-]{1,64}$/.test(text)) return text;
  return refuse(ctx, `must be the name of a cookie, not ${shown(text)}.`, 'Write letters, digits, - and _ only.');
});

const cookiePathForm = z.string().transform((text, ctx) => {
  if (/^\/[!-:<-~]*$/.test(text)) return text;
  return refuse(ctx, `must be a path, not ${shown(text)}.`, 'Leave it out: it is / then.');
});

const cookieDomainForm = z.string().transform((text, ctx) => {
  // RFC 6265 5.2.3: browsers ignore a leading dot.
  const domain = text.toLowerCase().replace(/^\./, '');
  if (/^([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/.test(domain)) return domain;
  return refuse(
    ctx,
    `must be a domain, not ${shown(text)}.`,
    'Write a domain such as example.org, or leave it out: then only this host gets the cookie.',
  );
});

/** HttpOnly is not for choosing: Django's name is known so that `false` is refused with the reason. */
const httpOnlyForm = flagForm.transform((on, ctx) => {
  if (on) return true as const;
  return refuse(
    ctx,
    'may not be false: scripts could then read the cookie, and one injected script could carry every session away.',
    'Leave it out; ask auth.me who is signed in.',
  );
});

const sameSiteForm = z.string().transform((text, ctx): 'lax' | 'strict' | 'none' => {
  const word = text.toLowerCase();
  if (word === 'lax' || word === 'strict' || word === 'none') return word;
  return refuse(ctx, `must be Lax, Strict or None, not ${shown(text)}.`, 'Write Lax.');
});

const secureForm = z.string().transform((text, ctx): boolean | 'auto' => {
  if (text.toLowerCase() === 'auto') return 'auto';
  const flag = flagForm.safeParse(text);
  return flag.success ? flag.data : refuse(ctx, `must be auto, true or false, not ${shown(text)}.`, 'Write auto.');
});

export const COOKIE_SETTINGS = {
  SESSION_COOKIE_NAME: derivedSetting({
    form: cookieNameForm,
    default: '`__Host-sessionid` if the cookie is secure, has the path / and no domain; else `gatehouse.sid`',
    meaning: 'Name of the cookie, used as written. Browsers do not separate cookies by port: two apps on one host need two names.',
  }),
  SESSION_COOKIE_SECURE: setting({
    form: secureForm,
    default: 'auto',
    meaning: 'Browsers send the cookie over https only. `auto`: if PUBLIC_URL is https.',
  }),
  SESSION_COOKIE_SAMESITE: setting({
    form: sameSiteForm,
    default: 'Lax',
    meaning: '`Lax`, `Strict`, or `None`, which needs a secure cookie.',
  }),
  SESSION_COOKIE_DOMAIN: derivedSetting({
    form: cookieDomainForm,
    default: 'none: this host only',
    meaning: 'A domain whose hosts all get the cookie.',
  }),
  SESSION_COOKIE_PATH: setting({ form: cookiePathForm, default: '/', meaning: 'The path below which browsers send the cookie.' }),
  SESSION_COOKIE_HTTPONLY: setting({
    form: httpOnlyForm,
    default: 'true',
    meaning: 'Scripts cannot read the cookie. Always true; `false` is refused.',
  }),
};
