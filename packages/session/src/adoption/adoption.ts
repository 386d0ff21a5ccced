import { createHmac } from 'node:crypto';
import type { SessionUser } from '@gatehouse/contract';
import { withStorageTimeout } from '../deadline.ts';
import type { ClientInfo, Engine, Lifetimes, SessionRecord } from '../engine-port.ts';
import { withExpiry } from '../policy.ts';
import { freshSecrets } from '../secrets.ts';
import { formatToken, hashSecret } from '../session-id.ts';
import { oldSessionId, type OldCookieSettings } from './old-cookie.ts';
import { readOldSession, type OldSession } from './old-session.ts';
import type { OldStorage } from './old-storage.ts';

export interface AdoptionOptions {
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  /** Derives the secrets of the new sessions. Must be the same on every server. */
  readonly secret: string;
  readonly cookie: OldCookieSettings;
  /** Dotted paths of the user's id or name in an old session's data, tried in order. */
  readonly userKeys: readonly string[];
  readonly storage: OldStorage;
  /** Finds the account for the id or name in the old session. */
  readonly findUser: (name: string) => Promise<SessionUser | undefined>;
  readonly timeoutMs: number;
  readonly now?: () => number;
  /** Called for a session whose user has no account here. It is not adopted. */
  readonly onUnknownUser?: () => void;
  /** Called once for each adopted session, for the audit trail. The request waits for it and fails if it rejects. */
  readonly onAdopted?: ((adopted: AdoptedSession) => Promise<void>) | undefined;
}

/** A session that was adopted, so that its user is signed in without a password. */
export interface AdoptedSession {
  /** Public id of the new session. */
  readonly handle: string;
  readonly userId: string;
  /** Client of the request that presented the old cookie. */
  readonly client: ClientInfo;
}

export type AdoptionOutcome =
  /** `id`: the token for the session's cookie, `handle.secret`. */
  | { readonly status: 'adopted'; readonly id: string }
  /** The old session has ended. Its cookie can be removed. */
  | { readonly status: 'over' }
  /** The user is unknown or may not sign in. Nothing was changed. */
  | { readonly status: 'left' };

/**
 * A page that was open when the app was replaced sends several requests at once, and a request whose response was lost
 * is repeated.
 */
const GRACE_MS = 60_000;

/**
 * Adopts sessions of an express-session app whose store was connect-redis. Each is adopted once: the first request to
 * record a successor decides. The new secret is derived from the old id and that record, so that concurrent requests
 * get the same session although its secret is not stored. The old key is removed once the new session is stored, and
 * the secret is only given out after that; so ending the new session ends both.
 *
 * Ending all sessions of a user, or of everyone, also ends those that were not adopted yet. An old session does not say
 * when it began (a cookie's `expires` moves with use), so after that none is adopted, however new it is.
 */
export function createAdoption(options: AdoptionOptions) {
  const { engine, lifetimes, secret, cookie, userKeys, storage, findUser, timeoutMs, now = Date.now, onUnknownUser, onAdopted } = options;

  const newSecret = (oldId: string, handle: string): string =>
    createHmac('sha256', secret).update(`adopt ${handle} ${oldId}`).digest('base64url');

  /** An unused session expires when the old one would have. With use it slides like any other. */
  async function recordOf(oldId: string, user: SessionUser, old: OldSession, client: ClientInfo): Promise<SessionRecord> {
    const nowMs = now();
    const handle = await engine.newHandle(user.id);
    return {
      handle,
      ...freshSecrets({ secretHash: hashSecret(newSecret(oldId, handle)), nowMs }),
      userId: user.id,
      // Later password changes and suspensions raise the epoch and so end this session.
      credentialEpoch: 0,
      data: { loginTime: new Date(nowMs).toISOString() },
      version: 1,
      ...withExpiry(
        {
          createdAtMs: nowMs,
          lastActivityAtMs: nowMs,
          renewedAtMs: Math.min(nowMs, old.expiresAtMs - lifetimes.ageMs),
          customAgeSeconds: old.untilBrowserCloses ? 0 : null,
          fixedExpiryMs: null,
        },
        lifetimes,
      ),
      ip: client.ip,
      userAgent: client.userAgent,
    };
  }

  type Taken = { readonly handle: string; readonly adopted?: AdoptedSession };

  /** Creates a new session for the old one, and returns the handle of the session that was recorded first. */
  async function takeOver(oldId: string, old: OldSession, client: ClientInfo): Promise<Taken | 'ended' | 'unknown-user'> {
    const user = old.user === undefined ? undefined : await findUser(old.user);
    if (!user) {
      if (old.user !== undefined) onUnknownUser?.();
      return 'unknown-user';
    }
    if (await engine.refusesAdoption(user.id)) return 'ended';
    const record = await recordOf(oldId, user, old, client);
    if (!(await engine.create(record))) return 'unknown-user';
    // Check again, now that the session is stored: a call that ends all sessions has either set the mark before or
    // finds this session.
    if (await engine.refusesAdoption(user.id)) {
      await engine.destroy(record.handle);
      return 'ended';
    }
    const handle = await storage.recordSuccessor(oldId, record.handle, old.expiresAtMs - now());
    if (handle === record.handle) return { handle, adopted: { handle, userId: user.id, client } };
    // Another request was first, and its session may have ended by now. Nobody has the secret of this one.
    await engine.destroy(record.handle);
    return { handle };
  }

  async function adopt(oldId: string, client: ClientInfo): Promise<{ outcome: AdoptionOutcome; adopted?: AdoptedSession | undefined }> {
    const [stored, before] = await Promise.all([storage.read(oldId), storage.successorOf(oldId)]);
    const old = stored && readOldSession(stored.text, { ...stored, nowMs: now(), userKeys });
    if (!old && before === undefined) return { outcome: { status: stored ? 'left' : 'over' } };
    const taken = before === undefined && old ? await takeOver(oldId, old, client) : { handle: before ?? '' };
    if (taken === 'unknown-user') return { outcome: { status: 'left' } };
    // Also if it was adopted before, because the old app may still have been writing.
    if (stored) await storage.remove(oldId);
    if (taken === 'ended') return { outcome: { status: 'over' } };
    const { handle } = taken;
    const secret = newSecret(oldId, handle);
    const outcome = await engine.load(handle, { secretHash: hashSecret(secret) });
    // If the old key was still there, the server that started the adoption may have died before it answered.
    const isDue = outcome.status === 'live' && (stored || Math.abs(now() - outcome.record.createdAtMs) < GRACE_MS);
    return {
      outcome: isDue ? { status: 'adopted', id: formatToken({ handle, secret }) } : { status: 'over' },
      adopted: 'adopted' in taken ? taken.adopted : undefined,
    };
  }

  return {
    cookieName: cookie.name,

    /** The old session's id, if the request has its cookie. */
    oldId: (header: string | undefined): string | undefined => oldSessionId(header, cookie),

    /** @throws StorageUnavailableError. Nothing is lost; the next request tries again. */
    async adopt(oldId: string, client: ClientInfo): Promise<AdoptionOutcome> {
      const { outcome, adopted } = await withStorageTimeout('adopting a session', timeoutMs, () => adopt(oldId, client));
      if (adopted) await onAdopted?.(adopted);
      return outcome;
    },

    /** Removes the old session at a new sign-in. Otherwise it would be adopted after the sign-out. */
    discard: (oldId: string): Promise<void> => withStorageTimeout('giving up an old session', timeoutMs, () => storage.remove(oldId)),
  };
}

export type Adoption = ReturnType<typeof createAdoption>;
