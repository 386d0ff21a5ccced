import { engineEntry } from '@gatehouse/session/registry';
import type { z } from 'zod';
import type { EnvValues } from './env-values.ts';
import { basePathOf, isLoopback } from './public-url.ts';
import { SECRET_FIX } from './session-secret.ts';

/**
 * A rule between settings. `values` has a key for every valid setting, even if it is not set. Invalid settings are absent: they
 * are already reported, and must not break a rule as well.
 */
type Rule = (values: Partial<EnvValues>, report: (name: keyof EnvValues, problem: string, fix: string) => void) => void;

const activityInterval: Rule = (
  { SESSION_COOKIE_AGE: age, SESSION_ABSOLUTE_AGE: absolute, SESSION_ACTIVITY_INTERVAL: interval, SESSION_SAVE_EVERY_REQUEST: sliding },
  report,
) => {
  if (sliding && age !== undefined && interval !== undefined && interval >= age) {
    report(
      'SESSION_ACTIVITY_INTERVAL',
      `(${interval}) must be less than SESSION_COOKIE_AGE (${age}), or sessions in use expire.`,
      'Set it to at most a tenth of the age, or to 0.',
    );
  }
  if (absolute !== undefined && interval !== undefined && interval >= absolute) {
    report(
      'SESSION_ACTIVITY_INTERVAL',
      `(${interval}) must be less than SESSION_ABSOLUTE_AGE (${absolute}).`,
      'Set a smaller number, or 0.',
    );
  }
};

const cookieAttributes: Rule = (values, report) => {
  const { SESSION_COOKIE_DOMAIN: domain, SESSION_COOKIE_NAME: name, SESSION_COOKIE_SAMESITE: sameSite, PUBLIC_URL: url } = values;
  const secure = isSecure(values);
  if (sameSite === 'none' && secure === false) {
    report(
      'SESSION_COOKIE_SAMESITE',
      'is None, which browsers accept only for secure cookies.',
      'Set it to Lax, or serve over https and set PUBLIC_URL to the https address.',
    );
  }
  if (name?.toLowerCase().startsWith('__host-') && (secure === false || domain !== undefined || cookiePath(values) !== '/')) {
    report(
      'SESSION_COOKIE_NAME',
      'begins with __Host-, which browsers accept only for a secure cookie with path / and no domain.',
      'Remove it: the default name has the prefix if possible.',
    );
  }
  if (name?.toLowerCase().startsWith('__secure-') && secure === false) {
    report(
      'SESSION_COOKIE_NAME',
      'begins with __Secure-, which browsers accept only for a secure cookie.',
      'Remove the prefix, or serve over https and set PUBLIC_URL to the https address.',
    );
  }
  if (domain !== undefined && url && url.hostname !== domain && !url.hostname.endsWith(`.${domain}`)) {
    report(
      'SESSION_COOKIE_DOMAIN',
      `(${domain}) does not cover the host of PUBLIC_URL (${url.hostname}), so browsers would reject the cookie.`,
      'Set it to that host or a parent domain, or remove it.',
    );
  }
};

const httpsAndSecureCookie: Rule = (values, report) => {
  if (!('PUBLIC_URL' in values)) return;
  const { SESSION_COOKIE_SECURE: choice, PUBLIC_URL: url, NODE_ENV: environment, TRUST_PROXY: proxy } = values;
  if (choice === true && url?.protocol !== 'https:') {
    report(
      'SESSION_COOKIE_SECURE',
      'is true, but PUBLIC_URL is not https, so the cookie could never be set.',
      'Serve over https and set PUBLIC_URL to the https address, or set this to auto.',
    );
  }
  if (url?.protocol === 'https:' && proxy === false) {
    report(
      'TRUST_PROXY',
      'must be set: PUBLIC_URL is https, so TLS ends at a proxy, and only a trusted proxy can report that a request came over https. Without one, no cookie could be set.',
      'Write 1 for one proxy in front, or its address.',
    );
  }
  if (environment !== 'production' || !url) return;
  if (url.protocol === 'https:' && choice === false) {
    report(
      'SESSION_COOKIE_SECURE',
      'must not be false in production if PUBLIC_URL is https: the cookie would also be sent unencrypted.',
      'Set it to auto.',
    );
  }
  if (url.protocol === 'http:' && choice === 'auto' && !isLoopback(url)) {
    report(
      'PUBLIC_URL',
      'is http in production: passwords and session cookies would be sent unencrypted.',
      'Serve over https. On a trusted network, set SESSION_COOKIE_SECURE=false to allow http.',
    );
  }
};

