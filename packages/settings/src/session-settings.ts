import { ENGINE_NAMES, type EngineName } from '@gatehouse/session/registry';
import { z } from 'zod';
import { quote, refuse } from './problem.ts';
import { secretsSchema } from './session-secret.ts';
import { derivedSetting, setting } from './setting.ts';
import { countSchema, flagSchema, secondsSchema, timeoutSchema } from './value-schemas.ts';

const engineSchema = z.string().transform((text, ctx): EngineName => {
  const engine = ENGINE_NAMES.find((known) => known === text.toLowerCase());
  return engine ?? refuse(ctx, `must be one of ${ENGINE_NAMES.join(', ')}, not ${quote(text)}.`, `Write ${ENGINE_NAMES.join(' or ')}.`);
});

/** Session lifetimes and storage. Settings that Django has as well have Django's names and meanings. */
export const SESSION_SETTINGS = {
  SESSION_ENGINE: setting({
    schema: engineSchema,
    default: 'db',
    meaning: `Where sessions are stored: ${ENGINE_NAMES.map((name) => `\`${name}\``).join(', ')}.`,
  }),
  SESSION_COOKIE_AGE: setting({
    schema: secondsSchema({ min: 1 }),
    default: '1209600',
    meaning: 'Seconds until an unused session expires: two weeks.',
  }),
  SESSION_SAVE_EVERY_REQUEST: setting({
    schema: flagSchema,
    default: 'true',
    meaning:
      'Each request extends the session (sliding expiration). `false`: a session expires after SESSION_COOKIE_AGE, even if it is used.',
  }),
  SESSION_EXPIRE_AT_BROWSER_CLOSE: setting({
    schema: flagSchema,
    default: 'false',
    meaning: 'The session ends when the browser closes, unless the user chooses “Stay signed in”.',
  }),
  SESSION_ABSOLUTE_AGE: setting({
    schema: secondsSchema({ min: 1 }),
    default: '7776000',
    meaning: 'Seconds after sign-in until a session expires, even if it is used: 90 days.',
  }),
  SESSION_ACTIVITY_INTERVAL: setting({
    schema: secondsSchema({ min: 0 }),
    default: '60',
    meaning:
      'Minimum seconds between two updates of a session’s last activity, so that most requests write nothing. 0: update on every request. At most a tenth of an age that `setExpiry` has set.',
  }),
  SESSION_LIMIT_PER_USER: setting({
    schema: countSchema({ min: 0, max: 100_000 }),
    default: '100',
    meaning: 'Maximum number of sessions per user. A sign-in beyond that ends the least recently used session. 0: no limit.',
  }),
  SESSION_FRESH_AGE: setting({
    schema: secondsSchema({ min: 1 }),
    default: '600',
    meaning: 'Seconds after entering the password during which sensitive changes do not ask for it again.',
  }),
  SESSION_MAX_SIZE: setting({
    schema: countSchema({ min: 4096, max: 4_194_304 }),
    default: '262144',
    meaning:
      'Maximum size of a session’s data, in bytes of JSON: 256 KiB. Saving more is an error that lists the largest keys, and the stored data stays unchanged.',
  }),
  SESSION_BEARER: setting({
    schema: flagSchema,
    default: 'false',
    meaning:
      'Mobile apps and scripts can get their session as a token and send it as `Authorization: Bearer …`, without cookies. Needed only by such clients.',
  }),
  SESSION_STORAGE_TIMEOUT: setting({
    schema: timeoutSchema({ min: 0.05 }),
    default: '2',
    meaning: 'Seconds to wait for the session storage before a request fails with 503.',
  }),
  SESSION_NEAR_CACHE: setting({
    schema: countSchema({ min: 0, max: 1_000_000 }),
    default: '0',
    meaning:
      'Number of sessions that each server keeps in memory, so that most requests do not ask Redis. Only for SESSION_ENGINE=redis on a single Redis server. 0: none.',
  }),
  SESSION_PURGE_INTERVAL: setting({
    // Node's timers can wait for at most 24 days.
    schema: secondsSchema({ min: 0, max: 604_800 }),
    default: '3600',
    meaning: 'Seconds between purges of expired sessions. One server purges for all. 0: only by `gatehouse clearsessions`.',
  }),
  SESSION_SECRET: derivedSetting({
    hide: 'secrets',
    schema: secretsSchema,
    default: 'generated and saved in the data folder; required in production',
    meaning:
      'Signs the cookie: at least 32 random characters. Several, separated by commas: the first one signs, all verify. Removing one ends the sessions that it signed.',
  }),
};

/** A cookie name: an RFC 9110 token (RFC 6265, 4.1.1). */
export const cookieNameSchema = z.string().transform((text, ctx) => {
  if (/^[\w!#$%&'*+.^`|~-]{1,64}$/.test(text)) return text;
  return refuse(ctx, `must be the name of a cookie, not ${quote(text)}.`, 'Use only letters, digits, - and _.');
});

