import type { Accounts } from '@gatehouse/accounts';
import type { Engine } from '@gatehouse/session';
import { createDjangoAdoption, openAdoption, type OpenAdoption } from '@gatehouse/session/adoption';
import { lifetimesOf, type Settings } from '@gatehouse/settings';
import type { ActivityLog } from './activity-log.ts';
import type { Logger } from './logger.ts';

export interface AdoptSessionsOptions {
  readonly settings: Settings;
  readonly secrets: readonly [string, ...string[]];
  readonly engine: Engine;
  readonly accounts: Accounts;
  readonly activity: Pick<ActivityLog, 'adopted'>;
  readonly logger: Logger;
}

/** The sessions of the app that was here before, if the settings say so. @throws RedisOpenError */
export async function adoptSessions({
  settings,
  secrets,
  engine,
  accounts,
  activity,
  logger,
}: AdoptSessionsOptions): Promise<OpenAdoption | undefined> {
  const { adoption, djangoCookieName, session } = settings;
  if (djangoCookieName !== undefined) {
    const django = createDjangoAdoption({
      engine,
      secrets,
      cookieName: djangoCookieName,
      timeoutMs: session.storageTimeoutMs,
      onAdopted: activity.adopted,
    });
    return { ...django, close: () => Promise.resolve() };
  }
  if (!adoption) return undefined;
  return openAdoption({
    engine,
    lifetimes: lifetimesOf(session),
    secret: secrets[0],
    cookie: { name: adoption.cookieName, secrets: adoption.secrets },
    redisUrl: adoption.redisUrl,
    prefix: adoption.prefix,
    userKeys: adoption.userKeys,
    timeoutMs: session.storageTimeoutMs,
    findUser: async (name) =>
      (await accounts.findUserById(name)) ?? ((await accounts.wasDeleted(name)) ? undefined : accounts.findUser(name)),
    onAdopted: activity.adopted,
    onConnectionError: (error) =>
      logger.warn({ problem: error.message }, 'The connection to the old app’s Redis failed; it is being made again.'),
    onUnknownUser: () => logger.warn('A session of the old app is of a user who has no account here; it stays where it is.'),
  });
}
