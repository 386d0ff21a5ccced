import { getSessionUser, requireSessionAjax, sessionOf, type GatehouseWithUsers } from '@gatehouse/server';
import type { FoundUser } from '@gatehouse/session';
import { isCrossSite } from '@gatehouse/session/request';
import express, { urlencoded, type Express, type Router } from 'express';

/** An app whose users come from somewhere else. `verify` checks a name and a password there. */
export function appWithUsers(
  gatehouse: GatehouseWithUsers,
  verify: (name: string, password: string) => Promise<FoundUser | undefined>,
  ...routes: Router[]
): Express {
  const app = express();
  app.use(gatehouse.sessions, ...routes);

  app.post('/login', urlencoded({ extended: false, limit: '4kb' }), async (req, res) => {
    // A form on another site could sign users in as someone else.
    if (isCrossSite(req, [])) return void res.sendStatus(403);
    const { name, password } = req.body as Record<string, unknown>;
    const found = await verify(String(name), String(password));
    if (!found || !(await sessionOf(req).signIn(found.user, found))) return void res.sendStatus(401);
    res.sendStatus(204);
  });

  app.get('/me', requireSessionAjax(), (req, res) => void res.json(getSessionUser(req)));
  app.use(gatehouse.errors);
  return app;
}
