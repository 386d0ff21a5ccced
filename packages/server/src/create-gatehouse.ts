import { gatehouseRouter, type Context } from '@gatehouse/api';
import { TRPC_PATH, userAttributesSchema } from '@gatehouse/contract';
import { sessionMiddleware, type UserSource } from '@gatehouse/session';
import { lifetimesOf, sessionSecrets, type Settings, type SettingsReading } from '@gatehouse/settings';
import type { AnyTRPCRouter } from '@trpc/server';
import express from 'express';
import { accountExport } from './account-export.ts';
import { createActivityLog } from './activity-log.ts';
import { adoptSessions } from './adopt-sessions.ts';
import { assertRouter } from './assert-router.ts';
import { crossOrigin } from './cross-origin.ts';
import { createLiveConnections, createSessionFeed } from '@gatehouse/session/live';
import { createEvents } from './events.ts';
import { withAccountEvents } from './events-of-accounts.ts';
import { measureLatency } from './engine-latency.ts';
import { errorHandler } from './error-handler.ts';
import { readOptions, type GatehouseOptions } from './gatehouse-options.ts';
import type { Gatehouse, GatehouseWithUsers, TrpcOptions } from './gatehouse.ts';
import { health } from './health.ts';
import { httpsOnly } from './https-only.ts';
import { consoleLogger, type Logger } from './logger.ts';
import { openMetrics } from './metrics.ts';
import { missingPackage } from './missing-package.ts';
import { noAccounts } from './no-accounts.ts';
import { openStorage } from './open-storage.ts';
import { createOpenStreams } from './open-streams.ts';
import { readBody } from './read-body.ts';
import { sessionsForApp, signInPathOf, trustProxyOf } from './request-setup.ts';
import { scheduledPurge } from './scheduled-purge.ts';
import { keepEarlierFailure, mountTrpc } from './trpc-mount.ts';
import { checkedSettings } from './start-checks.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { openTracing } from './tracing.ts';
import { trpcContext } from './trpc-context.ts';

type Closer = () => Promise<void> | void;

/**
 * Everything of Gatehouse, wired for an Express app:
 *
 *     const gatehouse = await createGatehouse({ databaseUrl: 'file:./app.db' });
 *     const app = express();
 *     app.use(gatehouse.sessions);
 *     app.use('/trpc', gatehouse.trpc());
 *     app.get('/hello', requireSession, (req, res) => void res.send(`Hello ${getSessionUser(req)?.name}`));
 *     app.use(gatehouse.errors);
 *     app.listen(3000);
 *
 * @throws SettingsError (all problems at once), DatabaseOpenError, MigrationError, RedisOpenError, StartError: their messages say what to do
 */
export function createGatehouse(options?: GatehouseOptions & { readonly users?: undefined }): Promise<Gatehouse>;
export function createGatehouse(options: GatehouseOptions & { readonly users: UserSource }): Promise<GatehouseWithUsers>;
export async function createGatehouse(options: GatehouseOptions = {}): Promise<Gatehouse | GatehouseWithUsers> {
  const reading = readOptions(options);
  const closers: Closer[] = [];
  try {
    return await open(options, await settingsOf(reading, options), closers);
  } catch (error) {
    await closeAll(closers).catch(() => undefined);
    throw missingPackage(error) ?? error;
  }
}

/** A host that passes `settings` has done its own checks. */
async function settingsOf(reading: SettingsReading, options: GatehouseOptions): Promise<Settings> {
  if (options.settings && reading.problems.length === 0) return options.settings;
  const { database, users, logger } = options;
  return checkedSettings(reading, {
    ...(database && { open: () => Promise.resolve(database) }),
    withoutDatabase: users !== undefined,
    logger,
  });
}