const requiredInProduction: Rule = (values, report) => {
  if (values.NODE_ENV !== 'production') return;
  if ('SESSION_SECRET' in values && values.SESSION_SECRET === undefined) report('SESSION_SECRET', 'is required in production.', SECRET_FIX);
  if ('PUBLIC_URL' in values && values.PUBLIC_URL === undefined)
    report('PUBLIC_URL', 'is required in production.', 'Set it to the address that users open: https://app.example.');
};

const engineStorage: Rule = (values, report) => {
  const { SESSION_ENGINE: engine } = values;
  if (engine === undefined || !engineEntry(engine).needs.redis || !('REDIS_URL' in values) || values.REDIS_URL !== undefined) return;
  report('REDIS_URL', `is required by SESSION_ENGINE=${engine}.`, 'Set it to redis://localhost:6379, or set SESSION_ENGINE=db.');
};

const nearCache: Rule = ({ SESSION_ENGINE: engine, SESSION_NEAR_CACHE: sessions = 0, REDIS_URL: url }, report) => {
  if (sessions === 0 || engine === undefined) return;
  if (!engineEntry(engine).nearCache)
    report('SESSION_NEAR_CACHE', `has no effect with SESSION_ENGINE=${engine}: only redis has a near cache.`, 'Remove it, or set it to 0.');
  else if (url !== undefined && /^rediss?\+(?!unix)|[?&]wait=[1-9]/i.test(url))
    report(
      'SESSION_NEAR_CACHE',
      'needs a single Redis server: a near cache works neither behind Sentinel nor on a cluster, and does not wait for replicas (?wait=).',
      'Remove it, or set it to 0.',
    );
};

const adoption: Rule = (values, report) => {
  if (!('SESSION_ADOPT_SECRET' in values)) return;
  if (values.SESSION_ADOPT_SECRET !== undefined && values.SESSION_ADOPT_DJANGO_COOKIE !== undefined)
    report(
      'SESSION_ADOPT_DJANGO_COOKIE',
      'and SESSION_ADOPT_SECRET cannot be combined: they are for different old apps.',
      'Remove one of them.',
    );
  if (values.SESSION_ADOPT_SECRET === undefined) {
    for (const name of ['SESSION_ADOPT_REDIS_URL', 'SESSION_ADOPT_USER_KEY'] as const)
      if (values[name] !== undefined)
        report(name, 'has no effect without SESSION_ADOPT_SECRET.', 'Set SESSION_ADOPT_SECRET to the old app’s secret, or remove this.');
    return;
  }
  const hasRedis = values.SESSION_ADOPT_REDIS_URL !== undefined || values.REDIS_URL !== undefined;
  if (!hasRedis && 'SESSION_ADOPT_REDIS_URL' in values && 'REDIS_URL' in values)
    report(
      'SESSION_ADOPT_REDIS_URL',
      'is required by SESSION_ADOPT_SECRET if REDIS_URL is not set.',
      'Set it to the Redis of the old app.',
    );
  if (values.SESSION_COOKIE_NAME !== undefined && values.SESSION_COOKIE_NAME === values.SESSION_ADOPT_COOKIE_NAME)
    report(
      'SESSION_COOKIE_NAME',
      'is the same as SESSION_ADOPT_COOKIE_NAME, the old app’s cookie.',
      'Remove it, or choose a different name.',
    );
};

