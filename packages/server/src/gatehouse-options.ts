import type { HashingOptions } from '@gatehouse/accounts';
import type { AttributesSchema } from '@gatehouse/contract';
import type { Database } from '@gatehouse/prisma';
import type { DataSchema, EngineName, ExpiryPolicy, UserSource } from '@gatehouse/session';
import { inspectSettings, type Env, type Problem, type Settings, type SettingsReading } from '@gatehouse/settings';
import type { Logger } from './logger.ts';
import { optionProblems } from './option-problems.ts';

/** Each setting that is not given here comes from the environment or `.env`: see the settings table of the documentation. */
export interface GatehouseOptions {
  /** `file:./app.db`, `mysql://…` or `postgresql://…`. A relative path is relative to the folder of the app's package.json. Setting: DATABASE_URL. */
  readonly databaseUrl?: string | undefined;
  /** For the engines `redis` and `cached_db`. Setting: REDIS_URL. */
  readonly redisUrl?: string | undefined;
  /** Where sessions are stored. Setting: SESSION_ENGINE. @default 'db'; with `users`: 'redis' if there is a Redis URL, else 'memory' */
  readonly engine?: EngineName | undefined;
  /**
   * Signs the session cookie: 32 random characters or more. Several: the first signs, all verify. Setting: SESSION_SECRET.
   * @default outside production: generated, and kept in the file `session-secret` beside the SQLite database, or in the data folder
   */
  readonly secret?: string | readonly string[] | undefined;
  /** The address that users open in the browser, with the path if the app is served below one. Setting: PUBLIC_URL. */
  readonly publicUrl?: string | undefined;
  /** Origins of other front ends that may send the cookie. Setting: TRUSTED_ORIGINS. */
  readonly trustedOrigins?: readonly string[] | undefined;
  /** Any other setting by its name: `{ SESSION_COOKIE_AGE: '3600' }`. Precedence over the environment. */
  readonly env?: Env | undefined;
  /** All settings, already read. Excludes the options above. */
  readonly settings?: Settings | undefined;

  /**
   * Apply pending migrations to the database at start. If false and migrations are pending, `createGatehouse` throws a StartError.
   * @default true for a SQLite file that does not exist yet or has no tables, else false
   */
  readonly migrate?: boolean | undefined;
  /** An open database, instead of one that is opened for DATABASE_URL. `close` leaves it open. */
  readonly database?: Database | undefined;
  /**
   * Your own users instead of Gatehouse's accounts, for the engines `redis` and `memory`. No database is opened. Procedures that need accounts,
   * such as `auth.login`, are refused with NO_ACCOUNTS: sign in with `sessionOf(req).signIn(user, …)`.
   */
  readonly users?: UserSource | undefined;
  /** Own fields of users: a zod schema. @default the contract's `userAttributesSchema` */
  readonly attributes?: AttributesSchema | undefined;
  /** Types of the session's data: a zod schema. @default the contract's `sessionDataSchema` */
  readonly sessionData?: DataSchema | undefined;
  /** Where `requireSession` redirects people who are signed out, as the browser sees it. @default '/login', below the path of `publicUrl` */
  readonly signInPath?: string | undefined;
  /** Where `gatehouse.trpc()` is mounted, as the server sees it. @default '/trpc' */
  readonly trpcPath?: string | undefined;
  /**
   * Your own rule for the end of sessions, beside the settings: `({ user, loginTime }, now) => 'keep' | 'end' | { endAt: Date }`. Synchronous
   * and cheap: it is called for each request of a signed-in session. If it fails, the request is answered with 500.
   */
  readonly expiry?: ExpiryPolicy | undefined;
  /** For example a pino logger. @default warnings and errors on stderr, from LOG_LEVEL on */
  readonly logger?: Logger | undefined;
  /** Cost of password hashing. @default OWASP's argon2id parameters */
  readonly hashing?: HashingOptions | undefined;
  /** The clock of sessions, epoch milliseconds, for tests. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** The clock by which failed sign-ins are limited, epoch milliseconds. @default Date.now */
  readonly limitsNow?: (() => number) | undefined;
  /** Called for a stored session that cannot be read, in addition to a warning in the log. Its user counts as signed out. */
  readonly onCorruptSession?: ((problem: { handle: string | undefined; error: unknown }) => void) | undefined;
}

