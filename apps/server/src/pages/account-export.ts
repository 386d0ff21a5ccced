import type { Accounts } from '@gatehouse/accounts';
import { getSessionUser, requireSession, sessionOf, type Engine } from '@gatehouse/session';
import { sessionsOfUser, type StoredSession } from '@gatehouse/session/engine';
import { Router } from 'express';
import { sendInPieces } from './send-in-pieces.ts';

/** `GET /account/export`: the user's data as a file. Redirects to the login page if the user is signed out, and back after sign-in. */
export function accountExport(accounts: Accounts, engine: Engine): Router {
  const router = Router();
  router.get('/account/export', requireSession, async (req, res) => {
    const user = getSessionUser(req);
    if (!user) return;
    const handle = sessionOf(req).handle();

    /** Yields one session at a time, so only one page of sessions is in memory. */
    async function* document(userId: string): AsyncGenerator<string, void> {
      const activity = await accounts.recentActivity(userId, { limit: 1000 });
      const head = JSON.stringify({ exportedAt: new Date(), account: user, activity });
      const sessions = sessionsOfUser(engine, userId);
      // Read the first session before sending anything, so that a storage failure is still an error response.
      let session = await sessions.next();
      yield `${head.slice(0, -1)},"sessions":[`;
      for (let separator = ''; !session.done; session = await sessions.next(), separator = ',')
        yield `${separator}${JSON.stringify(exported(session.value, handle))}`;
      yield ']}';
    }

    await sendInPieces(res, { name: 'gatehouse-account.json', type: 'json' }, document(user.id));
  });
  return router;
}

const exported = ({ record }: StoredSession, handle: string | undefined) => ({
  handle: record.handle,
  current: record.handle === handle,
  created: new Date(record.createdAtMs),
  lastActivity: new Date(record.lastActivityAtMs),
  expires: new Date(record.expiresAtMs),
  ip: record.ip,
  userAgent: record.userAgent,
});
