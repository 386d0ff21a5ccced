import { LOGIN_PATH } from '@gatehouse/contract';
import { markSessions, trustedProxies } from '@gatehouse/session/request';
import type { Settings, TrustProxy } from '@gatehouse/settings';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { hasBody, readBody } from './read-body.ts';

/**
 * Applies TRUST_PROXY to the Express app of a request, unless the app has a value of its own: without it, every client would have the
 * proxy's address, and no request would count as https.
 */
export function trustProxyOf(trustProxy: TrustProxy): (req: Request) => void {
  if (trustProxy === false) return () => undefined;
  const trusted = trustedProxies(trustProxy);
  return ({ app }) => {
    if (app.get('trust proxy') === false) app.set('trust proxy', trusted);
  };
}

/** Where guards redirect to. Below the path of PUBLIC_URL, if it has one: the session middleware knows only the path of the request. */
export function signInPathOf({ signInPath }: { signInPath?: string | undefined }, { server }: Settings): { signInPath?: string } {
  if (signInPath !== undefined) return { signInPath };
  return server.basePath === '' ? {} : { signInPath: server.basePath + LOGIN_PATH };
}

/**
 * `sessions` for a whole app. The body of a call of the router is read before the session is loaded: a client that holds back the last byte
 * could otherwise act with a session that was ended in the meantime.
 */
export function sessionsForApp(
  sessions: RequestHandler,
  { trpcPath, basePath, trustProxy }: { trpcPath: string; basePath: string; trustProxy: TrustProxy },
): RequestHandler {
  const setTrust = trustProxyOf(trustProxy);
  // A proxy may pass the path of PUBLIC_URL on, or strip it.
  const roots = [trpcPath, basePath + trpcPath].map((path) => `${path.toLowerCase()}/`);
  const isCall = ({ baseUrl, path }: Request): boolean => roots.some((root) => (baseUrl + path).toLowerCase().startsWith(root));
  return markSessions((req: Request, res: Response, next: NextFunction) => {
    setTrust(req);
    if (!isCall(req) || !hasBody(req)) return sessions(req, res, next);
    return readBody(req, res, () => void sessions(req, res, next));
  });
}