/** The cookie that identifies browsers with an earlier sign-in, without the `__Host-` prefix. */
export const DEVICE_COOKIE = 'deviceid';

const deviceCookieName: Rule = (values, report) => {
  for (const name of ['SESSION_COOKIE_NAME', 'SESSION_ADOPT_COOKIE_NAME', 'SESSION_ADOPT_DJANGO_COOKIE'] as const)
    if (values[name]?.replace(/^__(?:Host|Secure)-/i, '') === DEVICE_COOKIE)
      report(name, `must not be ${DEVICE_COOKIE}: that is the cookie that identifies known devices.`, 'Choose a different name.');
};

/** https://hstspreload.org/#submission-requirements */
const MIN_PRELOAD_SECONDS = 31_536_000;

const hsts: Rule = (values, report) => {
  const { SECURE_HSTS_SECONDS: seconds, SECURE_HSTS_INCLUDE_SUBDOMAINS: subdomains, SECURE_HSTS_PRELOAD: preload } = values;
  if (seconds === 0) {
    for (const name of ['SECURE_HSTS_INCLUDE_SUBDOMAINS', 'SECURE_HSTS_PRELOAD'] as const)
      if (values[name]) report(name, 'has no effect if SECURE_HSTS_SECONDS is 0.', 'Set SECURE_HSTS_SECONDS, or remove this.');
    return;
  }
  if (preload && subdomains === false)
    report(
      'SECURE_HSTS_PRELOAD',
      'requires SECURE_HSTS_INCLUDE_SUBDOMAINS=true: the preload list contains whole domains.',
      'Set both, or neither.',
    );
  if (preload && seconds !== undefined && seconds < MIN_PRELOAD_SECONDS)
    report(
      'SECURE_HSTS_PRELOAD',
      `requires SECURE_HSTS_SECONDS of at least a year, not ${seconds}.`,
      `Set SECURE_HSTS_SECONDS=${MIN_PRELOAD_SECONDS}, or remove this.`,
    );
};

const metricsPort: Rule = ({ METRICS_PORT: metrics, PORT: port }, report) => {
  if (metrics !== undefined && metrics !== 0 && metrics === port)
    report('METRICS_PORT', `(${metrics}) must not be PORT.`, 'Choose another port, or set only METRICS_TOKEN to have /metrics on PORT.');
};

const RULES: readonly Rule[] = [
  activityInterval,
  adoption,
  deviceCookieName,
  engineStorage,
  hsts,
  cookieAttributes,
  httpsAndSecureCookie,
  metricsPort,
  nearCache,
  requiredInProduction,
];

/** Whether the cookie is secure; undefined if the settings that decide this are invalid. */
export function isSecure(values: Partial<EnvValues>): boolean | undefined {
  if (values.SESSION_COOKIE_SECURE !== 'auto') return values.SESSION_COOKIE_SECURE;
  return 'PUBLIC_URL' in values ? values.PUBLIC_URL?.protocol === 'https:' : undefined;
}

/** Browsers send the cookie only below this path. The default is the path of PUBLIC_URL, so that other apps of the host do not get it. */
export const cookiePath = ({ SESSION_COOKIE_PATH: path, PUBLIC_URL: url }: Partial<EnvValues>): string =>
  path ?? ((url && basePathOf(url)) || '/');

export function crossRules(values: EnvValues, ctx: z.core.$RefinementCtx<EnvValues>): void {
  const invalid = new Set(ctx.issues.map(({ path }) => path?.[0]));
  const valid: Partial<EnvValues> = Object.fromEntries(Object.entries(values).filter(([name]) => !invalid.has(name)));
  for (const rule of RULES) {
    rule(valid, (name, problem, fix) => ctx.addIssue({ code: 'custom', path: [name], message: problem, params: { fix } }));
  }
}
