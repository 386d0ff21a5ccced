import type { RequestHandler } from 'express';
import type { Settings } from '@gatehouse/settings';
import type { Logger } from './logger.ts';

/**
 * Logs one warning if a request has a proxy's headers but no proxy is trusted. All visitors then share the proxy's address in
 * session lists and sign-in limits. Only a request shows that there is a proxy, so a check at start cannot find it. Any client
 * can send the header, so it has no other effect.
 */
export function noteUntrustedProxy({ trustProxy }: Pick<Settings['server'], 'trustProxy'>, logger: Logger): RequestHandler {
  let isDue = trustProxy === false;
  return (req, _res, next) => {
    if (isDue && (req.headers['x-forwarded-for'] !== undefined || req.headers.forwarded !== undefined)) {
      isDue = false;
      logger.warn(
        { check: 'trust-proxy', fix: 'Set TRUST_PROXY=1 for one proxy, or to its address. Without a proxy, ignore this warning.' },
        'Requests have proxy headers (X-Forwarded-For), but TRUST_PROXY is not set: all visitors are recorded with the address of the proxy.',
      );
    }
    next();
  };
}
