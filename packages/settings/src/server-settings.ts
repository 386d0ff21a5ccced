import { z } from 'zod';
import { databaseUrlForm } from './database-url.ts';
import { refuse, shown } from './problem.ts';
import { originForm } from './public-url.ts';
import { redisUrlForm } from './redis-url-form.ts';
import { secretsForm } from './session-secret.ts';
import { derivedSetting, setting } from './setting.ts';
import { trustProxyForm } from './trust-proxy.ts';
import { trustedOriginsForm } from './trusted-origins.ts';
import { choiceForm, flagForm, portForm, secondsForm, waitForm } from './value-forms.ts';

const hostForm = z.string().transform((text, ctx) => {
  if (/^[a-z0-9.:_-]{1,253}$/i.test(text)) return text;
  return refuse(
    ctx,
    `must be an address or a host name, not ${shown(text)}.`,
    'Write 127.0.0.1 for this machine only, or 0.0.0.0 for every interface.',
  );
});

/** How the program is run and reached. */
export const SERVER_SETTINGS = {
  NODE_ENV: setting({
    form: choiceForm(['production', 'development', 'test']),
    default: 'development',
    meaning: '`production`, `development` or `test`. Production asks for a secret and an address of its own, and makes no demo users.',
  }),
  PORT: setting({ form: portForm, default: '3000', meaning: 'Port to listen on; 0: any free one.' }),
  HOST: derivedSetting({
    form: hostForm,
    default: '`0.0.0.0` in production, else `127.0.0.1`',
    meaning: 'Address to listen on. 127.0.0.1 is reached from this machine only.',
  }),
  PUBLIC_URL: derivedSetting({
    form: originForm,
    default: '`http://localhost:PORT`; required in production',
    meaning: 'The origin that people type. Decides whether cookies are secure and which Origin is ours.',
  }),
  TRUSTED_ORIGINS: setting({
    form: trustedOriginsForm,
    default: 'none',
    meaning:
      'Origins of other front ends that may call with the cookie, separated by commas, such as `https://admin.example`. On another site they need SESSION_COOKIE_SAMESITE=None too.',
  }),
  TRUST_PROXY: setting({
    form: trustProxyForm,
    default: 'none',
    meaning: 'Whose X-Forwarded-* headers count: a number of proxies, or their addresses and ranges, separated by commas.',
  }),
  SECURE_HSTS_SECONDS: setting({
    form: secondsForm({ min: 0 }),
    default: '2592000',
    meaning:
      'Seconds for which browsers that came over https come over https only (HSTS): 30 days. Sent where PUBLIC_URL is https. 0: not sent; what browsers were told before holds until it is over.',
  }),
  SECURE_HSTS_INCLUDE_SUBDOMAINS: setting({
    form: flagForm,
    default: 'false',
    meaning: 'The same for every host below that of PUBLIC_URL. Those that have no https can no longer be reached then.',
  }),
  SECURE_HSTS_PRELOAD: setting({
    form: flagForm,
    default: 'false',
    meaning: 'The domain may be built into browsers (hstspreload.org), which takes months to undo. Needs a year, with subdomains.',
  }),
  SHUTDOWN_GRACE: setting({
    form: waitForm({ min: 0 }),
    default: '10',
    meaning: 'Seconds that running requests get to finish when the server is told to stop.',
  }),
  LOG_LEVEL: setting({
    form: choiceForm(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    default: 'info',
    meaning: 'The least serious level that is logged: `fatal`, `error`, `warn`, `info`, `debug`, `trace`, or `silent`.',
  }),
};

/** Where things are kept. */
export const STORAGE_SETTINGS = {
  GATEHOUSE_DATA_DIR: setting({
    form: z.string(),
    default: './data',
    meaning: 'Folder for the database file and the generated secret. A relative path starts at the project folder.',
  }),
  DATABASE_URL: derivedSetting({
    form: databaseUrlForm,
    default: '`gatehouse.db` in the data folder',
    meaning:
      'The relational database: `file:` and a path (a relative one starts at the project folder), `mysql://user:password@host/database` (MariaDB as well) or `postgresql://user:password@host/database`; TLS: docs/engines.md.',
  }),
  REDIS_URL: derivedSetting({
    form: redisUrlForm,
    default: 'none',
    meaning:
      'Redis, for the engines `redis` and `cached_db`: `redis://[user:password@]host:6379[/0]`, `redis+sentinel://host:26379,host2:26379/mymaster`, `redis+cluster://host:7000,host2:7000` or `redis+unix:///run/redis/redis.sock`; `rediss` for TLS, `?wait=1` for the replicas that must have the end of a session: docs/engines.md.',
  }),
};

/** Kept out of the database. */
export const PASSWORD_SETTINGS = {
  PASSWORD_PEPPER: derivedSetting({
    form: secretsForm,
    default: 'none',
    meaning:
      'Goes into every password hash, so that a stolen database alone gives none away: 32 random characters or more. Several, separated by commas: the first hashes, all verify. Losing one loses every password that was hashed with it.',
  }),
};

/** What is kept of what happened. */
export const AUDIT_SETTINGS = {
  AUDIT_RETENTION: setting({
    form: secondsForm({ min: 0 }),
    default: '15552000',
    meaning: 'Seconds for which the audit trail is kept: 180 days; 0: for ever.',
  }),
};

/** Read by the command line only. */
export const CLIENT_SETTINGS = {
  GATEHOUSE_URL: derivedSetting({
    form: originForm,
    default: 'PUBLIC_URL',
    meaning: 'The server that `gatehouse login`, `whoami` and `logout` talk to.',
  }),
  GATEHOUSE_IMPORT_URL: derivedSetting({
    form: databaseUrlForm,
    default: 'none',
    meaning:
      'The database that `gatehouse import` reads, in the forms of `DATABASE_URL`. Here and not in an argument, because other users of the machine can see those. Remove it afterwards.',
  }),
};
