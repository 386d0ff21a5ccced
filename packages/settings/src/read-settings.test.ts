import { ENGINE_NAMES, engineEntry } from '@gatehouse/session/registry';
import { relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSettings, type Env } from './read-settings.ts';
import { SettingsError } from './settings-error.ts';
import { withPort } from './settings.ts';

const read = (env: Env = {}) => readSettings(env, { projectRoot: '/project' });

function problemsOf(env: Env) {
  try {
    read(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

const GOOD_SECRET = 'hV3tq8Zk1rX0bN7mC5wE9yU2iO6pA4sD';
const PRODUCTION: Env = { NODE_ENV: 'production', SESSION_SECRET: GOOD_SECRET, PUBLIC_URL: 'https://app.test', TRUST_PROXY: '1' };

test('an empty environment gives Django’s defaults, on this machine only', () => {
  expect(read()).toEqual({
    environment: 'development',
    projectRoot: '/project',
    dataFolder: '/project/data',
    session: {
      engine: 'db',
      cookieAgeSeconds: 1_209_600,
      saveEveryRequest: true,
      expireAtBrowserClose: false,
      limitPerUser: 100,
      freshAgeSeconds: 600,
      absoluteAgeSeconds: 7_776_000,
      activityIntervalSeconds: 60,
      maxDataBytes: 262_144,
      bearer: false,
      storageTimeoutMs: 2000,
      nearCacheSessions: 0,
      purgeIntervalMs: 3_600_000,
      secrets: [],
      cookie: { name: 'gatehouse.sid', secure: false, sameSite: 'lax', domain: undefined, path: '/', httpOnly: true },
    },
    signIn: {
      limits: { accountFailures: 10, addressFailures: 30, windowMs: 900_000 },
      deviceCookie: { name: 'deviceid', secure: false, sameSite: 'lax', domain: undefined, path: '/', httpOnly: true },
    },
    server: {
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      basePath: '',
      trustedOrigins: [],
      trustProxy: false,
      hsts: undefined,
      shutdownDrainMs: 0,
      shutdownGraceMs: 10_000,
      metrics: undefined,
      logLevel: 'info',
    },
    database: { provider: 'sqlite', url: 'file:/project/data/gatehouse.db', file: '/project/data/gatehouse.db' },
    redis: { url: undefined },
    audit: { retentionSeconds: 15_552_000 },
    adoption: undefined,
    djangoCookieName: undefined,
    passwordPeppers: [],
  });
});

test('an empty value counts as not set', () => {
  expect(read({ SESSION_COOKIE_AGE: '', PUBLIC_URL: '  ' })).toEqual(read());
});

test('all problems are reported at once, each with a fix', () => {
  const problems = problemsOf({
    SESSION_COOKIE_AGE: '14d',
    PORT: '99999',
    SESSION_COKIE_PATH: '/',
    SESSION_COOKIE_SAMESITE: 'None',
    TRUST_PROXY: 'true',
  });
  expect(problems.map(({ name }) => name).sort()).toEqual([
    'PORT',
    'SESSION_COKIE_PATH',
    'SESSION_COOKIE_AGE',
    'SESSION_COOKIE_SAMESITE',
    'TRUST_PROXY',
  ]);
  for (const { problem, fix } of problems) expect([problem, fix]).not.toContain('');
});

test('the message has a line for each setting, with the fix below', () => {
  expect(() => read({ SESSION_COOKIE_AGE: '14d' })).toThrow(
    'Invalid setting:\n  SESSION_COOKIE_AGE must be a whole number of seconds, not "14d".\n      Write seconds: 3600 is an hour, 86400 a day, 1209600 two weeks.',
  );
});

test('an unknown SESSION_ name is an error with a suggestion', () => {
  expect(problemsOf({ SESSION_COOKIE_AGES: '5' })).toEqual([
    { name: 'SESSION_COOKIE_AGES', problem: 'is not a setting.', fix: 'Did you mean SESSION_COOKIE_AGE?' },
  ]);
  expect(problemsOf({ SESSION_WHATEVER_ELSE_ENTIRELY: '5' })[0]?.fix).toContain('.env.example');
});

test('SESSION_MANAGER, which X11 sets on every desktop, is ignored', () => {
  expect(problemsOf({ SESSION_MANAGER: 'local/host:@/tmp/.ICE-unix/1' })).toEqual([]);
});

test.each([
  { SESSION_COOKIE_NAME: 'deviceid' },
  { SESSION_ADOPT_DJANGO_COOKIE: 'deviceid' },
  { SESSION_ADOPT_COOKIE_NAME: '__Host-deviceid', SESSION_ADOPT_SECRET: 'the secret of an old app', REDIS_URL: 'redis://here' },
])('security 16: no other cookie can have the name of the device cookie: %j', (env) => {
  expect(problemsOf(env).map(({ name }) => name)).toEqual([Object.keys(env)[0]]);
});

test('in production a server drains for five seconds; elsewhere it stops at once', () => {
  const production = {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://app.test',
    TRUST_PROXY: '1',
    SESSION_SECRET: 'kZ8w3vQn5rT1yXc7bM2pL9dF4hJ6sA0g',
  };
  expect(read(production).server.shutdownDrainMs).toBe(5000);
  expect(read({ ...production, SHUTDOWN_DRAIN: '0.5' }).server.shutdownDrainMs).toBe(500);
  expect(read({}).server.shutdownDrainMs).toBe(0);
});

test('metrics have a port of their own or a token', () => {
  expect(read({ METRICS_PORT: '9464' }).server.metrics).toEqual({ port: 9464, token: undefined });
  expect(read({ METRICS_TOKEN: 'sixteen.letters+' }).server.metrics).toEqual({ port: undefined, token: 'sixteen.letters+' });
  expect(problemsOf({ METRICS_PORT: '3000' }).map(({ name }) => name)).toEqual(['METRICS_PORT']);
  expect(problemsOf({ METRICS_TOKEN: 'hunter2 hunter2 hunter2' })).toMatchObject([
    { name: 'METRICS_TOKEN', problem: expect.not.stringContaining('hunter2') },
  ]);
});

test('an invalid setting does not break rules between settings', () => {
  expect(
    problemsOf({ PUBLIC_URL: 'nonsense', SESSION_COOKIE_SECURE: 'true', SESSION_COOKIE_SAMESITE: 'None' }).map(({ name }) => name),
  ).toEqual(['PUBLIC_URL']);
});

describe('messages contain no secrets', () => {
  test.each([
    ['SESSION_SECRET', 'hunter2-hunter2'],
    ['DATABASE_URL', 'mysql://root:hunter2@db'],
    ['DATABASE_URL', 'odd://root:hunter2@db/app'],
    ['REDIS_URL', 'http://:hunter2@redis'],
    ['PUBLIC_URL', 'https://me:hunter2@app.test'],
  ])('%s', (name, value) => {
    expect(problemsOf({ [name]: value })).not.toEqual([]);
    expect(() => read({ [name]: value })).not.toThrow(/hunter2/);
  });
});

test('the data folder is the one of a SQLite file that DATABASE_URL names, unless it is set', () => {
  const folder = (env: Env) => relative(read().projectRoot, read(env).dataFolder);
  expect(folder({})).toBe('data');
  expect(folder({ DATABASE_URL: 'file:./db/app.db' })).toBe('db');
  expect(folder({ DATABASE_URL: 'file:./db/app.db', GATEHOUSE_DATA_DIR: 'other' })).toBe('other');
  expect(folder({ DATABASE_URL: 'postgresql://app@db.test/app' })).toBe('data');
});

describe('the cookie', () => {
  const cookie = (env: Env) => read(env).session.cookie;

  test('has the __Host- prefix if https, path and domain allow it', () => {
    expect(cookie(PRODUCTION)).toMatchObject({ name: '__Host-sessionid', secure: true });
    expect(cookie({ ...PRODUCTION, SESSION_COOKIE_DOMAIN: '.app.test' })).toMatchObject({ name: 'gatehouse.sid', domain: 'app.test' });
    expect(cookie({ ...PRODUCTION, SESSION_COOKIE_PATH: '/app' }).name).toBe('gatehouse.sid');
    expect(cookie({ ...PRODUCTION, SESSION_COOKIE_NAME: 'sid' }).name).toBe('sid');
  });

  test('has the path of PUBLIC_URL, unless a path is set', () => {
    const below = { ...PRODUCTION, PUBLIC_URL: 'https://app.test/a/b/' };
    expect(read(below).server).toMatchObject({ publicUrl: 'https://app.test', basePath: '/a/b' });
    expect(cookie(below)).toMatchObject({ name: 'gatehouse.sid', path: '/a/b' });
    expect(cookie({ ...below, SESSION_COOKIE_PATH: '/' })).toMatchObject({ name: '__Host-sessionid', path: '/' });
    expect(problemsOf({ ...below, SESSION_COOKIE_NAME: '__Host-sid' }).map(({ name }) => name)).toEqual(['SESSION_COOKIE_NAME']);
    for (const path of ['/a%2fb', '/a b', '/a//b', '/ä', '/a?b', '/a#b'])
      expect(problemsOf({ ...PRODUCTION, PUBLIC_URL: `https://app.test${path}` }).map(({ name }) => name)).toEqual(['PUBLIC_URL']);
  });

  test.each<[string, Env]>([
    ['SESSION_COOKIE_SAMESITE', { SESSION_COOKIE_SAMESITE: 'None' }],
    ['SESSION_COOKIE_SECURE', { SESSION_COOKIE_SECURE: 'true' }],
    ['SESSION_COOKIE_HTTPONLY', { SESSION_COOKIE_HTTPONLY: 'false' }],
    ['SESSION_COOKIE_NAME', { SESSION_COOKIE_NAME: '__Host-sid' }],
    ['SESSION_COOKIE_NAME', { SESSION_COOKIE_NAME: '__Secure-sid' }],
    ['SESSION_COOKIE_NAME', { SESSION_COOKIE_NAME: 'a b' }],
    ['SESSION_COOKIE_PATH', { SESSION_COOKIE_PATH: '/a;b' }],
    ['SESSION_COOKIE_DOMAIN', { ...PRODUCTION, SESSION_COOKIE_DOMAIN: 'evil.test' }],
    ['SESSION_COOKIE_DOMAIN', { SESSION_COOKIE_DOMAIN: 'localhost' }],
  ])('%s is refused if browsers would reject the cookie or scripts could read it: %j', (name, env) => {
    expect(problemsOf(env).map((problem) => problem.name)).toEqual([name]);
  });
});

describe('ages', () => {
  test('a lifetime in milliseconds is refused', () => {
    expect(problemsOf({ SESSION_COOKIE_AGE: '1209600000' })[0]?.fix).toBe('Write seconds, not milliseconds.');
  });

  test.each(['1e15', '1000000000000000', '9'.repeat(400), 'Infinity', '315360001'])(
    'semantics 17: an age of %s is refused, and the message contains the limit',
    (text) => {
      for (const name of ['SESSION_COOKIE_AGE', 'SESSION_ABSOLUTE_AGE']) {
        const [problem] = problemsOf({ SESSION_ABSOLUTE_AGE: '315360000', [name]: text });
        expect(problem).toMatchObject({ name, problem: expect.stringContaining('must be at most 315360000') });
      }
    },
  );

  test('an activity interval as long as the age is refused: sessions in use would expire', () => {
    expect(problemsOf({ SESSION_COOKIE_AGE: '30' }).map(({ name }) => name)).toEqual(['SESSION_ACTIVITY_INTERVAL']);
    expect(problemsOf({ SESSION_COOKIE_AGE: '30', SESSION_ACTIVITY_INTERVAL: '0' })).toEqual([]);
    expect(problemsOf({ SESSION_COOKIE_AGE: '30', SESSION_SAVE_EVERY_REQUEST: 'false' })).toEqual([]);
  });
});

describe('production', () => {
  test('listens on every interface', () => {
    expect(read(PRODUCTION).server).toMatchObject({ host: '0.0.0.0', publicUrl: 'https://app.test', trustProxy: 1 });
  });

  test.each<[string, Env]>([
    ['SESSION_SECRET', { SESSION_SECRET: undefined }],
    ['PUBLIC_URL', { PUBLIC_URL: undefined }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://app.test' }],
    ['SESSION_COOKIE_SECURE', { SESSION_COOKIE_SECURE: 'false' }],
    ['TRUST_PROXY', { TRUST_PROXY: undefined }],
  ])('requires %s: %j', (name, change) => {
    expect(problemsOf({ ...PRODUCTION, ...change }).map((problem) => problem.name)).toEqual([name]);
  });

  test('allows http on this machine, or if it is explicitly accepted', () => {
    expect(problemsOf({ ...PRODUCTION, PUBLIC_URL: 'http://localhost:3000' })).toEqual([]);
    expect(problemsOf({ ...PRODUCTION, PUBLIC_URL: 'http://intranet.test', SESSION_COOKIE_SECURE: 'false' })).toEqual([]);
  });
});

test('PORT=0 is replaced by the port that the system chose', () => {
  const { server } = withPort(read({ PORT: '0' }), 41_234);
  expect(server).toMatchObject({ port: 41_234, publicUrl: 'http://localhost:41234' });
  expect(withPort(read({ PORT: '0', PUBLIC_URL: 'http://app.test' }), 41_234).server.publicUrl).toBe('http://app.test');
});

test('a database server needs only its URL', () => {
  const url = 'mysql://app:secret@db.internal/gatehouse';
  expect(read({ DATABASE_URL: url }).database).toEqual({ provider: 'mysql', url });
  expect(read({ DATABASE_URL: 'postgresql://db/app' }).database).toEqual({ provider: 'postgresql', url: 'postgresql://db/app' });
});

test.each(ENGINE_NAMES)('SESSION_ENGINE=%s asks for REDIS_URL if it needs Redis', (engine) => {
  const missing = engineEntry(engine).needs.redis ? [{ name: 'REDIS_URL' }] : [];
  expect(problemsOf({ SESSION_ENGINE: engine })).toMatchObject(missing);
  expect(problemsOf({ SESSION_ENGINE: engine, REDIS_URL: 'redis://localhost:6379' })).toEqual([]);
});

test.each(ENGINE_NAMES)('SESSION_NEAR_CACHE is refused with SESSION_ENGINE=%s unless it has one', (engine) => {
  const env = { SESSION_ENGINE: engine, SESSION_NEAR_CACHE: '1000', REDIS_URL: 'redis://localhost:6379' };
  expect(problemsOf(env)).toMatchObject(engineEntry(engine).nearCache ? [] : [{ name: 'SESSION_NEAR_CACHE' }]);
  expect(problemsOf({ ...env, SESSION_NEAR_CACHE: '0' })).toEqual([]);
});

test.each([
  ['rediss+sentinel://a:26379/mymaster', 1],
  ['redis+cluster://a:7000,b:7000', 1],
  ['redis://localhost/0?wait=1', 1],
  ['redis://localhost/0?wait=0', 0],
  ['rediss://user:p%40ss@host:6380/1', 0],
  ['redis+unix:///run/redis/redis.sock', 0],
])('SESSION_NEAR_CACHE needs a single Redis server: %s', (url, problems) => {
  const found = problemsOf({ SESSION_ENGINE: 'redis', SESSION_NEAR_CACHE: '1000', REDIS_URL: url });
  expect(found).toMatchObject(problems === 0 ? [] : [{ name: 'SESSION_NEAR_CACHE' }]);
});

test.each([
  'redis://localhost',
  'rediss://user:p%40ss@host:6380/1',
  'redis+sentinel://a:26379,b:26379/mymaster',
  'redis+cluster://a:7000,b:7000',
  'redis+unix:///run/redis/redis.sock?db=1',
  'unix://app:p%40ss@/run/redis.sock',
])('REDIS_URL accepts %s', (url) => {
  expect(problemsOf({ REDIS_URL: url })).toEqual([]);
});

test.each(['localhost:6379', 'http://localhost', 'redis://', 'redis+ring://a', 'unix://host', 'redis+unix://'])(
  'REDIS_URL refuses %s',
  (url) => {
    expect(problemsOf({ REDIS_URL: url })).toMatchObject([{ name: 'REDIS_URL' }]);
  },
);

describe('HSTS (RFC 6797)', () => {
  test('is sent for this host only, for 30 days, and only with https', () => {
    expect(read().server.hsts).toBeUndefined();
    expect(read(PRODUCTION).server.hsts).toEqual({ maxAgeSeconds: 2_592_000, includeSubDomains: false, preload: false });
    expect(read({ ...PRODUCTION, SECURE_HSTS_SECONDS: '0' }).server.hsts).toBeUndefined();
  });

  test.each<[Env, string]>([
    [{ SECURE_HSTS_SECONDS: '-1' }, 'SECURE_HSTS_SECONDS'],
    [{ SECURE_HSTS_SECONDS: '30d' }, 'SECURE_HSTS_SECONDS'],
    [{ SECURE_HSTS_INCLUDE_SUBDOMAINS: 'some' }, 'SECURE_HSTS_INCLUDE_SUBDOMAINS'],
    [{ SECURE_HSTS_SECONDS: '0', SECURE_HSTS_INCLUDE_SUBDOMAINS: 'true' }, 'SECURE_HSTS_INCLUDE_SUBDOMAINS'],
    [{ SECURE_HSTS_SECONDS: '31536000', SECURE_HSTS_PRELOAD: 'true' }, 'SECURE_HSTS_PRELOAD'],
    [{ SECURE_HSTS_INCLUDE_SUBDOMAINS: 'true', SECURE_HSTS_PRELOAD: 'true' }, 'SECURE_HSTS_PRELOAD'],
  ])('%j is refused', (env, name) => {
    expect(problemsOf({ ...PRODUCTION, ...env }).map((problem) => problem.name)).toEqual([name]);
  });

  test('the requirements of the preload list are accepted', () => {
    const env = { SECURE_HSTS_SECONDS: '31536000', SECURE_HSTS_INCLUDE_SUBDOMAINS: 'true', SECURE_HSTS_PRELOAD: 'true' };
    expect(read({ ...PRODUCTION, ...env }).server.hsts).toEqual({ maxAgeSeconds: 31_536_000, includeSubDomains: true, preload: true });
  });
});

test('adoption is off without a secret, and reports what is missing', () => {
  const SESSION_ADOPT_SECRET = 'keyboard cat, older cat';
  expect(read({ SESSION_ADOPT_SECRET, REDIS_URL: 'redis://here' }).adoption).toEqual({
    cookieName: 'connect.sid',
    secrets: ['keyboard cat', 'older cat'],
    redisUrl: 'redis://here',
    prefix: 'sess:',
    userKeys: ['userId', 'user.id', 'passport.user', 'passport.user.id'],
  });
  const env = {
    SESSION_ADOPT_SECRET,
    REDIS_URL: 'redis://here',
    SESSION_ADOPT_REDIS_URL: 'redis://there',
    SESSION_ADOPT_USER_KEY: 'who.is',
  };
  expect(read(env).adoption).toMatchObject({ redisUrl: 'redis://there', userKeys: ['who.is'] });
  const names = (values: Env) => problemsOf(values).map(({ name }) => name);
  expect(names({ SESSION_ADOPT_SECRET })).toEqual(['SESSION_ADOPT_REDIS_URL']);
  expect(names({ SESSION_ADOPT_USER_KEY: 'userId' })).toEqual(['SESSION_ADOPT_USER_KEY']);
  expect(names({ ...env, SESSION_COOKIE_NAME: 'connect.sid', SESSION_ADOPT_USER_KEY: 'a..b' }).sort()).toEqual([
    'SESSION_ADOPT_USER_KEY',
    'SESSION_COOKIE_NAME',
  ]);
  expect(names({ ...env, SESSION_ADOPT_SECRET: 'one,,two' })).toEqual(['SESSION_ADOPT_SECRET']);
  expect(read({ SESSION_ADOPT_DJANGO_COOKIE: 'sessionid' }).djangoCookieName).toBe('sessionid');
  expect(names({ ...env, SESSION_ADOPT_DJANGO_COOKIE: 'sessionid' })).toEqual(['SESSION_ADOPT_DJANGO_COOKIE']);
});
