import type { SessionUser } from '@gatehouse/contract';
import type { Engine } from '@gatehouse/session';
import { createDjangoAdoption, openAdoption, type OpenAdoption } from '@gatehouse/session/adoption';
import { lifetimesOf, type Settings } from '@gatehouse/settings';
import type { ActivityLog } from './activity-log.ts';
import type { Logger } from './logger.ts';

export interface AdoptSessionsOptions {
  readonly settings: Settings;
  readonly secrets: readonly [string, ...string[]];
  readonly engine: Engine;
  /** By what the earlier app stored: an id, or for Gatehouse's accounts also a user name or e-mail address. */
  readonly findUser: (name: string) => Promise<SessionUser | undefined>;
  readonly activity: Pick<ActivityLog, 'adopted'>;
  readonly logger: Logger;
}

/** Adopts the sessions of an earlier app, if the settings say so. @throws RedisOpenError */
export async function adoptSessions({
  settings,
  secrets,
  engine,
  findUser,
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
    findUser,
    onAdopted: activity.adopted,
    onConnectionError: (error) => logger.warn({ problem: error.message }, 'The connection to the old app’s Redis failed. Reconnecting.'),
    onUnknownUser: () => logger.warn({}, 'A session of the old app belongs to a user without an account here. It was not adopted.'),
  });
}