async function open(options: GatehouseOptions, settings: Settings, closers: Closer[]): Promise<Gatehouse | GatehouseWithUsers> {
  const { users, attributes, expiry, now = Date.now, trpcPath = TRPC_PATH } = options;
  const tracing = openTracing();
  const logger = tracing.logger(options.logger ?? consoleLogger(settings.server.logLevel));
  const { session, server } = settings;
  const lifetimes = lifetimesOf(session);
  const secrets = sessionSecrets(settings);
  if (!options.settings) warnOfDefaults(options, settings, logger);

  const withAccounts = users ? undefined : await import('./open-accounts.ts');
  const opened = await withAccounts?.openAccountsDatabase(settings, options);
  if (opened) closers.push(opened.close);

  const events = createEvents(logger);
  const { storage, ...found } = await openStorage({
    settings,
    now,
    policy: expiry && { policy: expiry, now, onEnd: (end) => activity.endedByPolicy(end) },
    database: opened?.database,
    users,
    attributes,
    hashing: options.hashing,
    onConnectionError: (error) => logger.warn({ problem: error.message }, 'The connection to Redis failed. Reconnecting.'),
    onCorrupt({ engine: name, handle, error }) {
      logger.warn({ err: error, engine: name, handle }, 'A stored session cannot be read. Its user counts as signed out.');
      options.onCorruptSession?.({ handle, error });
    },
    onExpired: (batch) => activity.expired(batch),
    onEvicted: (sessions) => activity.evicted(sessions),
  });
  closers.push(() => storage.close());
  const metrics = await openMetrics(server, logger);
  closers.push(() => metrics.close());
  const { engine, read: latency } = measureLatency(metrics.measure(tracing.engine(found.engine)));
  closers.push(() => events.settle());

  const accounts = found.accounts && withAccountEvents(found.accounts, events.emit);
  const activity = createActivityLog({ accounts, logger, emit: events.emit, now: () => new Date(now()) });
  closers.push(() => {
    const droppedAuditWrites = activity.dropped();
    if (droppedAuditWrites > 0) logger.warn({ droppedAuditWrites }, 'Some rows of the audit trail could not be written.');
  });
  const accountParts =
    withAccounts && opened && accounts
      ? withAccounts.wireAccounts({
          settings,
          secrets,
          database: opened.database,
          accounts,
          attributes: attributes ?? userAttributesSchema,
          storage,
          engine,
          activity,
          latency,
          logger,
          now: options.limitsNow,
          onRefused: metrics.onRefused,
        })
      : undefined;
  if (accountParts) closers.push(() => accountParts.stop());

  const findUser = accountParts?.findUser ?? (async (id: string) => (await users?.find(id))?.user);
  const adoption = await adoptSessions({ settings, secrets, engine, findUser, activity, logger });
  if (adoption) closers.push(() => adoption.close());

  const sessions = sessionMiddleware({
    engine,
    lifetimes,
    cookie: session.cookie,
    secrets,
    freshAgeMs: session.freshAgeSeconds * 1000,
    maxDataBytes: session.maxDataBytes,
    adoption,
    now,
    bearer: session.bearer,
    onSignIn: (event, req) => activity.signedIn(req, event),
    onSignOut: (event, req) => activity.signedOut(req, event),
    ...(options.sessionData && { schema: options.sessionData }),
    ...signInPathOf(options, settings),
  });

  const purge = scheduledPurge({ engine: storage, also: accountParts?.purged ?? [], intervalMs: session.purgeIntervalMs, logger });
  closers.push(() => purge.stop());

  const feed = createSessionFeed({
    engine,
    now,
    onError: (error) => logger.warn({ err: error }, 'The sessions of open connections could not be checked. Trying again.'),
  });
  closers.push(() => feed.close());
  const streams = createOpenStreams();
  const live = createLiveConnections({
    feed,
    sessions,
    trustedOrigins: [server.publicUrl, ...server.trustedOrigins],
    onError: (error) => logger.error({ err: error }, 'The session of a connection could not be loaded.'),
  });
  const announceStop = (): void => void (isStopping = true);
  const stop = (): void => {
    announceStop();
    streams.stop();
    live.stop();
  };

  await metrics.start(events, {
    count: () => engine.count(),
    openStreams: () => streams.size,
    attempts: accountParts && (() => accountParts.passwords.load()),
    droppedAuditRows: () => activity.dropped(),
  });

  const setTrust = trustProxyOf(server.trustProxy);
  let isStopping = false;
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    stop();
    return (closed ??= closeAll(closers));
  };

  const base: GatehouseWithUsers = {
    settings,
    engine,
    sessions: sessionsForApp(tracing.request(sessions), { trpcPath, basePath: server.basePath, trustProxy: server.trustProxy }),
    trpc(...args) {
      // Whether `context` is required depends on what the app declares.
      const [router = gatehouseRouter, { context, publicUrl = server.publicUrl } = {}] = args as [AnyTRPCRouter?, TrpcOptions?];
      assertRouter(router);
      const contextParts = {
        accountsOf: accountParts?.accountsOf ?? (() => noAccounts),
        accounts,
        rememberDevice: accountParts?.rememberDevice ?? (() => undefined),
        engine,
        lifetimes,
        activity,
        feed,
        now,
        trustedOrigins: [publicUrl, ...server.trustedOrigins],
      };
      const mount = express.Router();
      mount.use(
        tracing.request((req, _res, next) => {
          setTrust(req);
          next();
        }),
        readBody,
        crossOrigin(server.trustedOrigins, { bearer: session.bearer }),
        ...(session.cookie.secure ? [httpsOnly] : []),
        ...mountTrpc({
          router: tracing.router(router),
          sessions,
          logger,
          feed,
          streams,
          createContext: context
            ? async (req) => ({ ...(await context(req)), ...trpcContext(contextParts, req) })
            : (req) => trpcContext(contextParts, req) as Context,
        }),
      );
      return [keepEarlierFailure, mount];
    },
    health: health(engine, () => isStopping),
    metrics: metrics.handler,
    accountExport: accountExport({ engine, accounts, trustedOrigins: [server.publicUrl, ...server.trustedOrigins] }),
    on: (name, handler) => events.on(name, handler),
    sessionFromUpgrade: (req) => live.fromUpgrade(req),
    watch: (req) => live.watch(req),
    errors: errorHandler(logger),
    stopOnSignals: (listening, { onSignal, close: closeApp } = {}) =>
      stopOnSignals({
        server: listening,
        async announce() {
          announceStop();
          await onSignal?.();
        },
        drainMs: server.shutdownDrainMs,
        endStreams: stop,
        graceMs: server.shutdownGraceMs,
        logger,
        async close() {
          await close();
          await closeApp?.();
        },
      }),
    announceStop,
    drain: stop,
    close,
  };
  if (!opened || !accounts || !accountParts) return base;
  const { limits, passwords } = accountParts;
  return { ...base, accounts, passwords, limits, database: opened.database, appliedMigrations: opened.appliedMigrations };
}

/** In reverse order of opening. If one fails, the others are closed all the same. */
async function closeAll(closers: Closer[]): Promise<void> {
  const failures: unknown[] = [];
  for (let close = closers.pop(); close; close = closers.pop()) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- what was opened later uses what was opened before
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

function warnOfDefaults({ users, engine }: GatehouseOptions, { session, dataFolder }: Settings, logger: Logger): void {
  if (session.secrets.length === 0)
    logger.warn(
      { file: `${dataFolder}/session-secret` },
      'SESSION_SECRET is not set. A generated one is used, which is for development only.',
    );
  if (users && engine === undefined && session.engine === 'memory')
    logger.warn({}, 'Sessions are kept in memory and end with this process. Set REDIS_URL to keep them.');
}
