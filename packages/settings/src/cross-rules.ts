import type { z } from 'zod';
import type { EnvValues } from './env-values.ts';
import { isLoopback } from './public-url.ts';
import { SECRET_MEND } from './session-secret.ts';

/**
 * What settings must be to one another. Each rule sees the settings that could be read, set or not; one that
 * could not is absent, has its own problem already, and breaks no rule.
 */
type Rule = (values: Partial<EnvValues>, report: (name: keyof EnvValues, problem: string, mend: string) => void) => void;

const ages: Rule = (
  { SESSION_COOKIE_AGE: age, SESSION_ABSOLUTE_AGE: absolute, SESSION_ACTIVITY_INTERVAL: interval, SESSION_SAVE_EVERY_REQUEST: sliding },
  report,
) => {
  if (sliding && age !== undefined && interval !== undefined && interval >= age) {
    report(
      'SESSION_ACTIVITY_INTERVAL',
      `(${interval}) must be less than SESSION_COOKIE_AGE (${age}), or sessions end while they are used.`,
      'Write a tenth of the age or less, or 0.',
    );
  }
  if (absolute !== undefined && interval !== undefined && interval >= absolute) {
    report(
      'SESSION_ACTIVITY_INTERVAL',
      `(${interval}) must be less than SESSION_ABSOLUTE_AGE (${absolute}).`,
      'Write a smaller number, or 0.',
    );
  }
};

const cookieIsKept: Rule = (values, report) => {
  const {
    SESSION_COOKIE_DOMAIN: domain,
    SESSION_COOKIE_NAME: name,
    SESSION_COOKIE_PATH: path,
    SESSION_COOKIE_SAMESITE: sameSite,
    PUBLIC_URL: url,
  } = values;
  const secure = isSecure(values);
  if (sameSite === 'none' && secure === false) {
    report(
      'SESSION_COOKIE_SAMESITE',
      'may be None for a secure cookie only: browsers drop it otherwise.',
      'Write Lax, or serve over https and say so in PUBLIC_URL.',
    );
  }
  if (name?.toLowerCase().startsWith('__host-') && (secure === false || domain !== undefined || (path !== undefined && path !== '/'))) {
    report(
      'SESSION_COOKIE_NAME',
      'begins with __Host-, which browsers keep only if secure, on path / and without a domain.',
      'Leave the name out: the prefix is added where it can be.',
    );
  }
  if (name?.toLowerCase().startsWith('__secure-') && secure === false) {
    report(
      'SESSION_COOKIE_NAME',
      'begins with __Secure-, which browsers keep only if secure.',
      'Leave the prefix out, or serve over https and say so in PUBLIC_URL.',
    );
  }
  if (domain !== undefined && url && url.hostname !== domain && !url.hostname.endsWith(`.${domain}`)) {
    report(
      'SESSION_COOKIE_DOMAIN',
      `(${domain}) does not cover the host of PUBLIC_URL (${url.hostname}), so browsers would drop the cookie.`,
      'Write that host or a domain above it, or leave it out.',
    );
  }
};

const secureWhereItCanBe: Rule = (values, report) => {
  if (!('PUBLIC_URL' in values)) return;
  const { SESSION_COOKIE_SECURE: choice, PUBLIC_URL: url, NODE_ENV: environment, TRUST_PROXY: proxy } = values;
  if (choice === true && url?.protocol !== 'https:') {
    report(
      'SESSION_COOKIE_SECURE',
      'is true, but PUBLIC_URL is not https, so the cookie could never be set.',
      'Serve over https and say so in PUBLIC_URL, or write auto.',
    );
  }
  if (url?.protocol === 'https:' && proxy === false) {
    report(
      'TRUST_PROXY',
      'must be set: PUBLIC_URL is https, so TLS ends at a proxy, and only a trusted proxy can say that a request came over https. Without one, no cookie could be set.',
      'Write 1 for one proxy in front, or its address.',
    );
  }
  if (environment !== 'production' || !url) return;
  if (url.protocol === 'https:' && choice === false) {
    report(
      'SESSION_COOKIE_SECURE',
      'may not be false in production when PUBLIC_URL is https: the cookie would travel in the clear as well.',
      'Write auto.',
    );
  }
  if (url.protocol === 'http:' && choice === 'auto' && !isLoopback(url)) {
    report(
      'PUBLIC_URL',
      'is http in production: passwords and sessions would travel in the clear.',
      'Serve over https; on a network that is safe by itself, SESSION_COOKIE_SECURE=false accepts http.',
    );
  }
};

const requiredInProduction: Rule = (values, report) => {
  if (values.NODE_ENV !== 'production') return;
  if ('SESSION_SECRET' in values && values.SESSION_SECRET === undefined)
    report('SESSION_SECRET', 'is required in production.', SECRET_MEND);
  if ('PUBLIC_URL' in values && values.PUBLIC_URL === undefined)
    report('PUBLIC_URL', 'is required in production.', 'Write the address people type: https://app.example.');
};

