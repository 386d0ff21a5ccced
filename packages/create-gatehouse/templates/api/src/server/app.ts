import { getSessionUser, requireSession, type Gatehouse } from '@gatehouse/server';
import express, { type Express } from 'express';
import { appRouter } from './router.ts';

export function createApp(gatehouse: Gatehouse): Express {
  const app = express();
  app.use(gatehouse.health); // /healthz, /readyz
  app.use(gatehouse.sessions); // req.session on every request
  app.use('/trpc', gatehouse.trpc(appRouter));

  // A plain Express route. Clients that are signed out get 401.
  app.get('/hello', requireSession, (req, res) => void res.send(`Hello ${getSessionUser(req)?.name}`));

  app.use(gatehouse.errors); // after all routes
  return app;
}