const cookiePathSchema = z.string().transform((text, ctx) => {
  if (/^\/[!-:<-~]*$/.test(text)) return text;
  return refuse(ctx, `must be a path, not ${quote(text)}.`, 'Remove it to use the default, /.');
});

const cookieDomainSchema = z.string().transform((text, ctx) => {
  // Browsers ignore a leading dot (RFC 6265, 5.2.3).
  const domain = text.toLowerCase().replace(/^\./, '');
  if (/^([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/.test(domain)) return domain;
  return refuse(
    ctx,
    `must be a domain, not ${quote(text)}.`,
    'Write a domain such as example.org, or remove it: then only this host gets the cookie.',
  );
});

/** The setting exists because Django has it. It cannot be turned off, and the message says why. */
const httpOnlySchema = flagSchema.transform((on, ctx) => {
  if (on) return true as const;
  return refuse(
    ctx,
    'must not be false: scripts could then read the cookie, and an injected script could steal sessions.',
    'Remove it. Scripts can find out who is signed in with auth.me.',
  );
});

const sameSiteSchema = z.string().transform((text, ctx): 'lax' | 'strict' | 'none' => {
  const word = text.toLowerCase();
  if (word === 'lax' || word === 'strict' || word === 'none') return word;
  return refuse(ctx, `must be Lax, Strict or None, not ${quote(text)}.`, 'Write Lax.');
});

const secureSchema = z.string().transform((text, ctx): boolean | 'auto' => {
  if (text.toLowerCase() === 'auto') return 'auto';
  const flag = flagSchema.safeParse(text);
  return flag.success ? flag.data : refuse(ctx, `must be auto, true or false, not ${quote(text)}.`, 'Write auto.');
});

export const COOKIE_SETTINGS = {
  SESSION_COOKIE_NAME: derivedSetting({
    schema: cookieNameSchema,
    default: '`__Host-sessionid` if the cookie is secure, with path / and no domain; else `gatehouse.sid`',
    meaning: 'Name of the cookie. Browsers do not separate cookies by port, so two apps on the same host need different names.',
  }),
  SESSION_COOKIE_SECURE: setting({
    schema: secureSchema,
    default: 'auto',
    meaning: 'Browsers send the cookie only over https. `auto`: true if PUBLIC_URL is https.',
  }),
  SESSION_COOKIE_SAMESITE: setting({
    schema: sameSiteSchema,
    default: 'Lax',
    meaning: '`Lax`, `Strict`, or `None`, which requires a secure cookie.',
  }),
  SESSION_COOKIE_DOMAIN: derivedSetting({
    schema: cookieDomainSchema,
    default: 'none: this host only',
    meaning: 'All hosts of this domain get the cookie.',
  }),
  SESSION_COOKIE_PATH: derivedSetting({
    schema: cookiePathSchema,
    default: 'the path of PUBLIC_URL, or `/`',
    meaning: 'Browsers send the cookie only to this path and its subpaths.',
  }),
  SESSION_COOKIE_HTTPONLY: setting({
    schema: httpOnlySchema,
    default: 'true',
    meaning: 'Scripts cannot read the cookie. Always true; `false` is refused.',
  }),
};
