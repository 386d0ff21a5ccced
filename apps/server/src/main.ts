import { join } from 'node:path';
import { demoFields, seedDemoUsers, type Accounts } from '@gatehouse/accounts';
import { DatabaseOpenError, isDatabaseUnavailable, MigrationError } from '@gatehouse/prisma';
import { createGatehouse, StartError } from '@gatehouse/server';
import { RedisOpenError } from '@gatehouse/session/engine';
import { inspectSettings, SettingsError, takeVariables, withPort, type Settings } from '@gatehouse/settings';
import { createApp, type WebApp } from './app.ts';
import { watchClock } from './clock-watch.ts';
import { openDevWeb } from './dev-web.ts';
import { docsSite } from './docs-site.ts';
import { createHttpServer } from './http-server.ts';
import { inheritedListener, SOCKET_VARIABLES } from './inherited-listener.ts';
import { listen } from './listen.ts';
import { switchLevelOnSignal } from './log-level-signal.ts';
import { createLogger } from './logger.ts';
import { openSpa, SpaNotBuiltError } from './spa.ts';
import { checkedStart, hints } from './start-checks.ts';

/** A mistyped or invented option would otherwise be ignored, and the server would listen on another port than the operator expects. */
function isDev(args: readonly string[]): boolean {
  const unknown = args.find((arg) => arg !== '--dev' && arg !== '--');
  if (unknown === undefined) return args.includes('--dev');
  throw new StartError(
    `The server has no argument ${unknown}. It is configured by environment variables and .env: PORT=3001 pnpm start. All settings are in .env.example.`,
  );
}

/** Starts the server and prints its address. */
async function start(dev: boolean): Promise<void> {
  const inherited = inheritedListener(takeVariables(SOCKET_VARIABLES));
  const { settings: read, database } = await checkedStart(inspectSettings());
  const logger = createLogger(read);
  switchLevelOnSignal(logger);

  const gatehouse = await createGatehouse({ settings: read, database, migrate: true, logger, ...demo(read) });
  const { length: applied } = gatehouse.appliedMigrations;
  if (applied > 0) console.log(`Database: ${applied === 1 ? 'one migration' : `${applied} migrations`} applied.`);

  const server = createHttpServer();
  const web = dev ? await openDevWeb(read, server) : openWeb(join(read.projectRoot, 'apps/web/dist'), read.server.basePath);
  const settings = withPort(read, await listen(server, read.server, inherited));

  const clock = watchClock(logger);
  gatehouse.stopOnSignals(server, {
    onSignal: () => web.close?.(),
    async close() {
      clock.stop();
      await database.close();
    },
  });
  server.on('request', createApp({ gatehouse, settings, logger, web, docs: docsSite(join(read.projectRoot, 'apps/docs/dist')) }));

  for (const hint of await hints(read, database)) console.log(hint);
  await welcome(settings, gatehouse.accounts);
}

/** Like the demo users, not in production. */
const demo = ({ environment }: Settings) => (environment === 'production' ? {} : { attributes: demoFields });

function openWeb(distFolder: string, basePath: string): WebApp {
  const { assets, page, inlineScripts } = openSpa(distFolder, basePath);
  return { assets, page, inlineScripts };
}

async function welcome(settings: Settings, accounts: Accounts): Promise<void> {
  if (settings.environment !== 'production') {
    const created = await seedDemoUsers(accounts);
    if (created.length > 0) {
      console.log('\nThe database was empty, so two demo users were created. Their passwords are only shown now:');
      for (const { username, password, role } of created) console.log(`  ${username.padEnd(8)} ${password}   (${role})`);
    }
  }
  console.log(`\nGatehouse is ready: ${settings.server.publicUrl}${settings.server.basePath}`);
}

const EXPECTED = [SettingsError, DatabaseOpenError, MigrationError, RedisOpenError, SpaNotBuiltError, StartError];

/** Only the message if an operator can fix the error; otherwise the whole error. */
function problem(error: unknown): unknown {
  if (EXPECTED.some((kind) => error instanceof kind)) return `\n${(error as Error).message}`;
  if (!isDatabaseUnavailable(error)) return error;
  // The other lines quote the code that called Prisma.
  const message = (error as Error).message.trim().split('\n').at(-1);
  return `\nThe database stopped answering while the server started: ${message}. Start again once it responds, and check its connection limit.`;
}

try {
  await start(isDev(process.argv.slice(2)));
} catch (error) {
  console.error(problem(error));
  process.exit(1);
}
