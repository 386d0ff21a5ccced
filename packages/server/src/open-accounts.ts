import type { Accounts } from '@gatehouse/accounts';
import { editableFields, type AttributesSchema } from '@gatehouse/contract';
import { createLimitsForEngine, type SignInLimits } from '@gatehouse/limits';
import { isEmptyDatabase, migrate, openDatabase, pendingMigrations, type Database } from '@gatehouse/prisma';
import type { Engine } from '@gatehouse/session';
import { prepareDataFolder, type Settings } from '@gatehouse/settings';
import type { Request } from 'express';
import { accountIndexing } from './account-indexing.ts';
import { accountsPort } from './accounts-port.ts';
import type { ActivityLog } from './activity-log.ts';
import { adminStats } from './admin-stats.ts';
import { auditRetention } from './audit-retention.ts';
import { blockedAttempts } from './blocked-attempts.ts';
import type { EngineLatency } from './engine-latency.ts';
import type { GatehouseOptions } from './gatehouse-options.ts';
import type { Logger } from './logger.ts';
import { passwordCheck, type PasswordCheckParts } from './password-check.ts';
import { StartError } from './start-error.ts';

/*
 * All that needs the database and the accounts. Imported only by an app without users of its own, so that others need neither a database
 * driver nor a password hash.
 */

export interface OpenedDatabase {
  readonly database: Database;
  readonly appliedMigrations: readonly string[];
  close(): Promise<void>;
}

/** Opens the database and migrates it, or checks that it is migrated. @throws DatabaseOpenError, MigrationError, StartError */
export async function openAccountsDatabase(settings: Settings, options: GatehouseOptions): Promise<OpenedDatabase> {
  if (!options.database && settings.database.provider === 'sqlite' && settings.database.file.startsWith(settings.dataFolder))
    prepareDataFolder(settings);
  const database = options.database ?? (await openDatabase(settings.database.url));
  const close = async (): Promise<void> => (options.database ? undefined : database.close());
  try {
    // Not by the file: a process that starts at the same time may have created it, and not its tables.
    if (options.migrate ?? (await isEmptyDatabase(database)))
      return { database, close, appliedMigrations: (await migrate(database)).applied };
    const pending = await pendingMigrations(database);
    if (pending.length > 0)
      throw new StartError(
        `The database lacks ${pending.length === 1 ? 'one migration' : `${pending.length} migrations`}. Apply them with \`gatehouse migrate\`, or with createGatehouse({ migrate: true }).`,
      );
    return { database, close, appliedMigrations: [] };
  } catch (error) {
    await close();
    throw error;
  }
}

export interface AccountParts {
  readonly settings: Settings;
  readonly secrets: readonly [string, ...string[]];
  readonly database: Database;
  readonly accounts: Accounts;
  /** The schema of the app's own user fields. */
  readonly attributes: AttributesSchema;
  /** Without a time limit. */
  readonly storage: Engine;
  readonly engine: Engine;
  readonly activity: ActivityLog;
  readonly latency: EngineLatency['read'];
  readonly logger: Logger;
  readonly now: (() => number) | undefined;
  /** Called for each attempt that is refused before its password is checked. */
  readonly onRefused: PasswordCheckParts['onRefused'];
}

/** Passwords, their rate limits, the router's port to the accounts, and what is purged of them. */
export function wireAccounts({
  settings,
  secrets,
  database,
  accounts,
  attributes,
  storage,
  engine,
  activity,
  latency,
  logger,
  now,
  onRefused,
}: AccountParts) {
  const blocked = blockedAttempts(accounts, logger);
  const indexing = accountIndexing({ accounts, lease: engine.lease, logger });
  const limits: SignInLimits = createLimitsForEngine({
    engine: storage,
    database,
    settings: settings.signIn.limits,
    secrets,
    timeoutMs: settings.session.storageTimeoutMs,
    ...(now && { now }),
  });
  const counting: ActivityLog = {
    ...activity,
    passwordThrottled(req) {
      activity.passwordThrottled(req);
      blocked.add();
    },
  };
  const passwords = passwordCheck({
    accounts,
    limits,
    activity: counting,
    cookie: settings.signIn.deviceCookie,
    secrets,
    logger,
    onRefused,
  });
  const stats = adminStats({ accounts, engine, latency, flushBlocked: () => blocked.flush(), logger });
  const parts = { accounts, passwords, limits, engine, activity, stats, editable: editableFields(attributes) };
  return {
    limits,
    passwords,
    accountsOf: (req: Request) => accountsPort(parts, req),
    rememberDevice: passwords.rememberDevice,
    /** Ends background work. */
    async stop() {
      await indexing.stop();
      await blocked.stop();
    },
    purged: [limits, auditRetention(accounts, settings.audit.retentionSeconds)],
    /** For adoption: the id, user name or e-mail address of an account. The name of a deleted account matches none. */
    findUser: async (name: string) =>
      (await accounts.findUserById(name)) ?? ((await accounts.wasDeleted(name)) ? undefined : accounts.findUser(name)),
  };
}
