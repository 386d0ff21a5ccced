import type { Actor } from '@gatehouse/accounts';
import { refuse, type SessionsPort } from '@gatehouse/api';
import type { ListedSession } from '@gatehouse/contract';
import { sessionOf } from '@gatehouse/session';
import { readListCursor, type StoredSession } from '@gatehouse/session/engine';
import type { Request } from 'express';
import type { ActivityLog } from './activity-log.ts';
import { inBulk } from './in-bulk.ts';
import { listedSession, listSessions, type SessionListParts } from './list-sessions.ts';
import { withRefusals } from './to-trpc-error.ts';

export interface SessionsPortParts extends SessionListParts {
  readonly activity: ActivityLog;
}

/** Lists and ends sessions for one request. */
export function sessionsPort({ engine, lifetimes, activity, accounts }: SessionsPortParts, req: Request): SessionsPort {
  const session = sessionOf(req);

  const listed = (one: StoredSession): ListedSession => listedSession(one, lifetimes, req);

  const revoke = (handle: string, only?: { ofUser: string }): Promise<boolean> =>
    withRefusals(async () => {
      // If an earlier end was not acknowledged, nothing may be found. It is ended and recorded all the same.
      const found = only ? undefined : await engine.find(handle);
      const userId = only?.ofUser ?? found?.record.userId ?? null;
      const by = activity.actor(req, userId);
      // The request's own session ends like a sign-out, which removes the cookie.
      if (handle === session.handle()) await session.flush({ isSignOut: false });
      else if (!(await engine.destroy(handle, only))) return false;
      const isAnonymous = found?.record.userId === null;
      if (!isAnonymous) await activity.record(req, { kind: 'session_revoked', userId, handle, by, reason: reasonOf(by) });
      return true;
    });

  const revokeByUser = (userId: string): Promise<number> =>
    withRefusals(async () => {
      const exceptHandle = session.handle();
      const ended = await engine.destroyByUser(userId, exceptHandle === undefined ? {} : { exceptHandle });
      const by = activity.actor(req, userId);
      const entry = { kind: 'sessions_revoked', detail: { ended }, userId, handle: null, by, reason: reasonOf(by) } as const;
      if (ended > 0) await activity.record(req, entry);
      return ended;
    });

  return {
    async listByUser(userId, { limit, cursor }) {
      if (cursor !== undefined && !readListCursor(cursor))
        throw refuse('INVALID_INPUT', { fields: { cursor: ['Give `next` of the page before, or leave it out for the first page.'] } });
      const page = await withRefusals(() => engine.listByUser(userId, { limit, ...(cursor !== undefined && { after: cursor }) }));
      return { sessions: page.sessions.map(listed), next: page.next ?? null };
    },

    revoke,
    revokeByUser,
    ...listSessions({ engine, lifetimes, accounts }, req),

    async revokeMany(handles, only) {
      // The caller's own session last: the others are then recorded as ended by this user.
      const ordered = [...handles].sort((one, other) => Number(one === session.handle()) - Number(other === session.handle()));
      let ended = 0;
      // oxlint-disable-next-line no-await-in-loop -- a few at most, each with its entry in the audit trail
      for (const handle of ordered) if (await revoke(handle, only)) ended += 1;
      return ended;
    },

    revokeByUsers: (userIds) => inBulk(userIds, async (userId) => ({ ended: await revokeByUser(userId) })),

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
