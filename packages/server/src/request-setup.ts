import { trustedProxies } from '@gatehouse/session/request';
import type { TrustProxy } from '@gatehouse/settings';
import type { Request, RequestHandler } from 'express';
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

/**
 * `sessions` for a whole app. The body of a call of the router is read before the session is loaded: a client that holds back the last byte
 * could otherwise act with a session that was ended in the meantime.
 */
export function sessionsForApp(
  sessions: RequestHandler,
  { trpcPath, trustProxy }: { trpcPath: string; trustProxy: TrustProxy },
): RequestHandler {
  const setTrust = trustProxyOf(trustProxy);
  const root = trpcPath.toLowerCase();
  const isCall = ({ baseUrl, path }: Request): boolean => (baseUrl + path).toLowerCase().startsWith(`${root}/`);
  return (req, res, next) => {
    setTrust(req);
    if (!isCall(req) || !hasBody(req)) return sessions(req, res, next);
    return readBody(req, res, () => void sessions(req, res, next));
  };
}
