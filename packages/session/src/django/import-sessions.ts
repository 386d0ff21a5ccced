import type { ReadOnlyDatabase } from '@gatehouse/prisma';
import type { Engine, Lifetimes, SessionRecord, SessionUser } from '../engine-port.ts';
import { NO_EXPIRY, settled, type Expiry } from '../policy.ts';
import { newHandle, sessionKey } from '../session-id.ts';
import { idOfDjangoSession, isDjangoSessionKey } from './django-cookie.ts';
import { djangoSessions, type DjangoRow } from './django-sessions.ts';
import { isSessionOf, readSessionData, type DjangoKeys } from './django-signing.ts';

interface Owner {
  readonly user: SessionUser;
  readonly credentialEpoch: number;
  /** As Django holds it. */
  readonly djangoPassword: string;
}

export interface ImportSessionsOptions {
  /** Django's database: read, never written. */
  readonly source: ReadOnlyDatabase;
  readonly keys: DjangoKeys;
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  /** The first of SESSION_SECRET: the server finds the sessions again by it. */
  readonly secret: string;
  /** The accounts here of these users of Django's, those that may have a session. */
  readonly ownersOf: (djangoIds: readonly string[]) => Promise<ReadonlyMap<string, Owner>>;
  /** Writes down that a session has come over, by a hash of Django's key; false if it had before. */
  readonly claim: (session: { key: string; handle: string; userId: string; at: Date }) => Promise<boolean>;
  /** Nothing is written. Sessions that had come over before are counted as imported. */
  readonly dryRun?: boolean;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** Default: 200. */
  readonly pageSize?: number;
}

/** `anonymous`: nobody was signed in. `ended`: Django would have ended it, its user may not have one here, or all of theirs were ended here. */
export type SessionOutcome = 'imported' | 'expired' | 'unreadable' | 'anonymous' | 'ended' | 'before';

/** Brings the live sessions of `django_session` here, so that a browser that holds Django's cookie stays signed in. How many of each. */
export async function importDjangoSessions(options: ImportSessionsOptions): Promise<Record<SessionOutcome, number>> {
  const { source, keys, engine, lifetimes, secret, ownersOf, claim, dryRun = false, now = Date.now, pageSize = 200 } = options;
  const counts = { imported: 0, expired: 0, unreadable: 0, anonymous: 0, ended: 0, before: 0 };

  /** Ends, unused, when Django would have ended it; with use it goes on as any other. */
  function recordOf(row: DjangoRow, { user, credentialEpoch }: Owner, expiry: unknown): SessionRecord {
    const nowMs = now();
    const custom = expiryOf(expiry, row);
    return {
      key: sessionKey(idOfDjangoSession(row.key, secret)),
      handle: newHandle(),
      userId: user.id,
      credentialEpoch,
      data: { loginTime: new Date(nowMs).toISOString() },
      version: 1,
      ...settled(
        {
          createdAtMs: nowMs,
          lastActivityAtMs: nowMs,
          renewedAtMs: Math.min(nowMs, row.expiresAtMs - (custom.customAgeSeconds ? custom.customAgeSeconds * 1000 : lifetimes.ageMs)),
          ...custom,
        },
        lifetimes,
      ),
      ip: null,
      userAgent: null,
    };
  }

  async function bring(row: DjangoRow, data: Readonly<Record<string, unknown>>, owner: Owner | undefined): Promise<SessionOutcome> {
    if (!owner || !isSessionOf(data['_auth_user_hash'], owner.djangoPassword, keys)) return 'ended';
    if (await engine.refusesAdoption(owner.user.id)) return 'ended';
    if (dryRun) return 'imported';
    const record = recordOf(row, owner, data['_session_expiry']);
    // Not by the key here, which another secret would make another.
    if (!(await claim({ key: sessionKey(row.key), handle: record.handle, userId: owner.user.id, at: new Date(now()) }))) return 'before';
    if (!(await engine.create(record))) return 'ended';
    // Again, now that it can be found: whoever ends all sessions has set the mark before, or finds this one.
    if (!(await engine.refusesAdoption(owner.user.id))) return 'imported';
    await engine.destroy(record.key);
    return 'ended';
  }

  for await (const page of djangoSessions(source, pageSize)) {
    const live: { row: DjangoRow; data: Record<string, unknown>; userId: string }[] = [];
    for (const row of page) {
      const data = row.expiresAtMs > now() ? readSessionData(row.data, keys) : undefined;
      const userId = data?.['_auth_user_id'];
      if (row.expiresAtMs <= now()) counts.expired += 1;
      else if (!data || !isDjangoSessionKey(row.key)) counts.unreadable += 1;
      else if (typeof userId !== 'string' || !/^[\w-]{1,48}$/.test(userId)) counts.anonymous += 1;
      else live.push({ row, data, userId });
    }
    const owners = await ownersOf([...new Set(live.map(({ userId }) => userId))]);
    for (const { row, data, userId } of live) counts[await bring(row, data, owners.get(userId))] += 1;
  }
  return counts;
}

/** `set_expiry`: seconds, 0 until the browser closes, or a date, which the row has too. It means the same here. */
function expiryOf(expiry: unknown, { expiresAtMs }: DjangoRow): Expiry {
  if (typeof expiry === 'string') return { customAgeSeconds: null, fixedExpiryMs: expiresAtMs };
  return typeof expiry === 'number' && Number.isInteger(expiry) && expiry >= 0 && expiry <= MAX_AGE_SECONDS
    ? { customAgeSeconds: expiry, fixedExpiryMs: null }
    : NO_EXPIRY;
}

const MAX_AGE_SECONDS = 2_147_483_647;
