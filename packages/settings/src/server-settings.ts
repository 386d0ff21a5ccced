import { z } from 'zod';
import { databaseUrlSchema } from './database-url.ts';
import { quote, refuse } from './problem.ts';
import { publicUrlSchema } from './public-url.ts';
import { redisUrlSchema } from './redis-url.ts';
import { secretsSchema } from './session-secret.ts';
import { derivedSetting, setting } from './setting.ts';
import { trustProxySchema } from './trust-proxy.ts';
import { trustedOriginsSchema } from './trusted-origins.ts';
import { choiceSchema, flagSchema, portSchema, secondsSchema, timeoutSchema } from './value-schemas.ts';

const hostSchema = z.string().transform((text, ctx) => {
  if (/^[a-z0-9.:_-]{1,253}$/i.test(text)) return text;
  return refuse(
    ctx,
    `must be an address or a host name, not ${quote(text)}.`,
    'Write 127.0.0.1 for this machine only, or 0.0.0.0 for every interface.',
  );
});

const metricsTokenSchema = z.string().transform((text, ctx) => {
  if (/^[\w.~+/-]{16,512}=*$/.test(text)) return text;
  return refuse(
    ctx,
    'must be 16 to 512 letters, digits and -._~+/ , as in RFC 6750.',
    'Generate one: node -p "crypto.randomBytes(32).toString(\'base64url\')"',
  );
});

