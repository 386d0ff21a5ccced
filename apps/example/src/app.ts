import { UserAttributesError } from '@gatehouse/accounts';
import type { AttributeChanges } from '@gatehouse/contract';
import { getSessionUser, requireRole, requireSession, requireSessionAjax, sessionOf, type Gatehouse } from '@gatehouse/server';
import express, { json, type Express } from 'express';
import { shopRouter } from './router.ts';
import { signIn } from './sign-in.ts';

/** A shop with a basket. */
export function createApp(gatehouse: Gatehouse): Express {
  const { accounts } = gatehouse;
  const app = express();

  // Before all routes that use a session.
  app.use(gatehouse.sessions);
  app.use(gatehouse.health);
  app.use(signIn(gatehouse));
  app.use('/trpc', gatehouse.trpc(shopRouter));

  // Works without sign-in: a session is stored as soon as there is something in it.
  app.get('/', async (req, res) => {
    req.session.firstVisit ??= new Date();
    await sessionOf(req).update((data) => {
      data.visits = (data.visits ?? 0) + 1;
    });
    res.json({ name: getSessionUser(req)?.name ?? 'stranger', visits: req.session.visits, since: req.session.firstVisit });
  });

  // A page: a user who is signed out is redirected to /login, and back after signing in.
  app.get('/account', requireSession, (req, res) => {
    res.json({ user: getSessionUser(req), basket: req.session.basket ?? [] });
  });

  // For scripts: answers 401 as JSON, and requires X-Requested-With: XMLHttpRequest.
  app.post('/basket/:item', requireSessionAjax(), async (req, res) => {
    const { item } = req.params;
    await sessionOf(req).update((data) => {
      data.basket = [...(data.basket ?? []), item];
    });
    res.json({ basket: req.session.basket });
  });

  // A custom user field, typed. After a change, every session of the user has the new value.
  app.get('/colleagues', requireSession, async (req, res) => {
    const department = getSessionUser(req)?.attributes.department;
    const users = await accounts.listUsers();
    res.json({ department, colleagues: users.filter((user) => user.attributes.department === department).map(({ name }) => name) });
  });

  // `updateAttributes` validates the input against the schema.
  app.patch('/users/:username/attributes', requireSessionAjax(), requireRole('admin'), json(), async (req, res) => {
    const user = await accounts.findUser(req.params.username);
    if (!user) return void res.sendStatus(404);
    try {
      res.json(await accounts.updateAttributes(user.id, req.body as AttributeChanges));
    } catch (error) {
      if (!(error instanceof UserAttributesError)) throw error;
      res.status(400).json({ problems: error.problems });
    }
  });

  app.get('/orders', requireSession, requireRole('admin'), (_req, res) => void res.json({ orders: [] }));

  // After all routes.
  app.use(gatehouse.errors);
  return app;
}
