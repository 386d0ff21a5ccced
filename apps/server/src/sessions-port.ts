import type { SessionsPort } from '@gatehouse/api';
import { instantSchema, type ListedSession } from '@gatehouse/contract';
import { expiryMs, sessionOf, type Engine, type Lifetimes, type LiveSession } from '@gatehouse/session';
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

  const listed = ({ record }: LiveSession): ListedSession => {
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
    listByUser: async (userId) => (await answering(() => engine.listByUser(userId))).map(listed),

    revoke: (handle, { ofUser } = { ofUser: '' }) =>
      answering(async () => {
        const found = await engine.findByHandle(handle);
        if (!found || (ofUser !== '' && found.user?.id !== ofUser)) return false;
        // One's own the way a sign-out does it: the answer takes the cookie away.
        if (handle === session.handle()) await session.flush();
        else if (!(await engine.destroy(found.record.key))) return false;
        if (found.user) await activity.record(req, 'session_revoked', found.user.id, handle);
        return true;
      }),

    revokeByUser: (userId) =>
      answering(async () => {
        const exceptKey = session.key();
        const ended = await engine.destroyByUser(userId, exceptKey === undefined ? {} : { exceptKey });
        if (ended > 0) await activity.record(req, 'session_revoked', userId, null);
        return ended;
      }),

    revokeAll: () => answering(() => engine.destroyAll()),
  };
}
