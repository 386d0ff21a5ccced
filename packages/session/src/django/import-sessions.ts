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

  /** Expires, unused, when Django would have ended it; with use it slides like any other. */
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
    // Not by the handle of the pointer, which follows from our secret as well.
    if (!(await claim({ key: hashSecret(row.key), handle, userId: owner.user.id, at: new Date(now()) }))) return 'before';
    // The server finds the session by this pointer. First, so that no session is stored that nobody could find. Of nobody: it may be stored
    // elsewhere than what belongs to the user.
    const pointer = { ...record, handle: tokenOfId(idOfDjangoSession(row.key, secret)).handle, userId: null, credentialEpoch: 0, data: {} };
    if (!(await engine.create(pointer, { successor: handle })) || !(await engine.create(record))) return 'ended';
    // Again, now that it can be found: whoever ends all sessions has set the mark before, or finds this one.
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

/** `set_expiry`: seconds, 0 until the browser closes, or a date, which the row has too. It means the same here. */
function expiryOf(expiry: unknown, { expiresAtMs }: DjangoRow): Expiry {
  if (typeof expiry === 'string') return { customAgeSeconds: null, fixedExpiryMs: expiresAtMs };
  return typeof expiry === 'number' && Number.isInteger(expiry) && expiry >= 0 && expiry <= MAX_AGE_SECONDS
    ? { customAgeSeconds: expiry, fixedExpiryMs: null }
    : NO_EXPIRY;
}

const MAX_AGE_SECONDS = 2_147_483_647;
