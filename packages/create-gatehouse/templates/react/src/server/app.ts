import type { Gatehouse } from '@gatehouse/server';
import express, { type Express, type RequestHandler } from 'express';
import { appRouter } from './router.ts';

/** `pages` serves the web app: built (pages.ts), or by Vite while you develop (dev.ts). */
export function createApp(gatehouse: Gatehouse, pages: RequestHandler): Express {
  const app = express();
  app.use(gatehouse.health); // /healthz, /readyz
  app.use(gatehouse.sessions); // req.session on every request
  app.use('/trpc', gatehouse.trpc(appRouter));
  app.use(pages);
  app.use(gatehouse.errors); // after all routes
  return app;
}
