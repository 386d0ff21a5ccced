import { dirname, resolve } from 'node:path';
import type { EngineName } from '@gatehouse/session/registry';
import { DEFAULT_USER_KEYS } from './adoption-settings.ts';
import { cookiePath, DEVICE_COOKIE, isSecure } from './cross-rules.ts';
import { basePathOf } from './public-url.ts';
import { databaseFile } from './database-url.ts';
import type { EnvValues } from './env-values.ts';
import type { TrustProxy } from './trust-proxy.ts';

/** All settings, parsed. Created once by `loadSettings` and passed as an argument. */
export interface Settings {
  readonly environment: 'production' | 'development' | 'test';
  /** An absolute path. */
  readonly projectRoot: string;
  /** An absolute path. The folder may not exist yet: see `prepareDataFolder`. */
  readonly dataFolder: string;
  readonly session: SessionSettings;
  readonly signIn: SignInSettings;
  readonly server: ServerSettings;
  readonly database: DatabaseSettings;
  readonly redis: { readonly url: string | undefined };
  /** undefined: no express-session sessions are adopted. */
  readonly adoption: AdoptionSettings | undefined;
  /** undefined: Django's cookie is ignored. */
  readonly djangoCookieName: string | undefined;
  /** The first one hashes, all verify. Empty: no pepper. */
  readonly passwordPeppers: readonly string[];
  /** 0: forever. */
  readonly audit: { readonly retentionSeconds: number };
}

export interface SessionSettings {
  readonly engine: EngineName;
  readonly cookieAgeSeconds: number;
  readonly saveEveryRequest: boolean;
  readonly expireAtBrowserClose: boolean;
  readonly absoluteAgeSeconds: number;
  /** 0: activity is stored on every request. */
  readonly activityIntervalSeconds: number;
  /** 0: no limit. */
  readonly limitPerUser: number;
  readonly freshAgeSeconds: number;
  /** Size of a session's data as JSON. */
  readonly maxDataBytes: number;
  /** Whether sessions are also accepted as `Authorization: Bearer …`. */
  readonly bearer: boolean;
  readonly storageTimeoutMs: number;
  /** Sessions that each process keeps in memory. 0: none. */
  readonly nearCacheSessions: number;
  /** 0: never. */
  readonly purgeIntervalMs: number;
  /** Empty if not set, which is allowed outside production. Use `sessionSecrets` to get the effective secrets. */
  readonly secrets: readonly string[];
  readonly cookie: CookieSettings;
}

export interface AdoptionSettings {
  readonly cookieName: string;
  readonly secrets: readonly string[];
  readonly redisUrl: string;
  readonly prefix: string;
  /** Dotted paths, tried in this order. */
  readonly userKeys: readonly string[];
}

export interface CookieSettings {
  readonly name: string;
  readonly secure: boolean;
  readonly sameSite: 'lax' | 'strict' | 'none';
  readonly domain: string | undefined;
  readonly path: string;
  readonly httpOnly: true;
}

export interface SignInSettings {
  readonly limits: {
    /** 0: no limit. */
    readonly accountFailures: number;
    /** 0: no limit. */
    readonly addressFailures: number;
    readonly windowMs: number;
  };
  /** Identifies browsers with an earlier sign-in, for rate limiting. It does not authenticate. */
  readonly deviceCookie: CookieSettings;
}

