import type { SessionUser } from '@gatehouse/contract';
import type { ClientInfo, Engine, PeekedSession, StoredSession } from './engine-port.ts';
import { ExpiryPolicyError } from './errors.ts';
import type { SessionRecord, StoredData } from './session-record.ts';
import { putNewest } from './put-newest.ts';
import { storedInstant } from './stored-instant.ts';
import { warnOnce } from './warn-once.ts';

/** A signed-in session, as a policy sees it. */
export interface PolicySession {
  /** Public id, `ses_…`. */
  readonly handle: string;
  /** As of now, not as of sign-in. */
  readonly user: SessionUser;
  /** Stored data: JSON, dates as ISO 8601 text. */
  readonly data: StoredData;
  /** When the user signed in. Re-authentication does not change it. */
  readonly loginTime: Date;
  /** Client of the last activity. */
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** `keep`: the settings decide. `end`: the session ends now. `endAt`: it ends then, unless the settings end it before. */
export type ExpiryVerdict = 'keep' | 'end' | { readonly endAt: Date };

/**
 * The app's own rule for the end of sessions. Called for each request of a signed-in session, and for each session of a list. It must be
 * synchronous, cheap and depend on its arguments only. It can end a session earlier than the settings, never later.
 *
 *     const expiry: ExpiryPolicy = ({ user, loginTime }) => (user.role === 'admin' ? { endAt: addHours(loginTime, 8) } : 'keep');
 */
export type ExpiryPolicy = (session: PolicySession, now: Date) => ExpiryVerdict;

/** A session that the policy has ended. */
export interface PolicyEnd {
  readonly handle: string;
  readonly user: SessionUser;
  /** When it ended: the time of the request, which may be later than `endAt`. */
  readonly at: Date;
  /** Client of the session's last activity. */
  readonly client: ClientInfo;
}

export interface ExpiryPolicyOptions {
  readonly policy: ExpiryPolicy;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** Called once for each session that the policy ends. The request waits for it. An error that it throws is a process warning. */
  readonly onEnd?: ((end: PolicyEnd) => Promise<void> | void) | undefined;
}

/**
 * Returns the engine with the policy applied wherever sessions are read. The request that finds a session ended by the policy
 * deletes it, so it stays ended whatever the policy returns later. Other reads do not return it. If the policy throws or returns anything
 * but a verdict, the request fails with ExpiryPolicyError and does not use the session.
 */
export function withExpiryPolicy(engine: Engine, { policy, now = Date.now, onEnd }: ExpiryPolicyOptions): Engine {
  /** The policy's arguments for sessions with live connections, without their users, as of the last load. Bounded; oldest first. */
  const loaded = new Map<string, SessionFacts>();

  const remember = (facts: SessionFacts): void => putNewest(loaded, facts.handle, facts, MAX_REMEMBERED);

  function endOfFacts(facts: SessionFacts, user: SessionUser, nowMs: number): number {
    let verdict: unknown;
    try {
      verdict = policy({ ...facts, user }, new Date(nowMs));
    } catch (error) {
      throw new ExpiryPolicyError('it threw an error', error);
    }
    return endOf(verdict, nowMs);
  }

  const endMs = ({ record, user }: StoredSession, nowMs: number): number => (user ? endOfFacts(factsOf(record), user, nowMs) : Infinity);

  /** Applies the policy to the session of a live connection. If its end cannot be determined, it is left out, like one that has ended. */
  async function peeked(handle: string, session: PeekedSession, nowMs: number): Promise<PeekedSession | undefined> {
    if (!session.user) return session;
    let facts = loaded.get(handle);
    if (!facts) {
      const found = await engine.find(handle);
      if (!found) return undefined;
      remember((facts = factsOf(found.record)));
    }
    try {
      const end = endOfFacts(facts, session.user, nowMs);
      return end <= nowMs ? undefined : { ...session, expiresAtMs: Math.min(session.expiresAtMs, end) };
    } catch (error) {
      warnOnce('GATEHOUSE_EXPIRY_POLICY', `A live connection was ended, because ${String(error)}`);
      return undefined;
    }
  }

  /** The session with its actual expiry; undefined: the policy has ended it. */
  function limited<Found extends StoredSession>(found: Found, nowMs: number): Found | undefined {
    const end = endMs(found, nowMs);
    if (end <= nowMs) return undefined;
    const { record } = found;
    return end < record.expiresAtMs ? { ...found, record: { ...record, expiresAtMs: end } } : found;
  }

  const limitedPage = <Page extends { readonly sessions: StoredSession[] }>(page: Page): Page => {
    const nowMs = now();
    return { ...page, sessions: page.sessions.flatMap((found) => limited(found, nowMs) ?? []) };
  };

  async function notify(end: PolicyEnd): Promise<void> {
    try {
      await onEnd?.(end);
    } catch (error) {
      warnOnce('GATEHOUSE_EXPIRY_POLICY', `A session ended by the expiry policy could not be reported. ${String(error)}`);
    }
  }

  return {
    ...engine,
    policyEndMs: (found) => endMs(found, now()),
    async load(handle, request) {
      const outcome = await engine.load(handle, request);
      if (outcome.status !== 'live') return outcome;
      const nowMs = now();
      const live = limited(outcome, nowMs);
      if (live?.user) remember(factsOf(live.record));
      if (live) return live;
      loaded.delete(handle);
      const { record, user } = outcome;
      // Of several requests that find it ended, the one that deletes it reports it.
      const isEnded = await engine.destroy(handle);
      if (isEnded && user) await notify({ handle, user, at: new Date(nowMs), client: { ip: record.ip, userAgent: record.userAgent } });
      return { status: 'expired' };
    },
    async find(handle) {
      const found = await engine.find(handle);
      return found && limited(found, now());
    },
    async peek(handles) {
      const nowMs = now();
      const found = await engine.peek(handles);
      const all = await Promise.all([...found].map(async ([handle, session]) => [handle, await peeked(handle, session, nowMs)] as const));
      return new Map(all.flatMap(([handle, session]) => (session ? [[handle, session] as const] : [])));
    },
    listByUser: async (userId, page) => limitedPage(await engine.listByUser(userId, page)),
    list: async (page) => limitedPage(await engine.list(page)),
  };
}

type SessionFacts = Omit<PolicySession, 'user'>;

/** Maximum number of sessions whose facts are kept. Those of others are read again. */
const MAX_REMEMBERED = 10_000;

function factsOf(record: SessionRecord): SessionFacts {
  return {
    handle: record.handle,
    data: record.data,
    loginTime: storedInstant(record.data['loginTime']) ?? new Date(record.createdAtMs),
    ip: record.ip,
    userAgent: record.userAgent,
  };
}

/** Epoch milliseconds. @throws ExpiryPolicyError */
function endOf(verdict: unknown, nowMs: number): number {
  if (verdict === 'keep') return Infinity;
  if (verdict === 'end') return nowMs;
  if (verdict instanceof Promise) {
    verdict.catch(() => undefined);
    throw new ExpiryPolicyError('it returned a promise. It must be synchronous');
  }
  const endAt = typeof verdict === 'object' && verdict !== null ? (verdict as { endAt?: unknown }).endAt : undefined;
  if (endAt instanceof Date && !Number.isNaN(endAt.getTime())) return endAt.getTime();
  throw new ExpiryPolicyError("it returned neither 'keep', nor 'end', nor { endAt } with a valid Date");
}
