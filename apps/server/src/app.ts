import type { Accounts } from '@gatehouse/accounts';
import { REASONS, TRPC_PATH } from '@gatehouse/contract';
import type { SignInLimits } from '@gatehouse/limits';
import { sessionErrorHandler, sessionMiddleware, type Engine } from '@gatehouse/session';
import type { Adoption } from '@gatehouse/session/adoption';
import { trustedProxies } from '@gatehouse/session/request';
import { lifetimesOf, type Settings } from '@gatehouse/settings';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { ActivityLog } from './activity-log.ts';
import { CONNECTION_LIMITS, connectionLimits, type ConnectionLimits } from './connection-limits.ts';
import { crossOrigin } from './cross-origin.ts';
import { errorHandler } from './error-handler.ts';
import { health } from './health.ts';
import { httpsOnly } from './https-only.ts';
import type { Logger } from './logger.ts';
import { accountExport } from './pages/account-export.ts';
import { passwordCheck } from './password-check.ts';
import { sessionClocks } from './pages/session-clocks.ts';
import { sessionsReport } from './pages/sessions-report.ts';
import { readBody } from './read-body.ts';
import { noteFailure, requestLog } from './request-log.ts';
import { securityHeaders } from './security-headers.ts';
import { mountTrpc } from './trpc-mount.ts';
import { noteUntrustedProxy } from './untrusted-proxy.ts';

export interface AppParts {
  readonly settings: Settings;
  readonly secrets: readonly [string, ...string[]];
  readonly engine: Engine;
  /** Of an express-session app that was here before. */
  readonly adoption: Adoption | undefined;
  readonly accounts: Accounts;
  readonly activity: ActivityLog;
  readonly limits: SignInLimits;
  readonly logger: Logger;
  readonly isStopping: () => boolean;
  readonly connections?: ConnectionLimits | undefined;
  /** Serves the web app: built, or by Vite while developing. */
  readonly web: { readonly assets: RequestHandler; readonly page: RequestHandler; readonly inlineScripts: readonly string[] | 'any' };
}

/** The whole middleware order in one place: what comes first sees every request. */
export function createApp(parts: AppParts): Express {
  const {
    settings,
    secrets,
    engine,
    adoption,
    accounts,
    limits,
    activity,
    logger,
    isStopping,
    connections = CONNECTION_LIMITS,
    web,
  } = parts;
  const otherOrigins = settings.server.trustedOrigins;
  const trustedOrigins = [settings.server.publicUrl, ...otherOrigins];
  const lifetimes = lifetimesOf(settings.session);
  const { cookie, freshAgeSeconds, maxDataBytes } = settings.session;
  const sessions = sessionMiddleware({
    engine,
    lifetimes,
    cookie,
    secrets,
    freshAgeMs: freshAgeSeconds * 1000,
    maxDataBytes,
    adoption,
    onSignIn: (event, req) => activity.signedIn(req, event),
  });

  const passwords = passwordCheck({ accounts, limits, activity, cookie: settings.signIn.deviceCookie, secrets, logger });

  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', trustedProxies(settings.server.trustProxy));
  app.set('query parser', 'simple');

  app.use(connectionLimits(connections), requestLog(logger), noteUntrustedProxy(settings.server, logger));
  app.use(securityHeaders({ inlineScripts: web.inlineScripts, hsts: settings.server.hsts }));
  app.use(readBody);
  app.use(
    TRPC_PATH,
    crossOrigin(otherOrigins),
    ...(cookie.secure ? [httpsOnly] : []),
    mountTrpc(sessions, { accounts, passwords, limits, engine, lifetimes, activity, trustedOrigins }, logger),
  );
  app.use(health(engine, isStopping));
  app.use(['/account/export', '/api', '/admin/sessions.csv'], sessions);
  app.use(accountExport(accounts, engine), sessionClocks(trustedOrigins), sessionsReport(engine));
  // Files and the page itself hold nothing personal: no session is loaded for them, and no cookie set.
  app.use(web.assets);
  app.use(web.page);
  app.use((_req, res) => void res.status(404).json({ error: { reason: 'NOT_FOUND', message: REASONS.NOT_FOUND.message } }));
  app.use(keepForLog, sessionErrorHandler, errorHandler(logger));
  return app;
}

const keepForLog: ErrorRequestHandler = (error, req, _res, next) => {
  noteFailure(req, error);
  next(error);
};