/** How the server runs and how it is reached. */
export const SERVER_SETTINGS = {
  NODE_ENV: setting({
    schema: choiceSchema(['production', 'development', 'test']),
    default: 'development',
    meaning: '`production`, `development` or `test`. Production requires SESSION_SECRET and PUBLIC_URL, and creates no demo users.',
  }),
  PORT: setting({ schema: portSchema, default: '3000', meaning: 'Port to listen on; 0: any free port.' }),
  HOST: derivedSetting({
    schema: hostSchema,
    default: '`0.0.0.0` in production, else `127.0.0.1`',
    meaning: 'Address to listen on. 127.0.0.1 is reachable only from this machine.',
  }),
  PUBLIC_URL: derivedSetting({
    schema: publicUrlSchema,
    default: '`http://localhost:PORT`; required in production',
    meaning:
      'The address that users open in the browser. It decides whether cookies are secure, and which `Origin` header is accepted. With a path, such as `https://example.org/app`, everything is served below it: see docs/sub-path.md.',
  }),
  TRUSTED_ORIGINS: setting({
    schema: trustedOriginsSchema,
    default: 'none',
    meaning:
      'Origins of other front ends that may send the cookie, separated by commas, such as `https://admin.example`. If they are on another site, also set SESSION_COOKIE_SAMESITE=None.',
  }),
  TRUST_PROXY: setting({
    schema: trustProxySchema,
    default: 'none',
    meaning: 'Proxies whose X-Forwarded-* headers are trusted: their number, or their addresses and ranges, separated by commas.',
  }),
  SECURE_HSTS_SECONDS: setting({
    schema: secondsSchema({ min: 0 }),
    default: '2592000',
    meaning:
      'Seconds for which browsers use only https for this host (HSTS): 30 days. Sent if PUBLIC_URL is https. 0: not sent; browsers keep an earlier value until it expires.',
  }),
  SECURE_HSTS_INCLUDE_SUBDOMAINS: setting({
    schema: flagSchema,
    default: 'false',
    meaning: 'Applies HSTS to all subdomains of PUBLIC_URL as well. Browsers can then no longer open subdomains without https.',
  }),
  SECURE_HSTS_PRELOAD: setting({
    schema: flagSchema,
    default: 'false',
    meaning:
      'Allows adding the domain to the preload list of browsers (hstspreload.org), which takes months to undo. Requires SECURE_HSTS_SECONDS of at least a year, and subdomains.',
  }),
  SHUTDOWN_DRAIN: derivedSetting({
    schema: timeoutSchema({ min: 0, max: 300 }),
    default: '`5` in production, else `0`',
    meaning:
      'Seconds for which a server that stops still accepts connections, while `/readyz` is 503 (twice as long if health checks are made and requests still come), and then for which it leaves idle connections to the proxy. Longer than the health checks of the load balancer take, and than a proxy keeps idle connections to the server. 0: stops at once.',
  }),
  SHUTDOWN_GRACE: setting({
    schema: timeoutSchema({ min: 0 }),
    default: '10',
    meaning: 'Seconds that running requests have to finish when the server stops, after SHUTDOWN_DRAIN.',
  }),
  METRICS_PORT: derivedSetting({
    schema: portSchema,
    default: 'none',
    meaning:
      'Port that answers `/metrics` for Prometheus, at the address HOST, without a token unless METRICS_TOKEN is set; 0: any free port. Block it from outside.',
  }),
  METRICS_TOKEN: derivedSetting({
    hide: 'secret',
    schema: metricsTokenSchema,
    default: 'none',
    meaning:
      'The bearer token that Prometheus sends for `/metrics`: at least 16 characters. Without METRICS_PORT, `/metrics` is on PORT. Without both, there are no metrics and `/metrics` is 404.',
  }),
  LOG_LEVEL: setting({
    schema: choiceSchema(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    default: 'info',
    meaning: 'The lowest level that is logged: `fatal`, `error`, `warn`, `info`, `debug`, `trace`, or `silent`.',
  }),
};

/** Where data is stored. */
export const STORAGE_SETTINGS = {
  GATEHOUSE_DATA_DIR: derivedSetting({
    schema: z.string(),
    default: 'the folder of the SQLite file that DATABASE_URL names, else `./data`',
    meaning: 'Folder for the database file and the generated secret. A relative path is relative to the project folder.',
  }),
  DATABASE_URL: derivedSetting({
    hide: 'url',
    schema: databaseUrlSchema,
    default: '`gatehouse.db` in the data folder',
    meaning:
      'The relational database: `file:` and a path (relative to the project folder), `mysql://user:password@host/database` (also for MariaDB) or `postgresql://user:password@host/database`. For TLS, see docs/engines.md.',
  }),
  REDIS_URL: derivedSetting({
    hide: 'url',
    schema: redisUrlSchema,
    default: 'none',
    meaning:
      'Redis, for the engines `redis` and `cached_db`: `redis://[user:password@]host:6379[/0]`, `redis+sentinel://host:26379,host2:26379/mymaster`, `redis+cluster://host:7000,host2:7000` or `redis+unix:///run/redis/redis.sock`; `rediss` for TLS, `?wait=1` for the number of replicas that must confirm the end of a session. See docs/engines.md.',
  }),
};

export const PASSWORD_SETTINGS = {
  PASSWORD_PEPPER: derivedSetting({
    hide: 'secrets',
    schema: secretsSchema,
    default: 'none',
    meaning:
      'A secret that is added to every password hash, so that passwords cannot be cracked with a stolen database alone: at least 32 random characters. Several, separated by commas: the first one hashes, all verify. If you lose one, all passwords hashed with it are lost.',
  }),
};

export const AUDIT_SETTINGS = {
  AUDIT_RETENTION: setting({
    schema: secondsSchema({ min: 0 }),
    default: '15552000',
    meaning: 'Seconds for which the audit trail is kept: 180 days. 0: forever.',
  }),
};

/** The shape of these is checked like that of every account. */
export const SUPERUSER_SETTINGS = {
  GATEHOUSE_SUPERUSER_USERNAME: derivedSetting({
    schema: z.string(),
    default: 'none',
    meaning: 'The user name for `gatehouse createsuperuser`, for a container or a script. Django has the same setting, with `DJANGO_`.',
  }),
  GATEHOUSE_SUPERUSER_EMAIL: derivedSetting({
    schema: z.string(),
    default: 'none',
    meaning: 'The e-mail address for `gatehouse createsuperuser`.',
  }),
  GATEHOUSE_SUPERUSER_PASSWORD: derivedSetting({
    hide: 'secret',
    schema: z.string(),
    default: 'none',
    meaning: 'The password for `gatehouse createsuperuser`. Remove it afterwards.',
  }),
};

/** Only used by the command line. */
export const CLIENT_SETTINGS = {
  GATEHOUSE_URL: derivedSetting({
    schema: publicUrlSchema,
    default: 'PUBLIC_URL',
    meaning: 'The server that `gatehouse login`, `whoami` and `logout` use.',
  }),
  GATEHOUSE_IMPORT_URL: derivedSetting({
    hide: 'url',
    schema: databaseUrlSchema,
    default: 'none',
    meaning:
      'The database that `gatehouse import` reads, in the same format as `DATABASE_URL`. A setting instead of an argument, because other users of the machine can see arguments. Remove it afterwards.',
  }),
  ...SUPERUSER_SETTINGS,
};
