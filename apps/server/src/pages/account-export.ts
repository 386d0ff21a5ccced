import type { Accounts } from '@gatehouse/accounts';
import { getSessionUser, requireSession, sessionOf, type Engine } from '@gatehouse/session';
import { Router } from 'express';

/** `GET /account/export`: my data as a file. A navigation: who is signed out goes to sign in, and comes back for it. */
export function accountExport(accounts: Accounts, engine: Engine): Router {
  const router = Router();
  router.get('/account/export', requireSession, async (req, res) => {
    const user = getSessionUser(req);
    if (!user) return;
    const [activity, sessions] = await Promise.all([accounts.recentActivity(user.id, { limit: 1000 }), engine.listByUser(user.id)]);
    res.attachment('gatehouse-account.json').json({
      exportedAt: new Date(),
      account: user,
      sessions: sessions.map(({ record }) => ({
        handle: record.handle,
        current: record.handle === sessionOf(req).handle(),
        created: new Date(record.createdAtMs),
        lastActivity: new Date(record.lastActivityAtMs),
        expires: new Date(record.expiresAtMs),
        ip: record.ip,
        userAgent: record.userAgent,
      })),
      activity,
    });
  });
  return router;
}
