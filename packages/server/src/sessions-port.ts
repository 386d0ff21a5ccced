import type { Actor } from '@gatehouse/accounts';
import { refuse, type SessionsPort } from '@gatehouse/api';
import { instantSchema, type ListedSession } from '@gatehouse/contract';
import { sessionOf, type Engine, type Lifetimes } from '@gatehouse/session';
import { expiryMs, readListCursor, type StoredSession } from '@gatehouse/session/engine';
import type { Request } from 'express';
import type { ActivityLog } from './activity-log.ts';
import { withRefusals } from './to-trpc-error.ts';

export interface SessionsPortParts {
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  readonly activity: ActivityLog;
}

/** Lists and ends sessions for one request. */
export function sessionsPort({ engine, lifetimes, activity }: SessionsPortParts, req: Request): SessionsPort {
  const session = sessionOf(req);

  const listed = ({ record }: StoredSession): ListedSession => {
    const loginTime = instantSchema.safeParse(record.data['loginTime']);
    return {
      handle: record.handle,
      current: record.handle === session.handle(),
      loginTime: loginTime.success ? loginTime.data : new Date(record.createdAtMs),
      lastActivity: new Date(record.lastActivityAtMs),
      expires: new Date(expiryMs(record, lifetimes)),
      ip: record.ip,
      userAgent: record.userAgent,
    };
  };

  return {
    async listByUser(userId, { limit, cursor }) {
      if (cursor !== undefined && !readListCursor(cursor))
        throw refuse('INVALID_INPUT', { fields: { cursor: ['Give `next` of the page before, or leave it out for the first page.'] } });
      const page = await withRefusals(() => engine.listByUser(userId, { limit, ...(cursor !== undefined && { after: cursor }) }));
      return { sessions: page.sessions.map(listed), next: page.next ?? null };
    },

    revoke: (handle, only) =>
      withRefusals(async () => {
        // If an earlier end was not acknowledged, nothing may be found. It is ended and recorded all the same.
        const found = only ? undefined : await engine.find(handle);
        const userId = only?.ofUser ?? found?.record.userId ?? null;
        const by = activity.actor(req, userId);
        // The request's own session ends like a sign-out, which removes the cookie.
        if (handle === session.handle()) await session.flush();
        else if (!(await engine.destroy(handle, only))) return false;
        const isAnonymous = found?.record.userId === null;
        if (!isAnonymous) await activity.record(req, { kind: 'session_revoked', userId, handle, by, reason: reasonOf(by) });
        return true;
      }),

    revokeByUser: (userId) =>
      withRefusals(async () => {
        const exceptHandle = session.handle();
        const ended = await engine.destroyByUser(userId, exceptHandle === undefined ? {} : { exceptHandle });
        const by = activity.actor(req, userId);
        const entry = { kind: 'sessions_revoked', detail: { ended }, userId, handle: null, by, reason: reasonOf(by) } as const;
        if (ended > 0) await activity.record(req, entry);
        return ended;
      }),

    revokeAll: () =>
      withRefusals(async () => {
        const by = activity.actor(req, null);
        const ended = await engine.destroyAll();
        const detail = { ended, everyone: true };
        await activity.record(req, { kind: 'sessions_revoked', detail, userId: null, handle: null, by, reason: reasonOf(by) });
        return ended;
      }),
  };
}

const reasonOf = ({ kind }: Actor) => (kind === 'self' ? 'revoked_by_owner' : 'revoked_by_admin');
