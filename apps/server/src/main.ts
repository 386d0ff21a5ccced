import { join } from 'node:path';
import { createAccounts, seedDemoUsers } from '@gatehouse/accounts';
import { createLimitsForEngine } from '@gatehouse/limits';
import { DatabaseOpenError, isDatabaseUnavailable, MigrationError, migrate } from '@gatehouse/prisma';
import { openEngine, withDeadline } from '@gatehouse/session';
import { RedisOpenError } from '@gatehouse/session/engine';
import { inspectSettings, lifetimesOf, sessionSecrets, SettingsError, withPort, type Settings } from '@gatehouse/settings';
import { createActivityLog } from './activity-log.ts';
import { adoptSessions } from './adopt-sessions.ts';
import { createApp } from './app.ts';
import { auditRetention } from './audit-retention.ts';
import { watchClock } from './clock-watch.ts';
import { openDevWeb } from './dev-web.ts';
import { createHttpServer } from './http-server.ts';
import { listen } from './listen.ts';
import { createLogger } from './logger.ts';
import { scheduledPurge } from './scheduled-purge.ts';
import { shutDownOnSignals } from './shutdown.ts';
import { openSpa, SpaNotBuiltError } from './spa.ts';
import { checkedStart, hints } from './start-checks.ts';
import { StartError } from './start-error.ts';

/** Everything joined together, in the order in which it can fail. */
async function start(dev: boolean): Promise<void> {
  const { settings: asked, database } = await checkedStart(inspectSettings());
  const secrets = sessionSecrets(asked);
  const logger = createLogger(asked);

  const { applied } = await migrate(database);
  if (applied.length > 0) console.log(`Database: ${applied.length === 1 ? 'one migration' : `${applied.length} migrations`} applied.`);

  const storage = await openEngine(asked.session.engine, {
    lifetimes: lifetimesOf(asked.session),
    database,
    redisUrl: asked.redis.url,
    storageTimeoutMs: asked.session.storageTimeoutMs,
    onConnectionError: (error) => logger.warn({ problem: error.message }, 'The connection to Redis failed; it is being made again.'),
    onCorrupt: ({ engine, handle, error }) =>
      logger.warn({ err: error, engine, handle }, 'A stored session cannot be read; it counts as signed out.'),
    limitPerUser: asked.session.limitPerUser,
    onExpired: (batch) => activity.expired(batch),
    onEvicted: (sessions) => activity.evicted(sessions),
  });
  const engine = withDeadline(storage, asked.session.storageTimeoutMs);

  const limits = createLimitsForEngine({
    engine: storage,
    database,
    settings: asked.signIn.limits,
    secrets,
    timeoutMs: asked.session.storageTimeoutMs,
  });

  const accounts = createAccounts({
    database,
    hashing: { peppers: asked.passwordPeppers },
    sessions: engine.inDatabase ? undefined : engine,
  });
  const activity = createActivityLog(accounts, logger);

  const adoption = await adoptSessions({ settings: asked, secrets, engine, accounts, activity, logger });

  const server = createHttpServer();
  const web = dev ? await openDevWeb(asked, server) : openWeb(join(asked.projectRoot, 'apps/web/dist'));
  const port = await listen(server, asked.server);
  const settings = withPort(asked, port);

  const retention = auditRetention(accounts, asked.audit.retentionSeconds);
  const purge = scheduledPurge({ engine: storage, also: [limits, retention], intervalMs: asked.session.purgeIntervalMs, logger });
  const clock = watchClock(logger);
  const { isStopping } = shutDownOnSignals({
    server,
    graceMs: settings.server.shutdownGraceMs,
    logger,
    async close() {
      await purge.stop();
      await adoption?.close();
      clock.stop();
      await storage.close();
      await database.close();
      const droppedAuditWrites = activity.dropped();
      if (droppedAuditWrites > 0) logger.warn({ droppedAuditWrites }, 'The audit trail lacks what could not be written.');
    },
  });
  server.on('request', createApp({ settings, secrets, engine, adoption, accounts, limits, activity, logger, isStopping, web }));

  for (const hint of await hints(asked, database)) console.log(hint);
  await welcome(settings, accounts);
}

function openWeb(distFolder: string) {
  const { assets, page, inlineScripts } = openSpa(distFolder);
  return { assets, page, inlineScripts };
}

async function welcome(settings: Settings, accounts: ReturnType<typeof createAccounts>): Promise<void> {
  if (settings.environment !== 'production') {
    const demo = await seedDemoUsers(accounts);
    if (demo.length > 0) {
      console.log('\nThe database was empty, so two demo users were made. Their passwords are shown this once:');
      for (const { username, password, role } of demo) console.log(`  ${username.padEnd(8)} ${password}   (${role})`);
    }
  }
  console.log(`\nGatehouse is ready: ${settings.server.publicUrl}`);
}

const EXPECTED = [SettingsError, DatabaseOpenError, MigrationError, RedisOpenError, SpaNotBuiltError, StartError];

/** What a person can mend, in one line; a defect is shown whole. */
function problem(error: unknown): unknown {
  if (EXPECTED.some((kind) => error instanceof kind)) return `\n${(error as Error).message}`;
  if (!isDatabaseUnavailable(error)) return error;
  // Before its last line Prisma says which of its calls it was.
  const said = (error as Error).message.trim().split('\n').at(-1);
  return `\nThe database stopped answering while the server started: ${said}. Start again once it does, and look at its limits of connections.`;
}

try {
  await start(process.argv.includes('--dev'));
} catch (error) {
  console.error(problem(error));
  process.exit(1);
}
