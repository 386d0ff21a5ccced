import { createHmac } from 'node:crypto';
import type { SessionUser } from '@gatehouse/contract';
import { withinTime } from '../deadline.ts';
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
  /** Derives the secrets of the new sessions. The same on every server. */
  readonly secret: string;
  readonly cookie: OldCookieSettings;
  /** Dotted paths into an old session's data, tried in turn. */
  readonly userKeys: readonly string[];
  readonly storage: OldStorage;
  /** By what the old session says of its user. */
  readonly findUser: (name: string) => Promise<SessionUser | undefined>;
  readonly timeoutMs: number;
  readonly now?: () => number;
  /** A session whose user is nobody here stays where it is. */
  readonly onUnknownUser?: () => void;
  /** Told once of each session that was taken over, for the audit trail; the request waits for it. A rejection fails the request. */
  readonly onAdopted?: ((adopted: AdoptedSession) => Promise<void>) | undefined;
}

/** Somebody is signed in who entered no password here. */
export interface AdoptedSession {
  /** Public id of the session here. */
  readonly handle: string;
  readonly userId: string;
  /** Of the request with which it came. */
  readonly client: ClientInfo;
}

export type AdoptionOutcome =
  /** `id`: what the session's cookie says, `handle.secret`. */
  | { readonly status: 'adopted'; readonly id: string }
  /** It is over; the cookie may go. */
  | { readonly status: 'over' }
  /** Nobody we know, or nobody who may sign in. Nothing was changed. */
  | { readonly status: 'left' };

/** Requests of a page that was open when the app was replaced come together; one whose answer was lost is sent again. */
const GRACE_MS = 60_000;

/**
 * Takes over sessions of an express-session app whose store was connect-redis. Each is taken over once: whoever first records
 * what it has become has decided it, and the new secret follows from the old id and that record, so that requests which come
 * together arrive at one session though its secret is stored nowhere. The old key is removed when the new session is stored,
 * and nobody is given the secret before: so an end of the new session is the end of both.
 *
 * Whoever ends all sessions of a user, or everyone's, ends those as well that were not taken over yet. Nothing in an old session says when
 * it was begun (a cookie's `expires` moves with use), so none is taken over after that, however new it may be.
 */
export function createAdoption(options: AdoptionOptions) {
  const { engine, lifetimes, secret, cookie, userKeys, storage, findUser, timeoutMs, now = Date.now, onUnknownUser, onAdopted } = options;

  const newSecret = (oldId: string, handle: string): string =>
    createHmac('sha256', secret).update(`adopt ${handle} ${oldId}`).digest('base64url');

  /** Expires, unused, when the old one would have; with use it slides like any other. */
  async function recordOf(oldId: string, user: SessionUser, old: OldSession, client: ClientInfo): Promise<SessionRecord> {
    const nowMs = now();
    const handle = await engine.newHandle(user.id);
    return {
      handle,
      ...freshSecrets({ secretHash: hashSecret(newSecret(oldId, handle)), nowMs }),
      userId: user.id,
      // Whoever has changed their password or was suspended since accounts are kept here has ended what was open before.
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

  /** A new session for the old one, and the handle of the one that counts. */
  async function takeOver(oldId: string, old: OldSession, client: ClientInfo): Promise<Taken | 'ended' | 'nobody'> {
    const user = old.user === undefined ? undefined : await findUser(old.user);
    if (!user) {
      if (old.user !== undefined) onUnknownUser?.();
      return 'nobody';
    }
    if (await engine.refusesAdoption(user.id)) return 'ended';
    const record = await recordOf(oldId, user, old, client);
    if (!(await engine.create(record))) return 'nobody';
    // Again, now that it can be found: whoever ends all sessions has set the mark before, or finds this one.
    if (await engine.refusesAdoption(user.id)) {
      await engine.destroy(record.handle);
      return 'ended';
    }
    const handle = await storage.settleSuccessor(oldId, record.handle, old.expiresAtMs - now());
    if (handle === record.handle) return { handle, adopted: { handle, userId: user.id, client } };
    // Another request was first, and it may have been signed out by now. Of this one nobody has the secret.
    await engine.destroy(record.handle);
    return { handle };
  }

  async function adopt(oldId: string, client: ClientInfo): Promise<{ outcome: AdoptionOutcome; adopted?: AdoptedSession | undefined }> {
    const [stored, before] = await Promise.all([storage.read(oldId), storage.successorOf(oldId)]);
    const old = stored && readOldSession(stored.text, { ...stored, nowMs: now(), userKeys });
    if (!old && before === undefined) return { outcome: { status: stored ? 'left' : 'over' } };
    const taken = before === undefined && old ? await takeOver(oldId, old, client) : { handle: before ?? '' };
    if (taken === 'nobody') return { outcome: { status: 'left' } };
    // Also when it was taken over before: the old app may still have been writing.
    if (stored) await storage.remove(oldId);
    if (taken === 'ended') return { outcome: { status: 'over' } };
    const { handle } = taken;
    const secret = newSecret(oldId, handle);
    const outcome = await engine.load(handle, { secretHash: hashSecret(secret) });
    // A key that was still there: the server that had begun may have been killed before it could answer.
    const isDue = outcome.status === 'live' && (stored || Math.abs(now() - outcome.record.createdAtMs) < GRACE_MS);
    return {
      outcome: isDue ? { status: 'adopted', id: formatToken({ handle, secret }) } : { status: 'over' },
      adopted: 'adopted' in taken ? taken.adopted : undefined,
    };
  }

  return {
    cookieName: cookie.name,

    /** The old session's id, if the request has a cookie of it. */
    oldId: (header: string | undefined): string | undefined => oldSessionId(header, cookie),

    /** @throws StorageUnavailableError; nothing is lost, and the next request tries again. */
    async adopt(oldId: string, client: ClientInfo): Promise<AdoptionOutcome> {
      const { outcome, adopted } = await withinTime('adopting a session', timeoutMs, () => adopt(oldId, client));
      if (adopted) await onAdopted?.(adopted);
      return outcome;
    },

    /** Whoever signs in anew gives the old one up; else it would be taken over after they have signed out. */
    giveUp: (oldId: string): Promise<void> => withinTime('giving up an old session', timeoutMs, () => storage.remove(oldId)),
  };
}

export type Adoption = ReturnType<typeof createAdoption>;
