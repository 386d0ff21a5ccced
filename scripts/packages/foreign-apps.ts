import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkCreatedApp, createApp, installFrom, tryToSignIn } from './created-app.ts';
import { openForeignFolder, type ForeignFolder } from './foreign-folder.ts';
import type { OtherNodes } from './other-nodes.ts';
import { root } from './published.ts';

export interface ForeignTools {
  readonly registryUrl: string;
  readonly nodes: OtherNodes;
  /** The tarball of create-gatehouse. */
  readonly createTarball: string;
}

type Env = Readonly<Record<string, string>>;

export interface ForeignApp {
  readonly name: string;
  /** `env` then has REDIS_URL. */
  readonly needsRedis?: boolean;
  /** Returns what took how long. @throws with what is wrong */
  readonly run: (tools: ForeignTools, env: Env) => Promise<string>;
}

/** The oldest major version of Node that `engines` allows, and one that it does not. */
const OLDEST = 22;
const TOO_OLD = 20;

export const FOREIGN_APPS: readonly ForeignApp[] = [
  { name: 'created-react', run: createdReact },
  { name: 'created-api', needsRedis: true, run: createdApi },
  inFolder('quick-start', quickStart),
  inFolder('commonjs', commonJs),
  { ...inFolder('redis-own-users', ownUsers), needsRedis: true },
  { ...inFolder('express-session', expressSession), needsRedis: true },
  inFolder('vite-react', async (app) => void (await app.run(join('node_modules', '.bin', 'vite'), ['build']))),
  inFolder('connect-socket-io', server('app.ts', 'check.ts')),
];

type Run = (app: ForeignFolder, env: Env, tools: ForeignTools) => Promise<void>;

/** A copy of `tests/foreign/<name>`. */
function inFolder(name: string, run: Run): ForeignApp {
  return {
    name,
    async run(tools, env) {
      const times = [performance.now()];
      const app = await openForeignFolder(name, tools.registryUrl);
      try {
        times.push(performance.now());
        await checkTypes(app);
        times.push(performance.now());
        await run(app, env, tools);
        const [install, types, program] = times.map((time, index) => (((times[index + 1] ?? performance.now()) - time) / 1000).toFixed(1));
        return `installed in ${install} s, types in ${types} s, run in ${program} s`;
      } finally {
        app.remove();
      }
    },
  };
}

