import { UserAttributesError, type Accounts } from '@gatehouse/accounts';
import type { AttributeChanges } from '@gatehouse/contract';
import type { SignInLimits } from '@gatehouse/limits';
import {
  getSessionUser,
  requireRole,
  requireSession,
  requireSessionAjax,
  sessionErrorHandler,
  sessionMiddleware,
  sessionOf,
  type Engine,
} from '@gatehouse/session';
import { trustedProxies } from '@gatehouse/session/request';
import { lifetimesOf, sessionSecrets, type Settings } from '@gatehouse/settings';
import express, { json, type Express } from 'express';
import { sessionValues } from './session-values.ts';
import { signIn } from './sign-in.ts';

export interface Parts {
  readonly settings: Settings;
  readonly engine: Engine;
  readonly accounts: Accounts;
  readonly limits: SignInLimits;
}

/** A shop with a basket: what an Express app of one's own needs of Gatehouse, and nothing else. */
export function createApp({ settings, engine, accounts, limits }: Parts): Express {
  const app = express();
  app.set('trust proxy', trustedProxies(settings.server.trustProxy));

  // Before whatever needs a session.
  const { cookie, freshAgeSeconds, maxDataBytes } = settings.session;
  app.use(
    sessionMiddleware({
      engine,
      lifetimes: lifetimesOf(settings.session),
      cookie,
      secrets: sessionSecrets(settings),
      freshAgeMs: freshAgeSeconds * 1000,
      maxDataBytes,
      schema: sessionValues,
    }),
  );
  app.use(signIn({ accounts, limits }));

  // For everyone: a session is stored as soon as there is something in it.
  app.get('/', async (req, res) => {
    req.session.firstVisit ??= new Date();
    await sessionOf(req).update((data) => {
      data.visits = (data.visits ?? 0) + 1;
    });
    res.json({ name: getSessionUser(req)?.name ?? 'stranger', visits: req.session.visits, since: req.session.firstVisit });
  });

  // A page: signed out, people go to /login and come back.
  app.get('/account', requireSession, (req, res) => {
    res.json({ user: getSessionUser(req), basket: req.session.basket ?? [] });
  });

  // For scripts: 401 JSON, and X-Requested-With: XMLHttpRequest asked for.
  app.post('/basket/:item', requireSessionAjax(), async (req, res) => {
    const { item } = req.params;
    await sessionOf(req).update((data) => {
      data.basket = [...(data.basket ?? []), item];
    });
    res.json({ basket: req.session.basket });
  });

  // A field of the shop's own, typed: who moves to another department sees it in every session at once.
  app.get('/colleagues', requireSession, async (req, res) => {
    const department = getSessionUser(req)?.attributes.department;
    const users = await accounts.listUsers();
    res.json({ department, colleagues: users.filter((user) => user.attributes.department === department).map(({ name }) => name) });
  });

  // What comes in is checked there: fields that are declared, by their schema.
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

  // After all routes: 401 for a session that was ended meanwhile, 503 for a storage that is away.
  app.use(sessionErrorHandler);
  return app;
}
