import { REASONS, TRPC_PATH } from '@gatehouse/contract';
import type { Gatehouse } from '@gatehouse/server';
import { readBody } from '@gatehouse/server/host';
import { trustedProxies } from '@gatehouse/session/request';
import type { Settings } from '@gatehouse/settings';
import express, { type Express, type RequestHandler } from 'express';
import { CONNECTION_LIMITS, connectionLimits, type ConnectionLimits } from './connection-limits.ts';
import { DOCS_PATH } from './docs-site.ts';
import type { Logger } from './logger.ts';
import { AUDIT_EXPORT_PATHS, auditExport } from './pages/audit-export.ts';
import { sessionClocks } from './pages/session-clocks.ts';
import { sessionsReport } from './pages/sessions-report.ts';
import { requestLog } from './request-log.ts';
import { securityHeaders } from './security-headers.ts';
import { noteUntrustedProxy } from './untrusted-proxy.ts';

export interface WebApp {
  readonly assets: RequestHandler;
  readonly page: RequestHandler;
  readonly inlineScripts: readonly string[] | 'any';
  /** Closes the connections for hot reload. */
  readonly close?: () => Promise<void>;
}

export interface AppParts {
  readonly gatehouse: Gatehouse;
  /** With the actual port of the server. */
  readonly settings: Settings;
  readonly logger: Logger;
  readonly connections?: ConnectionLimits | undefined;
  /** Serves the web app: the built one, or Vite in development. */
  readonly web: WebApp;
  /** Serves the documentation, at the root only: its links are absolute. @default none */
  readonly docs?: RequestHandler | undefined;
}

/** The middleware, in order. */
export function createApp({ gatehouse, settings, logger, connections = CONNECTION_LIMITS, web, docs }: AppParts): Express {
  const { accounts, engine, sessions } = gatehouse;
  const { publicUrl, basePath, trustedOrigins, trustProxy, hsts } = settings.server;

  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', trustedProxies(trustProxy));
  app.set('query parser', 'simple');

  app.use(connectionLimits(connections), requestLog(logger), noteUntrustedProxy(settings.server, logger));
  app.use(securityHeaders({ inlineScripts: web.inlineScripts, hsts }));
  if (docs) app.use(DOCS_PATH, docs);
  app.use(readBody);
  const site = express.Router();
  site.use(TRPC_PATH, gatehouse.trpc(undefined, { publicUrl }));
  site.use(gatehouse.health);
  site.use(gatehouse.metrics);
  site.use(['/account/export', '/api', '/admin/sessions.csv', ...AUDIT_EXPORT_PATHS], sessions);
  site.use(auditExport(accounts, [publicUrl, ...trustedOrigins]));
  site.get('/account/export', gatehouse.accountExport);
  site.use(sessionClocks([publicUrl, ...trustedOrigins]), sessionsReport(engine));
  // Files and the page are the same for all users, so they load no session and set no cookie.
  site.use(web.assets);
  site.use(web.page);
  // A proxy may pass the path of PUBLIC_URL on or strip it. Its health checks come without it.
  if (basePath !== '') app.use(basePath, site);
  app.use(site);
  app.use((_req, res) => void res.status(404).json({ error: { reason: 'NOT_FOUND', message: REASONS.NOT_FOUND.message } }));
  app.use(gatehouse.errors);
  return app;
}