/** With `skipLibCheck: true` in its tsconfig.json, because the declarations of @trpc/server are not sound, ours are checked still. */
async function checkTypes(app: ForeignFolder): Promise<void> {
  const tsc = join(root, 'node_modules/.bin/tsc');
  await app.run(tsc, ['-p', '.']);
  if (!readFileSync(join(app.path, 'tsconfig.json'), 'utf8').includes('"skipLibCheck": true')) return;
  const errors = await app.run(tsc, ['-p', '.', '--skipLibCheck', 'false']).catch((error: unknown) => String(error));
  const ours = errors.split('\n').filter((line) => /node_modules\/@gatehouse\//.test(line));
  if (ours.length > 0) throw new Error(ours.join('\n'));
}

/** A server, and a program that talks to it and fails where an answer is wrong. */
function server(file: string, check: string): Run {
  return async (app, env) => {
    const { url, stop } = await app.serve(file, env);
    try {
      await app.run('node', [check], { ...env, APP_URL: url });
    } finally {
      await stop();
    }
  };
}

/** Without Gatehouse's accounts nothing of Prisma is loaded. */
async function ownUsers(app: ForeignFolder, env: Env, tools: ForeignTools): Promise<void> {
  await app.run('node', ['old-table.ts']);
  await server('app.ts', 'check.ts')(app, { ...env, NODE_OPTIONS: '--import ./report-prisma.ts' }, tools);
}

/** Signs in at the app as it was, and goes on after its one import has changed. Then the store for apps that keep `express-session()`. */
async function expressSession(app: ForeignFolder, env: Env, tools: ForeignTools): Promise<void> {
  const text = readFileSync(join(app.path, 'app.ts'), 'utf8');
  const before = text.replace(/'\.\/gatehouse-sessions\.ts'; \/\/ was: ('.*')/, '$1;');
  assert.notEqual(before, text);
  writeFileSync(join(app.path, 'old-app.ts'), before);
  const withSecret = { ...env, OLD_SECRET: 'keyboard cat' };
  await server('old-app.ts', 'sign-in.ts')(app, withSecret, tools);
  await server('app.ts', 'check.ts')(app, withSecret, tools);
  await server('store-app.ts', 'check-store.ts')(app, env, tools);
}

/** The app of the README, and the robot that signs in to it. */
async function quickStart(app: ForeignFolder, env: Env, { registryUrl, nodes }: ForeignTools): Promise<void> {
  const ROBOT_PASSWORD = 'correct horse battery staple';
  const robot = await openForeignFolder('robot', registryUrl);
  const signIn = async (on: ForeignFolder, by: ForeignFolder): Promise<void> => {
    const { url, stop } = await on.serve('app.ts', env);
    try {
      await on.run('node', ['check.ts'], { ...env, APP_URL: url, ROBOT_PASSWORD });
      await by.run('node', ['robot.ts'], { APP_URL: url, ROBOT_PASSWORD });
    } finally {
      await stop();
    }
  };
  try {
    await checkTypes(robot);
    await app.run('node', ['add-user.ts', 'robot', ROBOT_PASSWORD], env);
    await signIn(app, robot);
    const older = await nodes.program(OLDEST);
    await signIn(app.under(older), robot.under(older));
    await assertRefused(app.under(await nodes.program(TOO_OLD)), "import('@gatehouse/server')");
  } finally {
    robot.remove();
  }
}

async function commonJs(app: ForeignFolder, env: Env, tools: ForeignTools): Promise<void> {
  const run = server('app.js', 'check.js');
  await run(app, env, tools);
  await run(app.under(await tools.nodes.program(OLDEST)), env, tools);
  await assertRefused(app.under(await tools.nodes.program(TOO_OLD)), "require('@gatehouse/session')");
}

/** A Node that is too old gets an error that says so. */
const assertRefused = (app: ForeignFolder, code: string): Promise<void> =>
  assert.rejects(app.run('node', ['-e', code]), /@gatehouse\/\w+ needs Node 22\.12 or newer, and this is Node 20\./);

/** With the pages as Vite serves them, and as it builds them. */
async function createdReact({ createTarball: tarball, registryUrl }: ForeignTools): Promise<string> {
  const began = performance.now();
  const app = await createApp({ tarball, registryUrl, args: ['--react'] });
  try {
    await checkCreatedApp(app);
    await tryToSignIn(app, { file: 'src/server/dev.ts', page: /\/@vite\/client/ });
    await assert.rejects(app.run('node', ['src/server/main.ts']), /Run `npm run build` first/);
    await app.run('npm', ['run', 'build']);
    await tryToSignIn(app, { file: 'src/server/main.ts', page: /src="\/assets\/index-[\w-]+\.js"/ });
    return secondsSince(began);
  } finally {
    app.remove();
  }
}

/** On SQLite; and, where there is PostgreSQL, with accounts there and sessions in Redis. */
async function createdApi({ createTarball: tarball, registryUrl, nodes }: ForeignTools, { REDIS_URL = '' }: Env): Promise<string> {
  const began = performance.now();
  const app = await createApp({ tarball, registryUrl, args: ['--api'] });
  try {
    await checkCreatedApp(app);
    await tryToSignIn(app, { file: 'src/server/main.ts' });

    const tooOld = createApp({ tarball, registryUrl, args: ['--api', '--no-install'], node: await nodes.program(TOO_OLD) });
    await assert.rejects(tooOld, /create-gatehouse needs Node 22\.18 or newer, and this is Node 20\./);

    // Imported here, because it needs the generated database clients.
    const { POSTGRESQL } = await import('../../prisma/testing/test-databases.ts');
    if (!POSTGRESQL.available) return `${secondsSince(began)}, without PostgreSQL`;
    const other = await createApp({ tarball, registryUrl, args: ['--api', '--database=postgresql', '--engine=redis', '--no-install'] });
    const database = await POSTGRESQL.create();
    try {
      await installFrom(app, other);
      await other.run('npm', ['test'], { TEST_DATABASE_URL: database.url, TEST_REDIS_URL: REDIS_URL });
      await tryToSignIn(other, { file: 'src/server/main.ts', env: { DATABASE_URL: database.url, REDIS_URL } });
    } finally {
      other.remove();
      await database.drop();
    }
    return secondsSince(began);
  } finally {
    app.remove();
  }
}

const secondsSince = (beganMs: number): string => `${((performance.now() - beganMs) / 1000).toFixed(1)} s`;
