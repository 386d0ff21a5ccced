import type { RequestHandler } from 'express';
import type { Settings } from '@gatehouse/settings';
import type { Logger } from './logger.ts';

/**
 * Says once that requests come as through a proxy while none is trusted: every visitor then has the proxy's address, in
 * lists of sessions and in limits on attempts. Whether there is a proxy only a request shows, so no start can say it;
 * and because anyone can write that header, nothing else follows from it.
 */
export function noteUntrustedProxy({ trustProxy }: Pick<Settings['server'], 'trustProxy'>, logger: Logger): RequestHandler {
  let isDue = trustProxy === false;
  return (req, _res, next) => {
    if (isDue && (req.headers['x-forwarded-for'] !== undefined || req.headers.forwarded !== undefined)) {
      isDue = false;
      logger.warn(
        { check: 'trust-proxy', fix: 'Set TRUST_PROXY=1 for one proxy in front, or its address. Is there none, leave it.' },
        'Requests come with X-Forwarded-For, as a proxy writes it, and TRUST_PROXY names no proxy: every visitor has its address.',
      );
    }
    next();
  };
}