const engineHasItsStorage: Rule = (values, report) => {
  const { SESSION_ENGINE: engine } = values;
  if (engine === undefined || engine === 'db' || !('REDIS_URL' in values) || values.REDIS_URL !== undefined) return;
  report('REDIS_URL', `is required by SESSION_ENGINE=${engine}.`, 'Write redis://localhost:6379, or SESSION_ENGINE=db.');
};

const adoptionIsWhole: Rule = (values, report) => {
  if (!('SESSION_ADOPT_SECRET' in values)) return;
  if (values.SESSION_ADOPT_SECRET !== undefined && values.SESSION_ADOPT_DJANGO_COOKIE !== undefined)
    report('SESSION_ADOPT_DJANGO_COOKIE', 'and SESSION_ADOPT_SECRET are for two different old apps.', 'Leave one of them out.');
  if (values.SESSION_ADOPT_SECRET === undefined) {
    for (const name of ['SESSION_ADOPT_REDIS_URL', 'SESSION_ADOPT_USER_KEY'] as const)
      if (values[name] !== undefined)
        report(name, 'does nothing without SESSION_ADOPT_SECRET.', 'Write the old app’s secret too, or leave this out.');
    return;
  }
  const hasRedis = values.SESSION_ADOPT_REDIS_URL !== undefined || values.REDIS_URL !== undefined;
  if (!hasRedis && 'SESSION_ADOPT_REDIS_URL' in values && 'REDIS_URL' in values)
    report(
      'SESSION_ADOPT_REDIS_URL',
      'is required by SESSION_ADOPT_SECRET where REDIS_URL is not set.',
      'Write where the old app keeps its sessions.',
    );
  if (values.SESSION_COOKIE_NAME !== undefined && values.SESSION_COOKIE_NAME === values.SESSION_ADOPT_COOKIE_NAME)
    report('SESSION_COOKIE_NAME', 'is that of the old app’s cookie, SESSION_ADOPT_COOKIE_NAME.', 'Leave it out, or write another name.');
};

/** Without its prefix. By this cookie a browser that signed in before is known. */
export const DEVICE_COOKIE = 'deviceid';

const deviceCookieIsItsOwn: Rule = (values, report) => {
  for (const name of ['SESSION_COOKIE_NAME', 'SESSION_ADOPT_COOKIE_NAME', 'SESSION_ADOPT_DJANGO_COOKIE'] as const)
    if (values[name]?.replace(/^__(?:Host|Secure)-/i, '') === DEVICE_COOKIE)
      report(name, `may not be ${DEVICE_COOKIE}, by which browsers are known that signed in before.`, 'Write another name.');
};

/** What the lists ask of a domain: https://hstspreload.org/#submission-requirements */
const PRELOAD_SECONDS = 31_536_000;

const hstsIsWhole: Rule = (values, report) => {
  const { SECURE_HSTS_SECONDS: seconds, SECURE_HSTS_INCLUDE_SUBDOMAINS: subdomains, SECURE_HSTS_PRELOAD: preload } = values;
  if (seconds === 0) {
    for (const name of ['SECURE_HSTS_INCLUDE_SUBDOMAINS', 'SECURE_HSTS_PRELOAD'] as const)
      if (values[name]) report(name, 'does nothing where SECURE_HSTS_SECONDS is 0.', 'Write how long, or leave this out.');
    return;
  }
  if (preload && subdomains === false)
    report('SECURE_HSTS_PRELOAD', 'needs SECURE_HSTS_INCLUDE_SUBDOMAINS=true: browsers list whole domains.', 'Write both, or neither.');
  if (preload && seconds !== undefined && seconds < PRELOAD_SECONDS)
    report(
      'SECURE_HSTS_PRELOAD',
      `needs SECURE_HSTS_SECONDS of a year or more, not ${seconds}.`,
      `Write SECURE_HSTS_SECONDS=${PRELOAD_SECONDS}, or leave this out.`,
    );
};

const RULES: readonly Rule[] = [
  ages,
  adoptionIsWhole,
  deviceCookieIsItsOwn,
  engineHasItsStorage,
  hstsIsWhole,
  cookieIsKept,
  secureWhereItCanBe,
  requiredInProduction,
];

/** Whether the cookie is secure; undefined where the settings that decide it could not be read. */
export function isSecure(values: Partial<EnvValues>): boolean | undefined {
  if (values.SESSION_COOKIE_SECURE !== 'auto') return values.SESSION_COOKIE_SECURE;
  return 'PUBLIC_URL' in values ? values.PUBLIC_URL?.protocol === 'https:' : undefined;
}

export function crossRules(values: EnvValues, ctx: z.core.$RefinementCtx<EnvValues>): void {
  const failed = new Set(ctx.issues.map(({ path }) => path?.[0]));
  const read: Partial<EnvValues> = Object.fromEntries(Object.entries(values).filter(([name]) => !failed.has(name)));
  for (const rule of RULES) {
    rule(read, (name, problem, mend) => ctx.addIssue({ code: 'custom', path: [name], message: problem, params: { mend } }));
  }
}
