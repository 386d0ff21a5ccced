import type { ReadOnlyDatabase } from '@gatehouse/prisma';
import type { Engine, Lifetimes, SessionRecord, SessionUser } from '../engine-port.ts';
import { NO_EXPIRY, withExpiry, type Expiry } from '../policy.ts';
import { freshSecrets } from '../secrets.ts';
import { hashSecret, tokenOfId } from '../session-id.ts';
import { idOfDjangoSession, isDjangoSessionKey } from './django-cookie.ts';
import { djangoSessions, type DjangoRow } from './django-sessions.ts';
import { isSessionOf, readSessionData, type DjangoKeys } from './django-signing.ts';

interface Owner {
  readonly user: SessionUser;
  readonly credentialEpoch: number;
  /** Password hash as in Django. */
  readonly djangoPassword: string;
}

export interface ImportSessionsOptions {
  /** Django's database, which is only read. */
  readonly source: ReadOnlyDatabase;
  readonly keys: DjangoKeys;
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  /** The first secret of SESSION_SECRET, from which the server derives the sessions' handles. */
  readonly secret: string;
  /** Finds the accounts for Django user ids. Leaves out users who may not have a session. */
  readonly ownersOf: (djangoIds: readonly string[]) => Promise<ReadonlyMap<string, Owner>>;
  /** Records that a session is imported, by a hash of Django's key. Returns false if it was imported before. */
  readonly claim: (session: { key: string; handle: string; userId: string; at: Date }) => Promise<boolean>;
  /** Writes nothing. Sessions that were imported before count as imported. */
  readonly dryRun?: boolean;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** Default: 200. */
  readonly pageSize?: number;
}

/**
 * `anonymous`: without a user. `ended`: Django would have ended it, its user may not have a session here, or all of the
 * user's sessions were ended here. `before`: imported earlier.
 */
export type SessionOutcome = 'imported' | 'expired' | 'unreadable' | 'anonymous' | 'ended' | 'before';

/**
 * Imports the live sessions of `django_session`, so that browsers with Django's cookie stay signed in. Returns the
 * number of sessions by outcome.
 */
export async function importDjangoSessions(options: ImportSessionsOptions): Promise<Record<SessionOutcome, number>> {
  const { source, keys, engine, lifetimes, secret, ownersOf, claim, dryRun = false, now = Date.now, pageSize = 200 } = options;
  const counts = { imported: 0, expired: 0, unreadable: 0, anonymous: 0, ended: 0, before: 0 };

  /** An unused session expires when it would have in Django. With use it slides like any other. */
  async function recordOf(row: DjangoRow, { user, credentialEpoch }: Owner, expiry: unknown): Promise<SessionRecord> {
    const nowMs = now();
    const custom = expiryOf(expiry, row);
    return {
      handle: await engine.newHandle(user.id),
      ...freshSecrets({ secretHash: hashSecret(idOfDjangoSession(row.key, secret)), nowMs }),
      userId: user.id,
      credentialEpoch,
      data: { loginTime: new Date(nowMs).toISOString() },
      version: 1,
      ...withExpiry(
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
    const record = await recordOf(row, owner, data['_session_expiry']);
    const { handle } = record;
    // Not the pointer's handle, because that is derived from our secret too.
    if (!(await claim({ key: hashSecret(row.key), handle, userId: owner.user.id, at: new Date(now()) }))) return 'before';
    // The server finds the session through this pointer. It is stored first, so that no session is unreachable. It has
    // no user, because a user's sessions may be stored on another node.
    const pointer = { ...record, handle: tokenOfId(idOfDjangoSession(row.key, secret)).handle, userId: null, credentialEpoch: 0, data: {} };
    if (!(await engine.create(pointer, { successor: handle })) || !(await engine.create(record))) return 'ended';
    // Check again, now that the session is stored: a call that ends all sessions has either set the mark before or
    // finds this session.
    if (!(await engine.refusesAdoption(owner.user.id))) return 'imported';
    await engine.destroy(handle);
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

/** Django's `set_expiry`, which means the same here: seconds, 0 (until the browser closes) or a date, which the row has too. */
function expiryOf(expiry: unknown, { expiresAtMs }: DjangoRow): Expiry {
  if (typeof expiry === 'string') return { customAgeSeconds: null, fixedExpiryMs: expiresAtMs };
  return typeof expiry === 'number' && Number.isInteger(expiry) && expiry >= 0 && expiry <= MAX_AGE_SECONDS
    ? { customAgeSeconds: expiry, fixedExpiryMs: null }
    : NO_EXPIRY;
}

const MAX_AGE_SECONDS = 2_147_483_647;