export interface ServerSettings {
  readonly host: string;
  /** 0: any free port. `withPort` sets the actual port. */
  readonly port: number;
  /** The origin of PUBLIC_URL, without a trailing slash. */
  readonly publicUrl: string;
  /** The path of PUBLIC_URL, such as `/app`; empty for the root of the host. */
  readonly basePath: string;
  /** Origins of other front ends that may call, as in the `Origin` header. */
  readonly trustedOrigins: readonly string[];
  /** The argument for `trustedProxies` of the session package. */
  readonly trustProxy: TrustProxy;
  /** undefined: no Strict-Transport-Security is sent. */
  readonly hsts: HstsSettings | undefined;
  readonly shutdownDrainMs: number;
  readonly shutdownGraceMs: number;
  /** undefined: there are no metrics. */
  readonly metrics: MetricsSettings | undefined;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** At least one of the two. */
export interface MetricsSettings {
  /** 0: any free port. undefined: the port of the app. */
  readonly port: number | undefined;
  /** undefined: nobody needs one. */
  readonly token: string | undefined;
}

/** RFC 6797. */
export interface HstsSettings {
  readonly maxAgeSeconds: number;
  readonly includeSubDomains: boolean;
  readonly preload: boolean;
}

/** `file` and the path in `url` are absolute paths. */
export type DatabaseSettings =
  | { readonly provider: 'sqlite'; readonly url: string; readonly file: string }
  | { readonly provider: 'mysql' | 'postgresql'; readonly url: string };

/** Converts valid values: derives defaults, resolves paths, and applies the names and units of `Settings`. */
export function toSettings(values: EnvValues, projectRoot: string): Settings {
  const environment = values.NODE_ENV;
  const dataFolder = dataFolderOf(values, projectRoot);
  const cookie = cookieSettings(values);
  return {
    environment,
    projectRoot,
    dataFolder,
    session: {
      engine: values.SESSION_ENGINE,
      cookieAgeSeconds: values.SESSION_COOKIE_AGE,
      saveEveryRequest: values.SESSION_SAVE_EVERY_REQUEST,
      expireAtBrowserClose: values.SESSION_EXPIRE_AT_BROWSER_CLOSE,
      absoluteAgeSeconds: values.SESSION_ABSOLUTE_AGE,
      activityIntervalSeconds: values.SESSION_ACTIVITY_INTERVAL,
      limitPerUser: values.SESSION_LIMIT_PER_USER,
      freshAgeSeconds: values.SESSION_FRESH_AGE,
      maxDataBytes: values.SESSION_MAX_SIZE,
      bearer: values.SESSION_BEARER,
      storageTimeoutMs: values.SESSION_STORAGE_TIMEOUT,
      nearCacheSessions: values.SESSION_NEAR_CACHE,
      purgeIntervalMs: values.SESSION_PURGE_INTERVAL * 1000,
      secrets: values.SESSION_SECRET ?? [],
      cookie,
    },
    signIn: {
      limits: {
        accountFailures: values.SIGN_IN_LIMIT_ACCOUNT,
        addressFailures: values.SIGN_IN_LIMIT_ADDRESS,
        windowMs: values.SIGN_IN_LIMIT_WINDOW * 1000,
      },
      deviceCookie: { ...cookie, name: canHaveHostPrefix(cookie) ? `__Host-${DEVICE_COOKIE}` : DEVICE_COOKIE },
    },
    server: {
      host: values.HOST ?? (environment === 'production' ? '0.0.0.0' : '127.0.0.1'),
      port: values.PORT,
      publicUrl: values.PUBLIC_URL?.origin ?? localUrl(values.PORT),
      basePath: basePath(values),
      trustedOrigins: values.TRUSTED_ORIGINS,
      trustProxy: values.TRUST_PROXY,
      hsts: hstsSettings(values),
      shutdownDrainMs: values.SHUTDOWN_DRAIN ?? (environment === 'production' ? 5000 : 0),
      shutdownGraceMs: values.SHUTDOWN_GRACE,
      metrics: metricsSettings(values),
      logLevel: values.LOG_LEVEL,
    },
    database: databaseSettings(values, projectRoot, dataFolder),
    redis: { url: values.REDIS_URL },
    audit: { retentionSeconds: values.AUDIT_RETENTION },
    adoption: adoptionSettings(values),
    djangoCookieName: values.SESSION_ADOPT_DJANGO_COOKIE,
    passwordPeppers: values.PASSWORD_PEPPER ?? [],
  };
}

function adoptionSettings(values: EnvValues): AdoptionSettings | undefined {
  const redisUrl = values.SESSION_ADOPT_REDIS_URL ?? values.REDIS_URL;
  if (values.SESSION_ADOPT_SECRET === undefined || redisUrl === undefined) return undefined;
  return {
    cookieName: values.SESSION_ADOPT_COOKIE_NAME,
    secrets: values.SESSION_ADOPT_SECRET,
    redisUrl,
    prefix: values.SESSION_ADOPT_PREFIX,
    userKeys: values.SESSION_ADOPT_USER_KEY === undefined ? DEFAULT_USER_KEYS : [values.SESSION_ADOPT_USER_KEY],
  };
}

function hstsSettings(values: EnvValues): HstsSettings | undefined {
  if (values.PUBLIC_URL?.protocol !== 'https:' || values.SECURE_HSTS_SECONDS === 0) return undefined;
  return {
    maxAgeSeconds: values.SECURE_HSTS_SECONDS,
    includeSubDomains: values.SECURE_HSTS_INCLUDE_SUBDOMAINS,
    preload: values.SECURE_HSTS_PRELOAD,
  };
}

const basePath = ({ PUBLIC_URL: url }: EnvValues): string => (url ? basePathOf(url) : '');

const localUrl = (port: number): string => new URL(`http://localhost:${port}`).origin;

/** The settings with the port that the server listens on: the one that the system chose for `PORT=0`, or that of an inherited socket. */
export function withPort(settings: Settings, port: number): Settings {
  const { publicUrl, port: set } = settings.server;
  return { ...settings, server: { ...settings.server, port, publicUrl: publicUrl === localUrl(set) ? localUrl(port) : publicUrl } };
}

function cookieSettings(values: EnvValues): CookieSettings {
  const attributes = { secure: isSecure(values) ?? false, domain: values.SESSION_COOKIE_DOMAIN, path: cookiePath(values) };
  const name = values.SESSION_COOKIE_NAME ?? (canHaveHostPrefix(attributes) ? '__Host-sessionid' : 'gatehouse.sid');
  return { name, ...attributes, sameSite: values.SESSION_COOKIE_SAMESITE, httpOnly: values.SESSION_COOKIE_HTTPONLY };
}

/** The prefix `__Host-` prevents sibling domains from setting a cookie with this name (RFC 6265bis, 4.1.3.2). */
const canHaveHostPrefix = ({ secure, domain, path }: Pick<CookieSettings, 'secure' | 'domain' | 'path'>): boolean =>
  secure && path === '/' && !domain;

/**
 * The generated secret is beside the SQLite file, so that the app, whose code may name the file, and the command line, which knows it by
 * DATABASE_URL, find the same secret.
 */
function dataFolderOf({ GATEHOUSE_DATA_DIR: folder, DATABASE_URL: address }: EnvValues, projectRoot: string): string {
  if (folder === undefined && address?.provider === 'sqlite') return dirname(databaseFile(address.url, projectRoot));
  return resolve(projectRoot, folder ?? 'data');
}

function databaseSettings({ DATABASE_URL: address }: EnvValues, projectRoot: string, dataFolder: string): DatabaseSettings {
  if (address && address.provider !== 'sqlite') return { provider: address.provider, url: address.url };
  const file = address ? databaseFile(address.url, projectRoot) : resolve(dataFolder, 'gatehouse.db');
  return { provider: 'sqlite', url: `file:${file}`, file };
}

function metricsSettings({ METRICS_PORT: port, METRICS_TOKEN: token }: EnvValues): MetricsSettings | undefined {
  return port === undefined && token === undefined ? undefined : { port, token };
}
