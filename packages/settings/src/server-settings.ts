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
    meaning: '`production`, `development` or `test`. Production requires SESSION_SECRET and PUBLIC_URL, and creates no demo users.',
  }),
  PORT: setting({ form: portForm, default: '3000', meaning: 'Port to listen on; 0: any free one.' }),
  HOST: derivedSetting({
    form: hostForm,
    default: '`0.0.0.0` in production, else `127.0.0.1`',
    meaning: 'Address to listen on. 127.0.0.1 can be reached from this machine only.',
  }),
  PUBLIC_URL: derivedSetting({
    form: originForm,
    default: '`http://localhost:PORT`; required in production',
    meaning:
      'The origin that users open in the browser. Decides whether cookies are secure, and which `Origin` header counts as the same site.',
  }),
  TRUSTED_ORIGINS: setting({
    form: trustedOriginsForm,
    default: 'none',
    meaning:
      'Origins of other front ends that may send the cookie, separated by commas, such as `https://admin.example`. If they are on another site, SESSION_COOKIE_SAMESITE=None is needed too.',
  }),
  TRUST_PROXY: setting({
    form: trustProxyForm,
    default: 'none',
    meaning: 'Proxies whose X-Forwarded-* headers are trusted: how many, or their addresses and ranges, separated by commas.',
  }),
  SECURE_HSTS_SECONDS: setting({
    form: secondsForm({ min: 0 }),
    default: '2592000',
    meaning:
      'Seconds for which browsers use https only for this host (HSTS): 30 days. Sent if PUBLIC_URL is https. 0: not sent; browsers keep an earlier value until it expires.',
  }),
  SECURE_HSTS_INCLUDE_SUBDOMAINS: setting({
    form: flagForm,
    default: 'false',
    meaning: 'HSTS for every subdomain of PUBLIC_URL too. Browsers can then no longer open those that have no https.',
  }),
  SECURE_HSTS_PRELOAD: setting({
    form: flagForm,
    default: 'false',
    meaning:
      'Allows the domain on the preload list of browsers (hstspreload.org), which takes months to undo. Needs SECURE_HSTS_SECONDS of a year, with subdomains.',
  }),
  SHUTDOWN_GRACE: setting({
    form: waitForm({ min: 0 }),
    default: '10',
    meaning: 'Seconds that running requests have to finish when the server is stopped.',
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
