import type { Actor } from '@gatehouse/accounts';
import { refuse, type SessionsPort } from '@gatehouse/api';
import { instantSchema, type ListedSession } from '@gatehouse/contract';
import { sessionOf, type Engine, type Lifetimes } from '@gatehouse/session';
import { expiryMs, readListCursor, type StoredSession } from '@gatehouse/session/engine';
import type { Request } from 'express';
import type { ActivityLog } from './activity-log.ts';
import { answering } from './answering.ts';

export interface SessionsPortParts {
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  readonly activity: ActivityLog;
}

/** Everyone's sessions, as one request may see and end them. */
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
      const page = await answering(() => engine.listByUser(userId, { limit, ...(cursor !== undefined && { after: cursor }) }));
      return { sessions: page.sessions.map(listed), next: page.next ?? null };
    },

    revoke: (handle, only) =>
      answering(async () => {
        // Of one whose end was not acknowledged nothing may be found any more: that is no reason not to end it, and to write it down.
        const found = only ? undefined : await engine.find(handle);
        const userId = only?.ofUser ?? found?.record.userId ?? null;
        const by = activity.actor(req, userId);
        // One's own the way a sign-out does it: the answer takes the cookie away.
        if (handle === session.handle()) await session.flush();
        else if (!(await engine.destroy(handle, only))) return false;
        const isAnonymous = found?.record.userId === null;
        if (!isAnonymous) await activity.record(req, { kind: 'session_revoked', userId, handle, by, reason: reasonOf(by) });
        return true;
      }),

    revokeByUser: (userId) =>
      answering(async () => {
        const exceptHandle = session.handle();
        const ended = await engine.destroyByUser(userId, exceptHandle === undefined ? {} : { exceptHandle });
        const by = activity.actor(req, userId);
        const happening = { kind: 'sessions_revoked', detail: { ended }, userId, handle: null, by, reason: reasonOf(by) } as const;
        if (ended > 0) await activity.record(req, happening);
        return ended;
      }),

    revokeAll: () =>
      answering(async () => {
        const by = activity.actor(req, null);
        const ended = await engine.destroyAll();
        const detail = { ended, everyone: true };
        await activity.record(req, { kind: 'sessions_revoked', detail, userId: null, handle: null, by, reason: reasonOf(by) });
        return ended;
      }),
  };
}

const reasonOf = ({ kind }: Actor) => (kind === 'self' ? 'revoked_by_owner' : 'revoked_by_admin');