/** Options that are settings, with the setting's name. */
const SETTING_OF = {
  databaseUrl: 'DATABASE_URL',
  redisUrl: 'REDIS_URL',
  engine: 'SESSION_ENGINE',
  secret: 'SESSION_SECRET',
  publicUrl: 'PUBLIC_URL',
  trustedOrigins: 'TRUSTED_ORIGINS',
} as const satisfies Partial<Record<keyof GatehouseOptions, string>>;

type SettingOption = keyof typeof SETTING_OF;

const SETTING_OPTIONS = Object.keys(SETTING_OF) as SettingOption[];

const OTHER_OPTIONS = {
  env: true,
  settings: true,
  migrate: true,
  database: true,
  users: true,
  attributes: true,
  sessionData: true,
  signInPath: true,
  trpcPath: true,
  expiry: true,
  logger: true,
  hashing: true,
  now: true,
  limitsNow: true,
  onCorruptSession: true,
} as const satisfies Record<Exclude<keyof GatehouseOptions, SettingOption>, true>;

/** The settings for these options, and all problems. `settings` is undefined if a problem is too grave to continue the checks. */
export function readOptions(options: GatehouseOptions): SettingsReading {
  const problems = problemsOf(options);
  if (options.settings) return checkUsers(options, { settings: options.settings, problems });
  const given = SETTING_OPTIONS.filter((name) => options[name] !== undefined);
  const overrides: Record<string, string | undefined> = { ...options.env };
  for (const name of given) overrides[SETTING_OF[name]] = String(options[name]);
  let reading = inspectSettings(overrides);
  const more = defaultEngine(options, reading.settings, overrides);
  if (Object.keys(more).length > 0) reading = inspectSettings({ ...overrides, ...more });
  const optionOf = new Map<string, string>(given.map((name) => [SETTING_OF[name], name]));
  const named = reading.problems.map((problem) => ({ ...problem, name: optionOf.get(problem.name) ?? problem.name }));
  return checkUsers(options, { settings: reading.settings, problems: [...problems, ...named] });
}

function problemsOf(options: GatehouseOptions): Problem[] {
  const known = [...SETTING_OPTIONS, ...Object.keys(OTHER_OPTIONS)];
  const unknown = Object.keys(options)
    .filter((name) => !known.includes(name))
    .map((name) => ({ name, problem: 'is not an option of createGatehouse.', fix: `Options are ${known.join(', ')}.` }));
  const mistyped = SETTING_OPTIONS.filter((name) => options[name] !== undefined && !isText(options[name])).map((name) => ({
    name,
    problem: 'must be text.',
    fix: `Write it like the setting ${SETTING_OF[name]}.`,
  }));
  const beside = options.settings ? SETTING_OPTIONS.filter((name) => options[name] !== undefined) : [];
  const twice = beside.map((name) => ({ name, problem: 'is given together with `settings`.', fix: `Leave one of them out.` }));
  return [...unknown, ...mistyped, ...twice, ...optionProblems(options)];
}

const isText = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string'));

/** With own users and no engine that is named: one that works without a database. */
function defaultEngine({ users }: GatehouseOptions, settings: Settings | undefined, overrides: Env): Env {
  const isNamed = overrides['SESSION_ENGINE'] !== undefined || settings?.session.engine !== 'db';
  return users && !isNamed ? { SESSION_ENGINE: settings.redis.url === undefined ? 'memory' : 'redis' } : {};
}

function checkUsers({ users }: GatehouseOptions, { settings, problems }: SettingsReading): SettingsReading {
  const engine = settings?.session.engine;
  if (!users || engine === undefined || engine === 'redis' || engine === 'memory') return { settings, problems };
  const problem: Problem = {
    name: 'users',
    problem: `cannot be combined with the engine ${engine}, which reads users from Gatehouse’s own accounts in the database.`,
    fix: "Choose engine: 'redis', or 'memory' for development.",
  };
  return { settings, problems: [...problems, problem] };
}
